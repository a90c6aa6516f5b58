import assert from "node:assert/strict";
import {
  drawBeta,
  drawEffects,
  exponentialCount,
  type MelEffect,
  type WaveEffect,
} from "lib/augment/draw.ts";
import { PartnerPool } from "lib/augment/partners.ts";
import { framesAfter, parseMelSteps, parseWaveSteps } from "lib/augment/steps.ts";
import { randomFrom } from "lib/core/random.ts";

const partners = new PartnerPool(
  Array.from({ length: 110 }, (_, k) => ({
    labels: Uint8Array.from({ length: 11 }, (_, l) => l === k % 11 ? 1 : 0),
  })),
);
const options = (...key: (string | number)[]) => ({
  random: randomFrom(...key),
  clip: 5,
  partners,
  noises: 7,
});

/** Everything that may be done, as it is done when nothing is said. */
const WAVE_KINDS = [
  "sum",
  "exponential-sum",
  "concat",
  "blend",
  "time-shift",
  "time-mask",
  "background-noise",
  "time-stretch",
  "pitch-shift",
  "reverse",
  "colored-noise",
];
const MEL_KINDS = [
  "sum",
  "exponential-sum",
  "concat",
  "blend",
  "time-shift",
  "reverse",
  "time-mask",
  "colored-noise",
  "frequency-mask",
  "erase",
  "erase-pixels",
];

const drawWave = (steps: unknown, count = 500) =>
  Array.from({ length: count }, (_, k) => drawEffects(parseWaveSteps(steps), options("wave", k)));
const drawMel = (steps: unknown, count = 500) =>
  Array.from({ length: count }, (_, k) => drawEffects(parseMelSteps(steps), options("mel", k)));

Deno.test("what is drawn depends on the generator alone", () => {
  const steps = WAVE_KINDS.map((kind) => ({ kind, probability: 0.7 }));
  assert.deepEqual(drawWave(steps, 20), drawWave(steps, 20));
  assert.equal(new Set(drawWave(steps, 20).map((effects) => JSON.stringify(effects))).size, 20);
  const cells = MEL_KINDS.map((kind) => ({ kind }));
  assert.deepEqual(drawMel(cells, 20), drawMel(cells, 20));
});

Deno.test("a step draws the same whatever the steps after it", () => {
  const [alone] = drawMel([{ kind: "erase" }], 1);
  const [first] = drawMel([{ kind: "erase" }, { kind: "time-shift" }], 1);
  assert.deepEqual(first[0], alone[0]);
});

Deno.test("effects are plain data", () => {
  const effects = [
    drawWave(WAVE_KINDS.map((kind) => ({ kind })), 1),
    drawMel(MEL_KINDS.map((kind) => ({ kind })), 1),
  ];
  assert.ok(effects.flat(2).length >= 16); // adding none is likely for "exponential-sum", not reversing for "reverse"
  assert.deepEqual(JSON.parse(JSON.stringify(effects)), effects);
});

Deno.test("at its zero setting no step has an effect", () => {
  const zero = {
    "sum": [{ clips: 0 }, { clips: 1 }],
    "exponential-sum": [{ most: 0 }],
    "concat": [{ clips: 0 }, { clips: 1 }],
    "blend": [{ alpha: 0 }],
    "time-shift": [{ share: 0 }],
    "time-mask": [{ share: 0 }],
    "background-noise": [{ probability: 0 }],
    "time-stretch": [{ rate: [1, 1] }],
    "pitch-shift": [{ semitones: [0, 0] }],
    "reverse": [{ probability: 0 }],
    "colored-noise": [{ probability: 0 }],
    "frequency-mask": [{ bands: 0 }],
    "erase": [{ area: [0, 0] }],
    "erase-pixels": [{ share: [0, 0] }],
  };
  for (const [kind, settings] of Object.entries(zero)) {
    for (const setting of settings) {
      for (const step of [{ kind, ...setting }, { kind, probability: 0 }]) {
        const draw = WAVE_KINDS.includes(kind) ? drawWave : drawMel;
        assert.deepEqual(draw([step], 30).flat(), [], kind);
      }
    }
  }
  assert.deepEqual(Object.keys(zero).sort(), [...new Set([...WAVE_KINDS, ...MEL_KINDS])].sort());
});

