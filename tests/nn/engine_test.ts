import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import {
  attribute,
  binding,
  compile,
  fuse,
  runOperation,
  tf,
  update,
  Variable,
} from "lib/nn/engine/mod.ts";
import { askedThreads, type EngineOptions, sessionConfig } from "lib/nn/engine/session_config.ts";
import { relativeError } from "./wave.ts";

const values = (tensor: tf.Tensor) => Array.from(tensor.dataSync());

/** Functions that use every kind of node: lists, reductions, shapes, constants, gradients. */
const FUNCTIONS: Record<string, (x: tf.Tensor4D, w: tf.Tensor2D) => tf.Tensor> = {
  matMul: (x, w) => tf.matMul(x.reshape([-1, 6]), w),
  softmax: (x) => tf.softmax(x),
  convolution: (x, w) => tf.conv2d(x, w.reshape([1, 1, 6, 4]), 1, "same"),
  depthwise: (x) => tf.depthwiseConv2d(x, tf.ones([3, 3, 6, 1]), 1, "same"),
  concatenation: (x) => tf.concat([x, x.square(), x.mul(2)], 1),
  stack: (x) => tf.stack([x, x.neg()], 2),
  sumOfMany: (x) => tf.addN([x, x, x]),
  padAndSlice: (x) => tf.pad(x, [[0, 0], [1, 2], [0, 0], [0, 0]]).slice([0, 1, 0, 0], [1, 2, 3, 2]),
  gather: (x) => tf.gather(x, tf.tensor1d([2, 0], "int32"), 1),
  logSumExp: (x) => tf.logSumExp(x, [1, 2]),
  comparison: (x) => tf.where(x.greater(0), x, x.mul(0.1)),
  transposition: (x) => tf.transpose(x, [0, 3, 1, 2]),
  gradient: (x, w) =>
    tf.grad((v: tf.Tensor) => tf.matMul(v.reshape([-1, 6]), w).square().mean())(x),
};

for (const [name, fn] of Object.entries(FUNCTIONS)) {
  Deno.test(`${name}: compiled equals eager`, () => {
    const x = tf.randomNormal([2, 3, 5, 6]) as tf.Tensor4D;
    const w = tf.randomNormal([6, 4]) as tf.Tensor2D;
    const eager = fn(x, w), compiled = compile((x: tf.Tensor4D, w: tf.Tensor2D) => [fn(x, w)]);
    const [result] = compiled(x, w);
    assert.deepEqual(result.shape, eager.shape);
    // the same kernels, perhaps fused: float32 rounding only
    assert.ok(relativeError(values(result), values(eager)) < 1e-6);
    compiled.dispose();
  });
}

Deno.test("a function is traced once for every combination of shapes", () => {
  let runs = 0;
  const double = compile((x: tf.Tensor) => {
    runs++;
    return [x.mul(2)];
  });
  assert.deepEqual(values(double(tf.tensor1d([1, 2]))[0]), [2, 4]);
  assert.deepEqual(values(double(tf.tensor1d([3, 4]))[0]), [6, 8]);
  assert.deepEqual(values(double(tf.tensor1d([5]))[0]), [10]);
  assert.equal(runs, 2);
  assert.equal(double.traces, 2);
});

Deno.test("variables keep their value between calls, and reads and writes keep their order", () => {
  const counter = new Variable(tf.tensor1d([1, 2]), "counter");
  const advance = compile((by: tf.Tensor) => {
    const before = counter.read();
    counter.assign(before.add(by));
    const between = counter.read();
    counter.assign(between.mul(10));
    return [before, between, counter.read()];
  });
  assert.deepEqual(advance(tf.scalar(1)).map(values), [[1, 2], [2, 3], [20, 30]]);
  assert.deepEqual(advance(tf.scalar(0)).map(values), [[20, 30], [20, 30], [200, 300]]);
  assert.deepEqual(values(counter.read()), [200, 300]);
});

Deno.test("an update whose result nobody reads is still made", () => {
  const total = new Variable(tf.scalar(0), "total");
  const add = compile((x: tf.Tensor) => {
    update("AssignAddVariableOp", [total], [x], [attribute.type("dtype", "float32")]);
    return [x];
  });
  for (const x of [1, 2, 3]) add(tf.scalar(x));
  assert.deepEqual(values(total.read()), [6]);
});

Deno.test("a variable refuses a value of another shape", () => {
  const variable = new Variable(tf.zeros([2]), "weights");
  assert.throws(() => variable.assign(tf.zeros([3])), /weights has shape \[2\].*\[3\]/);
});

Deno.test("reading a value while a function is compiled says what to do", () => {
  const wrong = compile((x: tf.Tensor) => {
    if (x.dataSync()[0] > 0) return [x];
    return [x.neg()];
  });
  assert.throws(
    () => wrong(tf.scalar(1)),
    /is read at .*engine_test\.ts:\d+ while.*return the tensor/,
  );
  // the engine is not left in the middle of a trace
  assert.deepEqual(values(tf.scalar(1).add(1)), [2]);
});

Deno.test("a shape that depends on values says so", () => {
  const attributes = [attribute.type("T", "float32")];
  const wrong = compile((x: tf.Tensor) => runOperation("Where", [x], { attributes }));
  assert.throws(
    () => wrong(tf.tensor1d([0, 1])),
    /Where at .*shape that depends on values.*known shapes/,
  );
});

Deno.test("a tensor that escapes from a compiled function says so when it is used", () => {
  let escaped: tf.Tensor | undefined;
  compile((x: tf.Tensor) => {
    escaped = tf.keep(x.add(1));
    return [x.mul(2)];
  })(tf.scalar(1));
  assert.throws(() => escaped!.add(1), /used outside of it; return it/);
  assert.throws(() => escaped!.dataSync(), /return the tensor/);
});

