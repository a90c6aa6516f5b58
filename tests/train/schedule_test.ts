import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { type RunConfig, withSettings } from "lib/train/config.ts";
import {
  cosineRestarts,
  headRate,
  learningRate,
  oneCycle,
  plateauRate,
} from "lib/train/schedule.ts";
import { bestEpoch, type Measurements } from "lib/train/watch.ts";
import { tinyConfig } from "./tiny_run.ts";

const { oneCycle: twoPhases } = readJson<{ oneCycle: number[] }>("tests/fixtures/torch.json");
const EXPECTED = readJson<{
  oneCycle: { warmFraction: number; endDivisor: number; rates: number[] }[];
  cosineRestarts: { cycleSteps: number; cycleFactor: number; rates: number[] }[];
  plateau: {
    mode: "max" | "min";
    threshold: number;
    patience: number;
    cooldown: number;
    measured: number[];
    rates: number[];
  }[];
}>("tests/fixtures/training/training.json");
const CYCLE = { maxLearningRate: 2e-3, warmFraction: 0.3, startDivisor: 25, endDivisor: 1e4 };

/** Both compute in float64, in another order. */
function assertRates(expected: readonly number[], rate: (step: number) => number): void {
  assert.ok(expected.length > 0);
  expected.forEach((value, step) =>
    assert.ok(Math.abs(rate(step) - value) <= 1e-12 + 1e-9 * value, `step ${step}: ${rate(step)}`)
  );
}

Deno.test("one-cycle's learning rates are PyTorch's, in two phases and in three", () => {
  assertRates(twoPhases, (step) => oneCycle(step, 40, CYCLE));
  for (const { rates, ...own } of EXPECTED.oneCycle) {
    const cycle = { ...own, maxLearningRate: 5e-4, startDivisor: 10, threePhase: true };
    assertRates(rates, (step) => oneCycle(step, rates.length, cycle));
  }
});

Deno.test("one-cycle has a rate for every step, however few there are", () => {
  for (const steps of [1, 2, 3, 10]) {
    for (const threePhase of [false, true]) {
      for (let step = 0; step < steps; step++) {
        const rate = oneCycle(step, steps, { ...CYCLE, warmFraction: 0.1, threePhase });
        assert.ok(rate > 0 && rate <= CYCLE.maxLearningRate, `step ${step} of ${steps}: ${rate}`);
      }
    }
  }
});

Deno.test("cosine annealing with warm restarts is PyTorch's", () => {
  for (const { rates, ...own } of EXPECTED.cosineRestarts) {
    const cycles = { ...own, maxLearningRate: 2e-3, minLearningRate: 1e-5 };
    assertRates(rates, (step) => cosineRestarts(step, cycles));
  }
});

Deno.test("the rate falls on a plateau where PyTorch's does", () => {
  for (const { mode, threshold, patience, cooldown, measured, rates } of EXPECTED.plateau) {
    const plateau = {
      measure: "validation/macroF1",
      better: mode === "max" ? "higher" : "lower",
      leastGain: threshold,
      maxLearningRate: 1e-2,
      minLearningRate: 1e-4,
      factor: 0.3,
      patience,
      cooldown,
    } as const;
    assert.ok(new Set(rates).size > 2);
    assertRates(rates, (epoch) => plateauRate(measured.slice(0, epoch), plateau));
  }
});

Deno.test("the head's rate falls exponentially to where the schedule begins", () => {
  const rates = [0, 1, 2, 3, 4].map((step) => headRate(step, 5, { from: 1e-2, to: 8e-5 }));
  assert.equal(rates[0], 1e-2);
  assert.ok(Math.abs(rates[4] - 8e-5) < 1e-12);
  const ratios = rates.slice(1).map((rate, k) => rate / rates[k]);
  for (const ratio of ratios) assert.ok(Math.abs(ratio - ratios[0]) < 1e-12);
});