Deno.test("a step is done with its probability", () => {
  const done = drawWave([{ kind: "reverse", probability: 0.3 }], 4000).flat().length;
  assert.ok(Math.abs(done - 1200) < 5 * Math.sqrt(4000 * 0.3 * 0.7), `${done}`); // five deviations
  assert.equal(drawWave([{ kind: "time-shift" }]).flat().length, 500);
});

/** The smallest and the largest of a number that effects have. */
function extent(values: number[]): [number, number] {
  assert.ok(values.length > 0);
  return [Math.min(...values), Math.max(...values)];
}

/** Of uniform numbers 500 reach to 3 % of both ends (all but once in 10^6), and never beyond. */
function assertFills(values: number[], [low, high]: [number, number], part = 0.03): void {
  const [least, most] = extent(values), slack = part * (high - low);
  assert.ok(least >= low && least < low + slack, `${least}, not from ${low} on`);
  assert.ok(most <= high && most > high - slack, `${most}, not up to ${high}`);
}

Deno.test("numbers fill the study's ranges", () => {
  const wave = <K extends WaveEffect["kind"]>(kind: K) =>
    drawWave([{ kind }]).flat() as Extract<WaveEffect, { kind: K }>[];
  const mel = <K extends MelEffect["kind"]>(kind: K) =>
    drawMel([{ kind }]).flat() as Extract<MelEffect, { kind: K }>[];
  assertFills(wave("time-shift").map(({ share }) => share), [-0.5, 0.5]);
  assertFills(wave("time-mask").map(({ share }) => share), [0, 0.3]);
  assert.ok(wave("time-mask").every(({ start, share }) => start >= 0 && start + share <= 1));
  assertFills(wave("time-stretch").map(({ rate }) => Math.log(rate)), [
    Math.log(0.8),
    Math.log(1.25),
  ]);
  assertFills(wave("pitch-shift").map(({ semitones }) => semitones), [-2, 2]);
  assertFills(wave("background-noise").map(({ snr }) => snr), [3, 30]);
  assert.deepEqual(extent(wave("background-noise").map(({ noise }) => noise)), [0, 6]);
  assertFills(wave("colored-noise").map(({ snr }) => snr), [3, 25]);
  assert.equal(new Set(wave("colored-noise").map(({ color }) => color)).size, 5);
  assert.deepEqual(extent(mel("frequency-mask").map(({ bands }) => bands)), [1, 30]);
  assertFills(mel("erase").map(({ area }) => area), [0.02, 0.2]);
  assertFills(mel("erase").map(({ ratio }) => ratio), [1, 2]);
  assertFills(mel("erase-pixels").map(({ share }) => share), [0, 0.3]);
});

Deno.test("sum with N adds N - 1 clips, concat likewise", () => {
  for (const kind of ["sum", "concat"]) {
    for (const clips of [2, 3, 5]) {
      for (const [effect] of drawMel([{ kind, clips }], 30)) {
        assert.ok(effect.kind === kind && "partners" in effect);
        assert.equal(effect.partners.length, clips - 1);
      }
    }
  }
});

Deno.test("frames after steps are those of as many clips as are put one after the other at the most", () => {
  const after = (...steps: unknown[]) => framesAfter(parseMelSteps(steps), 94);
  assert.equal(after(), 94);
  assert.equal(after({ kind: "sum", clips: 3 }, { kind: "concat", clips: 0 }), 94);
  assert.equal(after({ kind: "concat", clips: 4, probability: 0 }), 94);
  assert.equal(after({ kind: "concat", clips: 3, probability: 0.1 }, { kind: "concat" }), 6 * 94);
});

