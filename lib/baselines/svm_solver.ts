/**
 * Sequential minimal optimisation of a support vector machine's dual problem, in WebAssembly SIMD.
 *
 * The pair to change is chosen by second-order information (Fan, Chen and Lin, "Working Set Selection Using Second Order
 * Information for Training SVM", 2005), rows at their bounds that cannot be chosen for long are left out (Joachims,
 * "Making Large-Scale SVM Learning Practical", 1999), both as LIBSVM does; here the kernel matrix is kept whole, and
 * that of the rows that are left is a matrix of its own.
 */
import {
  bits,
  type Code,
  compileModule,
  f64,
  f64x2,
  type FunctionBuilder,
  Heap,
  i32,
  type Local,
} from "../core/wasm.ts";

/** Bytes of numbers, and of two. */
const SINGLE = 4, DOUBLE = 8, PAIR = 16;

/** A curvature that is none, as LIBSVM replaces it. */
const LEAST_CURVATURE = 1e-12;

/** Places of the kernels' arguments and answers, in doubles; an answer has two lanes. */
const SLOT = {
  step: 0,
  highest: 1,
  curvature: 2,
  up: 4,
  upAt: 6,
  low: 8,
  lowAt: 10,
  gain: 12,
  gainAt: 14,
};
const SLOTS = 16;

/** The larger of two candidates in each lane, and where it is. */
function keepLarger(value: Local, best: Local, at: Local, bestAt: Local): Code[] {
  const larger = f64x2.greater(value.get, best.get);
  return [
    bestAt.set(bits.select(at.get, bestAt.get, larger)),
    best.set(f64x2.larger(best.get, value.get)),
  ];
}

/** Writes answers to their places. */
function answer(
  f: FunctionBuilder,
  slots: Local,
  values: Partial<Record<keyof typeof SLOT, Local>>,
) {
  for (const [name, value] of Object.entries(values)) {
    f.run(f64x2.store(slots.get, value.get, SLOT[name as keyof typeof SLOT] * DOUBLE));
  }
}

const instantiate = compileModule({
  /**
   * drive -= step (row i - row j); then the largest drive of the rows that can go up, the smallest of those that can go
   * down, and where they are, for each lane. `up` and `low` are 0 for those that can, else -Infinity.
   */
  update: {
    parameters: 7,
    build(f) {
      const [rowI, rowJ, drive, up, low, end, slots] = [0, 1, 2, 3, 4, 5, 6].map((k) =>
        f.parameter(k)
      );
      const step = f.let("v128", f64x2.loadSplat(slots.get, SLOT.step * DOUBLE));
      const none = f64x2.const(-Infinity), two = f64x2.const(2);
      const best = f.let("v128", none), bestAt = f.let("v128", f64x2.const(0));
      const least = f.let("v128", none), leastAt = f.let("v128", f64x2.const(0));
      const at = f.let("v128", f64x2.of(f64.const(0), f64.const(1)));
      const value = f.local("v128"), candidate = f.local("v128");
      f.loop(drive, { below: end.get, step: i32.const(PAIR) }, () => {
        const change = f64x2.sub(f64x2.loadSingles(rowI.get), f64x2.loadSingles(rowJ.get));
        f.run(value.set(f64x2.sub(f64x2.load(drive.get), f64x2.mul(step.get, change))));
        f.run(f64x2.store(drive.get, value.get));
        f.run(candidate.set(f64x2.add(value.get, f64x2.load(up.get))));
        f.run(...keepLarger(candidate, best, at, bestAt));
        f.run(candidate.set(f64x2.sub(f64x2.load(low.get), value.get)));
        f.run(...keepLarger(candidate, least, at, leastAt));
        f.run(at.set(f64x2.add(at.get, two)));
        for (const row of [rowI, rowJ]) f.run(row.set(i32.add(row.get, i32.const(2 * SINGLE))));
        for (const mask of [up, low]) f.run(mask.set(i32.add(mask.get, i32.const(PAIR))));
      });
      answer(f, slots, { up: best, upAt: bestAt, low: least, lowAt: leastAt });
    },
  },
  /** Of the rows that can go down from below `highest`, the one that together with row i lowers the objective most. */
  partner: {
    parameters: 6,
    build(f) {
      const [rowI, diagonal, drive, low, end, slots] = [0, 1, 2, 3, 4, 5].map((k) =>
        f.parameter(k)
      );
      const highest = f.let("v128", f64x2.loadSplat(slots.get, SLOT.highest * DOUBLE));
      const own = f.let("v128", f64x2.loadSplat(slots.get, SLOT.curvature * DOUBLE));
      const best = f.let("v128", f64x2.const(0)), bestAt = f.let("v128", f64x2.const(-1));
      const at = f.let("v128", f64x2.of(f64.const(0), f64.const(1)));
      const gap = f.local("v128"), curvature = f.local("v128"), gain = f.local("v128");
      f.loop(drive, { below: end.get, step: i32.const(PAIR) }, () => {
        const distance = f64x2.sub(highest.get, f64x2.load(drive.get));
        f.run(gap.set(f64x2.larger(f64x2.add(distance, f64x2.load(low.get)), f64x2.const(0))));
        const twice = f64x2.mul(f64x2.const(2), f64x2.loadSingles(rowI.get));
        const sum = f64x2.add(own.get, f64x2.load(diagonal.get));
        f.run(curvature.set(f64x2.larger(f64x2.sub(sum, twice), f64x2.const(LEAST_CURVATURE))));
        f.run(gain.set(f64x2.div(f64x2.mul(gap.get, gap.get), curvature.get)));
        f.run(...keepLarger(gain, best, at, bestAt));
        f.run(at.set(f64x2.add(at.get, f64x2.const(2))));
        f.run(rowI.set(i32.add(rowI.get, i32.const(2 * SINGLE))));
        for (const array of [diagonal, low]) f.run(array.set(i32.add(array.get, i32.const(PAIR))));
      });
      answer(f, slots, { gain: best, gainAt: bestAt });
    },
  },
});

