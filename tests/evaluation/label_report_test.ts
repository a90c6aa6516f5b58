import assert from "node:assert/strict";
import { type Random, randomFrom } from "lib/core/random.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { difference } from "lib/evaluation/difference.ts";
import { influenceOnMean, linearInterval, SharedGroups } from "lib/evaluation/influence.ts";
import { reportMixtures, reportMultiLabel } from "lib/evaluation/label_report.ts";

const labels = INSTRUMENTS.length;

/**
 * Mixtures of two of 60 recordings each: all their labels are decided rightly or none is, with a chance that is even on the
 * whole and that both recordings raise or lower.
 */
function mixtures(random: Random) {
  const ease = Array.from({ length: 60 }, () => random.uniform(-1, 1)), rows = 120;
  const groups = Array.from({ length: rows }, () => random.sample([...ease.keys()], 2));
  const right = groups.map(([a, b]) => random.uniform() < 0.5 + 0.24 * (ease[a] + ease[b]));
  const targets = Uint8Array.from({ length: rows * labels }, () => random.integer(0, 2));
  const decisions = targets.map((target, k) => right[Math.floor(k / labels)] ? target : 1 - target);
  return { targets, decisions, groups };
}

Deno.test("intervals on mixtures hold the truth about as often as they say", () => {
  const trials = 400, held = { hamming: 0, exactMatch: 0 };
  for (let trial = 0; trial < trials; trial++) {
    const { targets, decisions, groups } = mixtures(randomFrom("mixtures", "coverage", trial));
    const options = { decisions, thresholds: [0.5], groups };
    const report = reportMixtures(Float32Array.from(decisions), targets, options);
    for (const name of ["hamming", "exactMatch"] as const) {
      const { low, high } = report[name];
      if (low <= 0.5 && 0.5 <= high) held[name] += 1 / trials;
    }
  }
  // three standard errors of 400 trials are 0.033; intervals 1.7 times as long hold 0.999
  for (const share of Object.values(held)) assert.ok(share > 0.917 && share < 0.983, `${share}`);
});

Deno.test("a report on mixtures has the values of any other, and its intervals end at 0 and 1", () => {
  const { targets, decisions, groups } = mixtures(randomFrom("mixtures", "values"));
  const scores = Float32Array.from(decisions, (decision) => 0.2 + 0.6 * decision);
  const options = { decisions, thresholds: [0.5] };
  const own = reportMixtures(scores, targets, { ...options, groups });
  const other = reportMultiLabel(scores, targets, {
    ...options,
    groups: groups.map(([first]) => first),
    random: randomFrom("mixtures", "resampled"),
    samples: 2,
  });
  const names = ["macroF1", "microF1", "hamming", "rankingAveragePrecision", "exactMatch"] as const;
  for (const name of names) {
    assert.ok(Math.abs(own[name].value - other[name].value) < 1e-12, name);
    assert.ok(own[name].low < own[name].value && own[name].value < own[name].high, name);
  }
  assert.deepEqual(own.perInstrument, other.perInstrument);
  const faultless = reportMixtures(scores, decisions, { ...options, groups });
  for (const name of names) {
    // all right, but for what a row without any label counts in the ranking
    assert.equal(faultless[name].high, 1, name);
  }
  assert.equal(faultless.exactMatch.low, 1);
});

Deno.test("the interval of a mean is that of its difference from what does not vary", () => {
  const random = randomFrom("mixtures", "difference");
  const groups = Array.from({ length: 80 }, () => random.sample([...Array(30).keys()], 3));
  const shared = new SharedGroups(groups), values = groups.map(() => random.normal(2));
  const interval = linearInterval(influenceOnMean(values), { shared, level: 0.9 });
  const still = { value: 0, byRow: new Float64Array(80) };
  const { value, low, high, level } = difference([[influenceOnMean(values)], [still]], {
    shared,
    level: 0.9,
  });
  assert.deepEqual(interval, { value, low, high, level, groups: shared.count });
});