Deno.test("counts of exponential adding fall by a constant factor", () => {
  const counts = [0, 0, 0, 0, 0, 0];
  for (let seed = 0; seed < 20_000; seed++) {
    counts[exponentialCount({ most: 5, scale: 1 }, randomFrom("count", seed))]++;
  }
  const sum = counts.reduce((a, _, k) => a + Math.exp(-k), 0);
  counts.forEach((count, k) => {
    const p = Math.exp(-k) / sum;
    assert.ok(Math.abs(count - 20_000 * p) < 5 * Math.sqrt(20_000 * p), `${k}: ${count}`); // five deviations
  });
});

Deno.test("blend weights have the moments of the beta distribution", () => {
  for (const alpha of [0.4, 1, 3]) {
    const random = randomFrom("beta", alpha), n = 20_000;
    const weights = Array.from({ length: n }, () => drawBeta(alpha, random));
    assert.ok(weights.every((w) => w >= 0 && w <= 1));
    const mean = weights.reduce((sum, w) => sum + w, 0) / n;
    const variance = weights.reduce((sum, w) => sum + (w - 0.5) ** 2, 0) / n;
    // mean 1/2, variance 1 / (8 alpha + 4): within five deviations of 20,000 draws
    assert.ok(Math.abs(mean - 0.5) < 0.015, `${alpha}: mean ${mean}`);
    assert.ok(Math.abs(variance * (8 * alpha + 4) - 1) < 0.06, `${alpha}: variance ${variance}`);
  }
});

Deno.test("steps that need clips or noises say so when there are none", () => {
  const random = randomFrom("none");
  for (const kind of ["sum", "concat", "blend"]) {
    const steps = parseWaveSteps([{ kind, probability: 1 }]);
    assert.throws(() => drawEffects(steps, { random }), new RegExp(`partners for "${kind}"`));
  }
  const noise = parseWaveSteps([{ kind: "background-noise" }]);
  assert.throws(() => drawEffects(noise, { random }), /there are no noises/);
});

Deno.test("steps are plain data: completed, checked, and back from JSON", () => {
  const wave = parseWaveSteps(WAVE_KINDS.map((kind) => ({ kind })));
  assert.deepEqual(parseWaveSteps(JSON.parse(JSON.stringify(wave))), wave);
  assert.deepEqual(wave[0], { kind: "sum", probability: 1, clips: 2, match: "any" });
  assert.deepEqual(wave[7], { kind: "time-stretch", probability: 1, rate: [0.8, 1.25] });
  const mel = parseMelSteps(MEL_KINDS.map((kind) => ({ kind })));
  assert.deepEqual(parseMelSteps(JSON.parse(JSON.stringify(mel))), mel);
  const wrong: [unknown, RegExp][] = [
    [
      [{ kind: "sum", clip: 3 }],
      /step 1 \("sum"\): unknown: clip \(known: kind, probability, clips, match\)/,
    ],
    [
      [{ kind: "reverse" }, { kind: "flip" }],
      /step 2 \("flip"\): no such kind \(known: sum, .*pitch-shift\)/,
    ],
    [[{ kind: "erase" }], /"erase".*no such kind/], // a spectrogram's
    [[{}], /step 1/],
    [[{ kind: "reverse", probability: 1.5 }], /step 1 \("reverse"\)\.probability: .*1/],
    [[{ kind: "time-stretch", rate: [1.2, 0.8] }], /rate: .*must not be above/],
    [[{ kind: "colored-noise", colors: ["green"] }], /colors\.0: .*pink/],
    ["sum", /expected array/],
  ];
  for (const [value, reason] of wrong) {
    assert.throws(() => parseWaveSteps(value), (error: Error) => {
      assert.match(error.message, /^cannot augment waveforms so: /);
      assert.match(error.message, reason);
      return true;
    });
  }
});