/** Five epochs of four steps, of the first of which the head alone is trained. */
const scheduled = (schedule: Record<string, unknown>): RunConfig =>
  withSettings(tinyConfig(), [
    "epochs=5",
    `schedule=${JSON.stringify({ maxLearningRate: 1e-3, warmLearningRate: 1e-2, ...schedule })}`,
  ]);

Deno.test("a run's rate: the head's falls to where each schedule begins, which counts from there", () => {
  const history = [0.5, 0.4, 0.4, 0.4].map((value) => ({ "validation/macroF1": value }));
  const rateOf = (config: RunConfig) => (step: number) =>
    learningRate(config, step, { perEpoch: 4, history: history.slice(0, Math.floor(step / 4)) });
  const cycle = { warmFraction: 0.3, startDivisor: 10, endDivisor: 1 };
  const cases = [
    [scheduled({ name: "one-cycle", ...cycle }), 1e-4],
    [scheduled({ name: "one-cycle-three-phase", ...cycle }), 1e-4],
    [scheduled({ name: "cosine-restarts", cycleEpochs: 2 }), 1e-3],
    [scheduled({ name: "plateau", measure: "validation/macroF1", patience: 0 }), 1e-3],
  ] as const;
  for (const [config, first] of cases) {
    const rate = rateOf(config);
    assert.equal(rate(0), 1e-2);
    for (const step of [3, 4]) {
      assert.ok(Math.abs(rate(step) - first) < 1e-15, config.schedule.name);
    }
  }
  // two epochs a cycle: the second one begins with the fourth epoch
  const [, , restarts, plateau] = cases.map(([config]) => rateOf(config));
  assert.ok(restarts(11) < 1e-4 && restarts(12) === 1e-3);
  // the first epoch after the head's has nothing to be better than; each later one gains nothing
  assert.deepEqual([8, 12, 16].map((step) => Math.round(plateau(step) * 1e7)), [1e4, 1e3, 1e2]);
});

Deno.test("what the study describes: up, down, and constant to the end", () => {
  // the original's numbers: 5e-5 up to 5e-4
  const cycle = { ...CYCLE, maxLearningRate: 5e-4, startDivisor: 10, threePhase: true };
  const rates = Array.from(
    { length: 100 },
    (_, step) => oneCycle(step, 100, { ...cycle, endDivisor: 1 }),
  );
  assert.equal(Math.max(...rates), rates[29]);
  assert.ok(Math.abs(rates[29] - 5e-4) < 1e-15);
  for (const rate of [rates[0], ...rates.slice(58)]) assert.ok(Math.abs(rate - 5e-5) < 1e-15);
});

Deno.test("a schedule that cannot be is refused, by name", () => {
  assert.throws(() => scheduled({ name: "plateau", patience: 1 }), /schedule\.measure/);
  assert.throws(() => scheduled({ name: "linear" }), /schedule\.name/);
  const cycle = { startDivisor: 10, endDivisor: 1, warmFraction: 0.6 };
  assert.throws(
    () => scheduled({ name: "one-cycle-three-phase", ...cycle }),
    /warmFraction \(0\.6\) must be at most 0\.5/,
  );
  const config = scheduled({ name: "plateau", measure: "validation/f1", patience: 0 });
  const history: Measurements[] = [{}, { "validation/macroF1": 0.3 }];
  assert.throws(
    () => learningRate(config, 8, { perEpoch: 4, history }),
    /"validation\/f1" is to be watched .* measured were validation\/macroF1/,
  );
});

Deno.test("the best epoch is that of the last gain; NaN is none", () => {
  const higher = { measure: "x", better: "higher", leastGain: 0.1 } as const;
  assert.equal(bestEpoch([], higher), undefined);
  assert.equal(bestEpoch([NaN], higher), undefined);
  assert.equal(bestEpoch([NaN, 0.2, 0.25, 0.31, NaN, 0.4], higher), 3);
  assert.equal(bestEpoch([0.5, 0.3, 0.3, 0.35], { ...higher, better: "lower", leastGain: 0 }), 1);
});
