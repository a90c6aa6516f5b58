import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { randomFrom } from "lib/core/random.ts";
import {
  atTemperature,
  crossScale,
  expectedCalibrationError,
  reliability,
  tuneTemperature,
} from "lib/evaluation/calibration.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";

interface Case {
  probabilities: number[];
  targets: number[];
  bins: number;
  share: number[];
  confidence: number[];
  temperature: number;
}

// tests/fixtures/evaluation/make_scores.py
const { calibration } = readJson<{ calibration: Case[] }>("tests/fixtures/evaluation/scores.json");
const close = (actual: number, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(actual - expected) < tolerance, `${actual}, expected ${expected}`);

for (const { probabilities, targets, bins, share, confidence, temperature } of calibration) {
  Deno.test(`reliability in ${bins} intervals is scikit-learn's`, () => {
    const found = reliability(probabilities, targets, { bins, labels: 1 });
    assert.equal(found.length, share.length);
    found.forEach((bin, k) => {
      close(bin.share, share[k]);
      close(bin.confidence, confidence[k]);
    });
    assert.equal(found.reduce((sum, { weight }) => sum + weight, 0), targets.length);
  });

  Deno.test(`the temperature has the least cross-entropy that SciPy finds, ${bins} intervals`, () => {
    // around its least value a function of doubles is flat: SciPy's search is that coarse
    close(tuneTemperature(probabilities, targets), temperature, 1e-6);
  });
}

Deno.test("the error of one probability is its distance from what is true, of several their mean", () => {
  const error = (probabilities: number[], targets: number[], weights?: number[]) =>
    expectedCalibrationError(reliability(probabilities, targets, { labels: 1, weights }));
  close(error([0.9, 0.9, 0.9, 0.9], [1, 1, 1, 0]), 0.15);
  close(error([0.75, 0.75, 0.75, 0.75], [1, 1, 1, 0]), 0);
  // three of four at 0.9 with all true, one at 0.3 with none
  close(error([0.9, 0.9, 0.9, 0.3], [1, 1, 1, 0]), 0.75 * 0.1 + 0.25 * 0.3);
  close(error([0.9, 0.3], [1, 0], [3, 1]), 0.75 * 0.1 + 0.25 * 0.3);
});

Deno.test("0 and 1 fall into the first and the last interval", () => {
  const bins = reliability([0, 1], [0, 1], { labels: 1, bins: 4 });
  assert.deepEqual(bins.map(({ confidence }) => confidence), [0, 1]);
});

Deno.test("a temperature of 2 where nine to one is said and three to one is true", () => {
  // the best logit is ln 3, half of ln 9; both sides alike, so that the slope is 0 at the same place
  const probabilities = [0.9, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1];
  close(tuneTemperature(probabilities, [1, 1, 1, 0, 0, 0, 0, 1]), 2);
  assert.deepEqual([...atTemperature([0.9, 0.1], 2)], [...Float32Array.of(0.75, 0.25)]);
  // nothing is ever wrong: colder without end
  close(tuneTemperature([0.9, 0.1], [1, 0]), 0.01);
});

Deno.test("each half is scaled by what the other told, and ranks as before", () => {
  const random = randomFrom("calibration"), rows = 200, width = INSTRUMENTS.length;
  const truth = Float64Array.from({ length: rows * width }, () => random.uniform());
  const targets = Uint8Array.from(truth, (p) => random.chance(p) ? 1 : 0);
  const sure = atTemperature(truth, 0.5);
  const half = (first: number) => Int32Array.from({ length: rows / 2 }, (_, k) => 2 * k + first);
  const halves: [Int32Array, Int32Array] = [half(0), half(1)];
  const { probabilities, temperatures } = crossScale(sure, targets, { halves });
  // twice as sure as true; over such draws of 1,100 probabilities the temperature's deviation is 0.13
  for (const temperature of temperatures) close(temperature, 2, 0.5);
  const ofRows = (side: Int32Array, values: ArrayLike<number>) =>
    [...side].flatMap((row) => Array.from(values).slice(row * width, (row + 1) * width));
  const own = tuneTemperature(ofRows(halves[1], sure), ofRows(halves[1], targets));
  assert.equal(temperatures[0], own);
  assert.deepEqual(
    ofRows(halves[0], probabilities),
    [...atTemperature(ofRows(halves[0], sure), own)],
  );
  const error = (values: ArrayLike<number>) =>
    expectedCalibrationError(reliability(values, targets));
  assert.ok(error(probabilities) < error(sure) / 2);
});

Deno.test("what does not belong together is refused", () => {
  assert.throws(() => reliability([0.5], [1, 0], { labels: 1 }), /1 values with 2 targets/);
  assert.throws(() => tuneTemperature([0.5], [1, 0]), /1 probabilities and 2 targets/);
  assert.throws(() => tuneTemperature([], []), /0 probabilities/);
});