/** What a solver is asked to do. */
export interface DualOptions {
  /** Weight of the margin's violations: the largest alpha. */
  C: number;
  /** Largest violation of the optimality conditions at the end. */
  tolerance: number;
}

/** The solution of a dual problem. */
export interface DualSolution {
  /** One for each member, 0 to C. */
  alpha: Float64Array;
  /** The decision of a row is the sum of sign x alpha x kernel over the members, and this. */
  intercept: number;
  iterations: number;
}

/** A problem being solved: members of the matrix, and for each its sign, alpha, and -sign x the dual's gradient. */
interface Problem {
  members: Int32Array;
  signs: Int8Array;
  alpha: Float64Array;
  drive: Float64Array;
  C: number;
  tolerance: number;
}

/** Rows at work shrink to at most this share before they get a matrix of their own. */
const WORTH = 0.8;

/** Iterations after which it is looked for rows to leave out; so many as rows at work at least, since it costs as much. */
const SHRINK_AFTER = 1000;

/** Solves problems on subsets of the rows of one kernel matrix, which it keeps in single precision. */
export class DualSolver {
  readonly #rows: number;
  readonly #heap = new Heap();
  readonly #run = instantiate(this.#heap.memory);
  readonly #matrix: number;
  readonly #drive: number;
  readonly #up: number;
  readonly #low: number;
  readonly #diagonal: number;
  readonly #slots: number;
  /** The matrix of the rows at work. */
  #part: { at: number; room: number; holds: Int32Array } = {
    at: 0,
    room: 0,
    holds: Int32Array.of(),
  };

  /**
   * @param rows number of rows of the matrix
   * @param fill writes the first `row + 1` values of a row
   */
  constructor(rows: number, fill: (row: number, into: Float32Array) => void) {
    this.#rows = rows;
    this.#matrix = this.#heap.take(rows * rows * SINGLE + PAIR);
    const array = () => this.#heap.take((rows + 1) * DOUBLE);
    [this.#drive, this.#up, this.#low, this.#diagonal] = [array(), array(), array(), array()];
    this.#slots = this.#heap.take(SLOTS * DOUBLE);
    const matrix = this.#heap.singles(this.#matrix, rows * rows);
    for (let row = 0; row < rows; row++) {
      fill(row, matrix.subarray(row * rows, row * rows + row + 1));
    }
    mirror(matrix, rows);
  }

  /**
   * Finds the machine that parts members of two kinds.
   *
   * @param members rows of the matrix
   * @param signs +1 or -1, one for each member
   */
  solve(members: Int32Array, signs: Int8Array, { C, tolerance }: DualOptions): DualSolution {
    const alpha = new Float64Array(members.length), drive = Float64Array.from(signs);
    const problem: Problem = { members, signs, alpha, drive, C, tolerance };
    const all = Int32Array.from(members.keys());
    let active: Int32Array = all, iterations = 0;
    for (;;) {
      const { converged, count } = this.#work(problem, active);
      iterations += count;
      const whole = active.length === all.length;
      if (converged && whole) break;
      if (converged) {
        this.#recompute(problem, active);
        active = all;
        const { highest, lowest } = extremes(problem, all);
        if (highest - lowest <= tolerance) break;
      }
      active = shrunk(problem, active);
    }
    return { alpha, intercept: interceptOf(problem), iterations };
  }

  /** Works on some members until they are at their optimum, or it is time to look for some to leave out. */
  #work(problem: Problem, active: Int32Array): { converged: boolean; count: number } {
    const { signs, alpha, C, tolerance } = problem, n = active.length;
    const { matrix, drive, up, low, diagonal } = this.#load(problem, active);
    const slots = this.#heap.view(this.#slots, SLOTS), values = this.#heap.singles(matrix, n * n);
    const rowAt = (k: number) => matrix + k * n * SINGLE;
    const end = this.#drive + (n + n % 2) * DOUBLE;
    /** The lane of an answer that is larger: its value and its row. */
    const take = (value: number, at: number): [number, number] =>
      slots[value] >= slots[value + 1]
        ? [slots[value], slots[at]]
        : [slots[value + 1], slots[at + 1]];
    const update = (i: number, j: number, step: number) => {
      slots[SLOT.step] = step;
      this.#run.update(rowAt(i), rowAt(j), this.#drive, this.#up, this.#low, end, this.#slots);
    };
    const most = Math.max(SHRINK_AFTER, n);
    let count = 0, converged = false;
    for (update(0, 0, 0); count < most; count++) {
      const [highest, i] = take(SLOT.up, SLOT.upAt), [opposite] = take(SLOT.low, SLOT.lowAt);
      converged = !(highest + opposite > tolerance);
      if (converged) break;
      slots[SLOT.highest] = highest;
      slots[SLOT.curvature] = diagonal[i];
      this.#run.partner(rowAt(i), this.#diagonal, this.#drive, this.#low, end, this.#slots);
      const [, j] = take(SLOT.gain, SLOT.gainAt);
      const own = diagonal[i] + diagonal[j] - 2 * values[i * n + j];
      const [a, b] = [active[i], active[j]];
      const step = Math.min(
        (highest - drive[j]) / Math.max(own, LEAST_CURVATURE),
        signs[a] > 0 ? C - alpha[a] : alpha[a],
        signs[b] > 0 ? alpha[b] : C - alpha[b],
      );
      alpha[a] = bounded(alpha[a] + signs[a] * step, C);
      alpha[b] = bounded(alpha[b] - signs[b] * step, C);
      [up[i], low[i]] = bars(signs[a], alpha[a], C);
      [up[j], low[j]] = bars(signs[b], alpha[b], C);
      update(i, j, step);
    }
    for (let k = 0; k < n; k++) problem.drive[active[k]] = drive[k];
    return { converged, count };
  }

  /** Brings the state of the active members into the kernels' memory, and their matrix where it is not there. */
  #load({ members, signs, alpha, drive, C }: Problem, active: Int32Array) {
    const n = active.length, rows = this.#rows, padded = n + n % 2;
    const places = Int32Array.from(active, (k) => members[k]);
    const matrix = this.#matrixOf(places);
    const [driveOf, up, low, diagonal] = [this.#drive, this.#up, this.#low, this.#diagonal]
      .map((at) => this.#heap.view(at, padded));
    const all = this.#heap.singles(this.#matrix, rows * rows);
    for (let at = 0; at < n; at++) {
      const k = active[at];
      driveOf[at] = drive[k];
      diagonal[at] = all[places[at] * (rows + 1)];
      [up[at], low[at]] = bars(signs[k], alpha[k], C);
    }
    if (n < padded) [driveOf[n], up[n], low[n], diagonal[n]] = [0, -Infinity, -Infinity, 1];
    return { matrix, drive: driveOf, up, low, diagonal };
  }

  /** Where the kernel values among some rows lie. */
  #matrixOf(places: Int32Array): number {
    const n = places.length, rows = this.#rows;
    if (n === rows && places.every((place, k) => place === k)) return this.#matrix;
    const { at, room, holds } = this.#part;
    if (holds.length === n && holds.every((place, k) => place === places[k])) return at;
    if (room < n * n) {
      this.#part = { at: this.#heap.take(n * n * SINGLE + PAIR), room: n * n, holds };
    }
    this.#part.holds = places;
    const all = this.#heap.singles(this.#matrix, rows * rows);
    const part = this.#heap.singles(this.#part.at, n * n);
    for (let i = 0, to = 0; i < n; i++) {
      const from = places[i] * rows;
      for (let j = 0; j < n; j++) part[to++] = all[from + places[j]];
    }
    return this.#part.at;
  }

  /** The drives of the members that were left out. */
  #recompute({ members, signs, alpha, drive }: Problem, active: Int32Array): void {
    const rows = this.#rows, all = this.#heap.singles(this.#matrix, rows * rows);
    const kept = new Uint8Array(members.length);
    for (const k of active) kept[k] = 1;
    const out = [...members.keys()].filter((k) => !kept[k]);
    for (const k of out) drive[k] = signs[k];
    for (let j = 0; j < members.length; j++) {
      if (alpha[j] === 0) continue;
      const weight = alpha[j] * signs[j], from = members[j] * rows;
      for (const k of out) drive[k] -= weight * all[from + members[k]];
    }
  }
}

