import assert from "node:assert/strict";
import {
  bits,
  compileModule,
  f32x4,
  f64,
  f64x2,
  type FunctionBuilder,
  Heap,
  i32,
  i64,
} from "lib/core/wasm.ts";

/** Runs a function of one integer that is the address of its result. */
function run(build: (f: FunctionBuilder) => void, argument = 0): { heap: Heap; at: number } {
  const heap = new Heap(), at = heap.take(80);
  compileModule({ f: { parameters: 2, build } })(heap.memory).f(at, argument);
  return { heap, at };
}

Deno.test("integers of every length come out as they went in", () => {
  // each side of where LEB128 grows by a byte, and of its sign bit
  const values = [0, 1, 63, 64, 127, 128, 8191, 8192, 1 << 20, 2 ** 31 - 1];
  for (const value of values.flatMap((v) => [v, -v, -v - 1])) {
    const { heap, at } = run((f) => {
      const [to, left] = [f.parameter(0), f.parameter(1)];
      // the argument less the constant is the address offset: 8, when the constant is right
      f.run(f64.store(i32.add(to.get, i32.sub(left.get, i32.const(value))), f64.const(1)));
    }, value + 8 | 0);
    assert.deepEqual([...heap.view(at, 3)], [0, 1, 0], `${value}`);
  }
});

Deno.test("a loop runs as often as its counter says, also not at all", () => {
  const count = (times: number) => {
    const { heap, at } = run((f) => {
      const [to, limit] = [f.parameter(0), f.parameter(1)];
      const k = f.let("i32", i32.const(0));
      f.loop(k, { below: limit.get, step: i32.const(2) }, () => {
        f.run(f64.store(to.get, f64.add(f64.load(to.get), f64.const(1))));
      });
    }, times);
    return heap.view(at, 1)[0];
  };
  assert.deepEqual([-3, 0, 1, 2, 3, 1000].map(count), [0, 0, 1, 1, 2, 500]);
});

Deno.test("pairs of doubles: lanes keep apart", () => {
  const { heap, at } = run((f) => {
    const to = f.parameter(0);
    const a = f64x2.of(f64.const(3), f64.const(-5)), b = f64x2.const(0.5);
    const values = [
      f64x2.add(a, b),
      f64x2.sub(a, b),
      f64x2.mul(a, b),
      f64x2.splat(f64x2.lane(f64x2.neg(a), 1)),
      f64x2.sqrt(f64x2.mul(f64x2.mul(a, a), f64x2.mul(b, b))),
    ];
    values.forEach((value, k) => f.run(f64x2.store(to.get, value, 16 * k)));
  });
  assert.deepEqual([...heap.view(at, 10)], [3.5, -4.5, 2.5, -5.5, 1.5, -2.5, 5, 5, 1.5, 2.5]);
});

Deno.test("integers of 64 bits: products that 32 do not hold, and their signs", () => {
  const heap = new Heap(), at = heap.take(16), view = new Int32Array(heap.memory.buffer, at, 4);
  view.set([-123_456_789, 987_654_321]);
  compileModule({
    f: {
      parameters: 2,
      build(f: FunctionBuilder) {
        const [to, shift] = [f.parameter(0), f.parameter(1)];
        const product = i64.mul(i64.load32(to.get), i64.load32(to.get, 4));
        const shifted = i64.shiftRight(product, i64.extend(shift.get));
        f.run(
          i64.store32(to.get, shifted, 8),
          i64.store32(to.get, i64.add(product, i64.const(-7)), 12),
        );
      },
    },
  })(heap.memory).f(at, 30);
  const product = -123_456_789n * 987_654_321n;
  assert.deepEqual([...view.subarray(2)], [
    Number(product >> 30n),
    Number(BigInt.asIntN(32, product - 7n)),
  ]);
});

Deno.test("fours of singles: arithmetic, and lanes to and from memory", () => {
  const heap = new Heap(), at = heap.put(new Float32Array(32));
  heap.singles(at, 8).set([1, 2, 3, 4, 0.5, -0.5, 8, 0]);
  compileModule({
    f: {
      parameters: 1,
      build(f: FunctionBuilder) {
        const to = f.parameter(0), a = f32x4.load(to.get), b = f32x4.load(to.get, 16);
        f.run(
          f32x4.store(to.get, f32x4.add(a, f32x4.neg(b)), 32),
          f32x4.store(to.get, f32x4.sub(f32x4.mul(a, b), f32x4.const(1)), 48),
          f32x4.store(to.get, f32x4.loadLane(to.get, f32x4.loadSplat(to.get, 12), 2), 64),
          f32x4.storeLane(i32.add(to.get, i32.const(80)), b, 1),
        );
      },
    },
  })(heap.memory).f(at);
  assert.deepEqual([...heap.singles(at, 22)].slice(8), [
    ...[0.5, 2.5, -5, 4],
    ...[-0.5, -2, 23, -1],
    ...[4, 4, 1, 4],
    ...[-0.5, 0],
  ]);
});

Deno.test("fours of singles: lanes are compared, chosen, and ordered, each by itself", () => {
  const heap = new Heap(), at = heap.take(16 * 6);
  const view = new Float32Array(heap.memory.buffer, at, 24);
  view.set([1, 5, -2, Infinity, 4, 3, -2, 7]);
  compileModule({
    f: {
      parameters: 1,
      build(f: FunctionBuilder) {
        const to = f.parameter(0), a = f32x4.load(to.get), b = f32x4.load(to.get, 16);
        const results = [
          f32x4.min(a, b),
          f32x4.max(a, b),
          bits.select(a, b, f32x4.less(a, b)),
          bits.select(a, b, f32x4.less(b, a)),
        ];
        results.forEach((value, k) => f.run(f32x4.store(to.get, value, 32 + 16 * k)));
      },
    },
  })(heap.memory).f(at);
  const [min, max] = [[1, 3, -2, 7], [4, 5, -2, Infinity]];
  assert.deepEqual([...view.subarray(8)], [...min, ...max, ...min, ...max]);
});

Deno.test("a heap grows, and keeps what it holds", () => {
  const heap = new Heap(), at = heap.put(Float64Array.of(1, 2, 3));
  assert.equal(heap.take(1), 32); // pieces begin at multiples of 16
  const large = heap.put(new Float64Array(100_000).fill(7));
  assert.deepEqual([...heap.view(at, 3)], [1, 2, 3]);
  assert.equal(heap.view(large, 100_000)[99_999], 7);
});