Deno.test("a compiled function inside another one says so, traced before or not", () => {
  const inner = compile((x: tf.Tensor) => [x.mul(2)], { name: "inner" });
  const outer = compile((x: tf.Tensor) => inner(x));
  assert.throws(() => outer(tf.scalar(1)), /inner is called while another function is compiled/);
  assert.deepEqual(values(inner(tf.scalar(1))[0]), [2]);
  assert.throws(() => outer(tf.scalar(1)), /inner is called while another function is compiled/);
});

Deno.test("a fused chain inside a compiled function computes what it computes eagerly", () => {
  const chain = fuse(
    (x: tf.Tensor, y: tf.Tensor) => [x.mul(y).tanh().add(1).log(), x.sub(y).exp()],
    { name: "chain" },
  );
  const compiled = compile((x: tf.Tensor, y: tf.Tensor) => {
    const [a, b] = chain(x, y);
    return [...chain(b, a), a];
  });
  const x = tf.randomUniform([7, 5]), y = tf.randomUniform([7, 5]);
  const [a, b] = chain(x, y);
  const expected = [...chain(b, a), a];
  // XLA's polynomials for exp, log and tanh against Eigen's
  compiled(x, y).forEach((result, k) => {
    assert.deepEqual(result.shape, [7, 5]);
    assert.ok(relativeError(values(result), values(expected[k])) < 1e-5);
  });
});

Deno.test("a failing operation is named with its shapes and our line", () => {
  const a = tf.ones([2, 3]), attributes = [attribute.type("T", "float32")];
  assert.throws(
    () => runOperation("MatMul", [a, a], { attributes }),
    /MatMul of \[2,3\], \[2,3\] failed at .*engine_test\.ts:\d+: /,
  );
});

Deno.test("a failure inside a compiled function is named with its shapes and our line", () => {
  const attributes = [attribute.type("T", "float32"), attribute.string("message", "not finite")];
  const check = compile(
    (x: tf.Tensor) => runOperation("CheckNumerics", [x.log()], { attributes }),
    { name: "logarithm" },
  );
  assert.deepEqual(values(check(tf.tensor1d([1]))[0]), [0]);
  assert.throws(
    () => check(tf.tensor1d([0])),
    /logarithm: CheckNumerics of \[1\] failed at .*engine_test\.ts:\d+: [^]*not finite/,
  );
});

Deno.test("a failure in the background is named like one in the foreground", async () => {
  const attributes = [attribute.type("T", "float32"), attribute.string("message", "not finite")];
  const check = compile(
    (x: tf.Tensor2D) => runOperation("CheckNumerics", [x.sqrt()], { attributes }),
    { name: "root" },
  );
  await assert.rejects(
    check.inBackground(tf.tensor2d([[4, -1]])),
    /root: CheckNumerics of \[1,2\] failed at .*engine_test\.ts:\d+: [^]*not finite/,
  );
  const [four] = await check.inBackground(tf.tensor2d([[16, 1]]));
  assert.deepEqual(values(four), [4, 1]);
});

Deno.test("an operation that cannot be recorded is named with its shapes and our line", () => {
  const attributes = [attribute.type("T", "float32")];
  const wrong = compile((x: tf.Tensor) => runOperation("MatMul", [x, x], { attributes }));
  assert.throws(
    () => wrong(tf.ones([2, 3])),
    /MatMul of \[2,3\], \[2,3\] cannot be compiled at .*engine_test\.ts:\d+: .*must be equal/,
  );
  assert.deepEqual(values(wrong(tf.ones([2, 2]))[0]), [2, 2, 2, 2]);
});

Deno.test("JavaScript goes on while a compiled function runs", async () => {
  const heavy = compile((x: tf.Tensor2D) => {
    let y = x;
    for (let k = 0; k < 30; k++) y = tf.matMul(y, x).div(100);
    return [y];
  });
  const x = tf.randomNormal([1000, 1000]) as tf.Tensor2D;
  heavy(x)[0].dataSync();
  let ticks = 0, done = false;
  const running = heavy.inBackground(x).then(([y]) => {
    done = true;
    return y;
  });
  while (!done) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    ticks++;
  }
  assert.ok(ticks > 5, `${ticks} ticks`);
  const [again] = heavy(x);
  assert.deepEqual(values(await running), values(again));
});

Deno.test("no tensor is left behind by calls", () => {
  const f = compile((x: tf.Tensor) => [x.square().sum()]);
  const x = tf.ones([10]);
  f(x)[0].dispose();
  const before = [tf.memory().numTensors, binding!.getNumOfTensors()];
  for (let k = 0; k < 10; k++) f(x)[0].dispose();
  assert.deepEqual([tf.memory().numTensors, binding!.getNumOfTensors()], before);
});

Deno.test("threads are checked", () => {
  assert.throws(() => sessionConfig({ intraOpThreads: -1 }), RangeError);
  Deno.env.set("LUMEN_THREADS", "many");
  assert.throws(askedThreads, /LUMEN_THREADS must be a number of threads from 0 .*, not "many"/);
  Deno.env.delete("LUMEN_THREADS");
});

Deno.test("settings of the engine are the bytes that TensorFlow makes of them", () => {
  const cases = readJson<{ options: EngineOptions; bytes: number[] }[]>(
    "tests/fixtures/nn/session_config/configs.json",
  );
  for (const { options, bytes } of cases) assert.deepEqual([...sessionConfig(options)], bytes);
});