/** Copies what is below the diagonal to above it, block by block for the cache's sake. */
function mirror(matrix: Float32Array, rows: number): void {
  const block = 64;
  for (let top = 0; top < rows; top += block) {
    for (let left = 0; left <= top; left += block) {
      for (let i = top; i < Math.min(top + block, rows); i++) {
        for (let j = left; j < Math.min(left + block, i); j++) {
          matrix[j * rows + i] = matrix[i * rows + j];
        }
      }
    }
  }
}

/** Rounding must not leave a coefficient a hair inside its bounds. */
function bounded(x: number, C: number): number {
  if (x < 1e-12 * C) return 0;
  return x > C * (1 - 1e-12) ? C : x;
}

/** 0 for a row that can go up, and for one that can go down; else what no other number is smaller than. */
function bars(sign: number, alpha: number, C: number): [up: number, low: number] {
  const canRise = alpha < C ? 0 : -Infinity, canFall = alpha > 0 ? 0 : -Infinity;
  return sign > 0 ? [canRise, canFall] : [canFall, canRise];
}

/** The largest drive of the members that can go up, and the smallest of those that can go down. */
function extremes({ signs, alpha, drive, C }: Problem, active: Int32Array) {
  let highest = -Infinity, lowest = Infinity;
  for (const k of active) {
    const [up, low] = bars(signs[k], alpha[k], C);
    highest = Math.max(highest, drive[k] + up);
    lowest = Math.min(lowest, drive[k] - low);
  }
  return { highest, lowest };
}

/** The active members without those at a bound that no pair would move; the same where they are too few to matter. */
function shrunk(problem: Problem, active: Int32Array): Int32Array {
  const { signs, alpha, drive, C } = problem, { highest, lowest } = extremes(problem, active);
  const kept = active.filter((k) => {
    const [up, low] = bars(signs[k], alpha[k], C);
    return low === 0 ? up === 0 || drive[k] <= highest : drive[k] >= lowest;
  });
  return kept.length <= WORTH * active.length ? kept : active;
}

/** The mean drive of the members inside their bounds, which are on the margin; else the middle of what is possible. */
function interceptOf(problem: Problem): number {
  const { alpha, drive, C } = problem;
  const free = [...alpha.keys()].filter((k) => alpha[k] > 0 && alpha[k] < C);
  if (free.length > 0) return free.reduce((sum, k) => sum + drive[k], 0) / free.length;
  const { highest, lowest } = extremes(problem, Int32Array.from(alpha.keys()));
  return (highest + lowest) / 2;
}
