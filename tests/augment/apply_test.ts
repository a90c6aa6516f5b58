import assert from "node:assert/strict";
import { applyToMel, type MelExample } from "lib/augment/apply_spectrogram.ts";
import { applyToWave, type WaveExample } from "lib/augment/apply_waveform.ts";
import { drawEffects, type MelEffect, type WaveEffect } from "lib/augment/draw.ts";
import { PartnerPool } from "lib/augment/partners.ts";
import { parseMelSteps, parseWaveSteps } from "lib/augment/steps.ts";
import { randomFrom } from "lib/core/random.ts";
import { pitchShift } from "lib/dsp/pitch_shift.ts";
import { timeStretch } from "lib/dsp/time_stretch.ts";
import { DEFAULT_FRONT_END } from "lib/features/front_end.ts";
import { chirp, noise } from "../mel_signals.ts";

const RATE = 16000, N = 4000;
const labels = (...on: number[]) =>
  Uint8Array.from({ length: 4 }, (_, k) => on.includes(k) ? 1 : 0);
const wave = (samples: Float32Array, ...on: number[]): WaveExample => ({
  samples,
  sampleRate: RATE,
  labels: labels(...on),
});
const CLIPS = [wave(chirp(N), 0), wave(noise(N), 1, 2), wave(noise(N / 2).map((v) => v / 9), 3)];
const SOURCES = { clip: (k: number) => CLIPS[k], noise: () => noise(3000) };
const one = { clip: 1, rate: 1 };

const meanPower = (y: Float32Array) => y.reduce((sum, v) => sum + v * v, 0) / y.length;

/** What effects do to the first clip, and that it is left as it was. */
async function waveAfter(...effects: WaveEffect[]): Promise<WaveExample> {
  const before = structuredClone(CLIPS);
  const after = await applyToWave(CLIPS[0], effects, SOURCES);
  assert.deepEqual(CLIPS, before);
  return after;
}

Deno.test("no effects leave an example as it is", async () => {
  assert.equal(await applyToWave(CLIPS[0], []), CLIPS[0]);
  assert.equal(applyToMel(MELS[0], []), MELS[0]);
});

Deno.test("mixing waveforms unites labels with the sound", async () => {
  const two = { clip: 2, rate: 1 };
  const sum = await waveAfter({ kind: "sum", partners: [one, two] });
  assert.deepEqual(sum.labels, labels(0, 1, 2, 3));
  const peak = (y: Float32Array) => y.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const [a, b, c] = CLIPS.map(({ samples }) => samples);
  sum.samples.forEach((value, t) => {
    const mean = (a[t] / peak(a) + b[t] / peak(b) + c[t % c.length] / peak(c)) / 3;
    assert.ok(Math.abs(value - mean) < 1e-7); // single precision
  });
  const joined = await waveAfter({ kind: "concat", partners: [two] });
  assert.equal(joined.samples.length, N + N / 2);
  assert.deepEqual(joined.labels, labels(0, 3));
  const blend = await waveAfter({ kind: "blend", partner: one, weight: 0.25 });
  assert.deepEqual(blend.labels, labels(0, 1, 2));
  assert.equal(blend.samples.length, N);
});

Deno.test("a partner with another tempo is stretched before it is added", async () => {
  const sum = await waveAfter({ kind: "sum", partners: [{ clip: 1, rate: 1.2 }] });
  const stretched = timeStretch(CLIPS[1].samples, 1.2);
  const same = await applyToWave(CLIPS[0], [{ kind: "sum", partners: [one] }], {
    clip: () => wave(stretched, 1, 2),
  });
  assert.deepEqual(sum, same);
});

Deno.test("effects on one sound keep its labels, and its duration unless they are to change it", async () => {
  const { samples } = CLIPS[0];
  const effects: [WaveEffect, Float32Array | undefined][] = [
    [{ kind: "time-shift", share: 0.25 }, undefined],
    [{ kind: "time-mask", start: 0.1, share: 0.2 }, undefined],
    [{ kind: "reverse" }, samples.slice().reverse()],
    [{ kind: "pitch-shift", semitones: 1.5 }, pitchShift(samples, 1.5)],
    [{ kind: "time-stretch", rate: 0.8 }, timeStretch(samples, 0.8)],
    [{ kind: "colored-noise", color: "pink", snr: 10, key: "a" }, undefined],
    [{ kind: "background-noise", noise: 0, start: 0.5, snr: 10 }, undefined],
  ];
  for (const [effect, expected] of effects) {
    const after = await waveAfter(effect);
    assert.deepEqual(after.labels, CLIPS[0].labels);
    assert.equal(after.samples.length, effect.kind === "time-stretch" ? N / 0.8 : N, effect.kind);
    assert.notDeepEqual(after.samples, samples);
    if (expected) assert.deepEqual(after.samples, expected);
  }
});

Deno.test("noises are added at their ratio, the same from the same key", async () => {
  for (const snr of [3, 17.5, 30]) {
    const colored: WaveEffect = { kind: "colored-noise", color: "brown", snr, key: "k" };
    for (
      const effect of [colored, { kind: "background-noise", noise: 0, start: 0.9, snr } as const]
    ) {
      const { samples } = await waveAfter(effect);
      const added = samples.map((v, t) => v - CLIPS[0].samples[t]);
      const found = 10 * Math.log10(meanPower(CLIPS[0].samples) / meanPower(added));
      assert.ok(Math.abs(found - snr) < 0.01, `${effect.kind}: ${found} dB`);
    }
    assert.deepEqual(await waveAfter(colored), await waveAfter(colored));
    assert.notDeepEqual(await waveAfter(colored), await waveAfter({ ...colored, key: "l" }));
  }
});

Deno.test("effects follow one another, and a whole chain depends on the generator alone", async () => {
  const shift: WaveEffect = { kind: "time-shift", share: 0.3 },
    turn: WaveEffect = { kind: "reverse" };
  const both = await waveAfter(shift, turn), other = await waveAfter(turn, shift);
  assert.notDeepEqual(both.samples, other.samples);
  assert.deepEqual(both, await applyToWave(await waveAfter(shift), [turn]));
  const kinds = [
    "sum",
    "time-stretch",
    "pitch-shift",
    "colored-noise",
    "background-noise",
    "time-mask",
  ];
  const steps = parseWaveSteps(kinds.map((kind) => ({ kind })));
  const partners = new PartnerPool(CLIPS);
  const run = (seed: number) => {
    const random = randomFrom(seed, "epoch", 3);
    return waveAfter(...drawEffects(steps, { random, clip: 0, partners, noises: 1 }));
  };
  assert.deepEqual(await run(1), await run(1));
  assert.notDeepEqual((await run(1)).samples, (await run(2)).samples);
});

Deno.test("effects that need sounds say so when they cannot have them", async () => {
  const sum: WaveEffect = { kind: "sum", partners: [one] };
  await assert.rejects(() => applyToWave(CLIPS[0], [sum]), /there is no source of them/);
  const clip = () => ({ ...CLIPS[1], sampleRate: 22050 });
  await assert.rejects(
    () => applyToWave(CLIPS[0], [sum], { clip }),
    /clip 1: its sample rate is 22050 Hz, the example's 16000 Hz/,
  );
  const background: WaveEffect = { kind: "background-noise", noise: 0, start: 0, snr: 10 };
  await assert.rejects(
    () => applyToWave(CLIPS[0], [background]),
    /background noise: there is no source/,
  );
  assert.throws(() => applyToMel(MELS[0], [{ kind: "sum", partners: [one] }]), /no source of them/);
});

/** A spectrogram in [-2, 2] whose largest value is 2, as networks see them. */
function mel(frames: number, seed: number, ...on: number[]): MelExample {
  const random = randomFrom("mel", seed), nMels = 20;
  const data = Float32Array.from({ length: nMels * frames }, () => random.uniform(-1.9, 1.9));
  data[seed] = 2;
  return { mel: { data, nMels, frames }, labels: labels(...on) };
}
const MELS = [mel(40, 0, 0), mel(40, 1, 1, 2), mel(30, 2, 3)];
const melAfter = (...effects: MelEffect[]) => {
  const before = structuredClone(MELS);
  const after = applyToMel(MELS[0], effects, { clip: (k) => MELS[k] });
  assert.deepEqual(MELS, before);
  return after;
};
const power = (value: number) => 10 ** ((20 * value - 40) / 10);
const meanOf = ({ data }: MelExample["mel"]) =>
  data.reduce((sum, v) => sum + power(v), 0) / data.length;

Deno.test("sums of spectrograms are sums of powers at equal level, and labels are united", () => {
  const [a, b] = MELS.map(({ mel }) => mel), [meanA, meanB] = [meanOf(a), meanOf(b)];
  for (const weight of [undefined, 0.3]) {
    const after = weight === undefined
      ? melAfter({ kind: "sum", partners: [one] })
      : melAfter({ kind: "blend", partner: one, weight });
    assert.deepEqual(after.labels, labels(0, 1, 2));
    const [wa, wb] = weight === undefined ? [1, 1] : [weight ** 2, (1 - weight) ** 2];
    const sum = a.data.map((v, k) => wa * power(v) / meanA + wb * power(b.data[k]) / meanB);
    const largest = Math.max(...sum);
    after.mel.data.forEach((value, k) => {
      const decibel = Math.max(-80, 10 * Math.log10(sum[k] / largest));
      assert.ok(Math.abs(20 * value - 40 - decibel) < 0.02, `cell ${k}`); // tables of mixInto: 0.01 dB
    });
  }
  const three = melAfter({ kind: "sum", partners: [one, { clip: 2, rate: 1.1 }] });
  assert.deepEqual([three.labels, three.mel.frames], [labels(0, 1, 2, 3), 40]);
});

Deno.test("a blend of one weight is that clip alone", () => {
  const alone = melAfter({ kind: "blend", partner: one, weight: 1 });
  alone.mel.data.forEach((v, k) => assert.ok(Math.abs(v - MELS[0].mel.data[k]) < 0.001)); // 0.02 dB
});

Deno.test("masks of spectrograms are as large as drawn, and say nothing", () => {
  const { data, nMels, frames } = MELS[0].mel, cells = nMels * frames;
  const erased: [MelEffect, number][] = [
    [{ kind: "time-mask", start: 0.5, share: 0.3 }, 12 * nMels],
    [{ kind: "time-mask", start: 0.7, share: 0.3 }, 12 * nMels],
    [{ kind: "frequency-mask", bands: 7, start: 1 }, 7 * frames],
    [{ kind: "frequency-mask", bands: 30, start: 0.5 }, cells], // more than there are
    [{ kind: "erase", area: 0.2, ratio: 1, top: 0.5, left: 0.5 }, 156], // 12 by 13: 160 are asked for
    [{ kind: "erase-pixels", share: 1, key: "k" }, cells],
  ];
  for (const [effect, count] of erased) {
    const after = melAfter(effect);
    assert.deepEqual(after.labels, MELS[0].labels);
    assert.equal(after.mel.data.filter((v) => v === -2).length, count, effect.kind);
    after.mel.data.forEach((v, k) => assert.ok(v === -2 || v === data[k]));
  }
});

Deno.test("what is erased is at the floor of the decibels, wherever networks see that", () => {
  const frontEnd = { ...DEFAULT_FRONT_END, networkMean: -25, networkDeviation: 5, topDb: 60 };
  const { mel } = applyToMel(MELS[0], [{ kind: "frequency-mask", bands: 30, start: 0 }], {
    frontEnd,
  });
  assert.ok(mel.data.every((v) => v === -7));
});

Deno.test("on another scale the same effects give the same decibels", () => {
  const sum: MelEffect = { kind: "sum", partners: [one, { clip: 2, rate: 1 }] };
  const masks: MelEffect[] = [
    { kind: "time-shift", share: 0.3 },
    { kind: "time-mask", start: 0.5, share: 0.3 },
    { kind: "frequency-mask", bands: 4, start: 1 },
    { kind: "erase", area: 0.2, ratio: 1, top: 0.5, left: 0.5 },
    { kind: "erase-pixels", share: 0.2, key: "k" },
  ];
  const chains: MelEffect[][] = [
    [...masks, sum],
    [sum, ...masks],
    [{ kind: "blend", partner: one, weight: 0.3 }],
    [{ kind: "concat", partners: [{ clip: 2, rate: 1.1 }] }],
  ];
  for (const effects of chains) {
    const [usual, ...others] = [[-40, 20], [-25, 12], [0, 1], [3, 100]].map(([mean, deviation]) => {
      // whole bytes, which the tables of mixInto meet exactly
      const clips = MELS.map(({ mel, labels }) => {
        const data = mel.data.map((v) =>
          (Math.round((v + 2) / 4 * 255) / 255 * 80 - 80 - mean) / deviation
        );
        return { mel: { ...mel, data }, labels };
      });
      const frontEnd = { ...DEFAULT_FRONT_END, networkMean: mean, networkDeviation: deviation };
      const { mel, labels } = applyToMel(clips[0], effects, { clip: (k) => clips[k], frontEnd });
      return { labels, decibels: Float64Array.from(mel.data, (v) => v * deviation + mean) };
    });
    for (const { labels, decibels } of others) {
      assert.deepEqual(labels, usual.labels);
      // single precision of values up to 80, twice
      decibels.forEach((v, k) => assert.ok(Math.abs(v - usual.decibels[k]) < 2e-5, `cell ${k}`));
    }
  }
});

Deno.test("spectrograms are rolled, reversed and joined", () => {
  const shifted = melAfter({ kind: "time-shift", share: 0.25 });
  assert.equal(shifted.mel.data[10], MELS[0].mel.data[0]);
  assert.equal(shifted.mel.frames, 40);
  const reversed = melAfter({ kind: "reverse" });
  assert.equal(reversed.mel.data[39], MELS[0].mel.data[0]);
  assert.deepEqual(melAfter({ kind: "reverse" }, { kind: "reverse" }), MELS[0]);
  const joined = melAfter({ kind: "concat", partners: [{ clip: 2, rate: 1 }] });
  assert.deepEqual([joined.mel.frames, joined.labels], [70, labels(0, 3)]);
});

Deno.test("a chain on spectrograms depends on the generator alone", () => {
  const kinds = ["sum", "time-shift", "time-mask", "frequency-mask", "erase", "erase-pixels"];
  const steps = parseMelSteps(kinds.map((kind) => ({ kind }))), partners = new PartnerPool(MELS);
  const run = (seed: number) =>
    melAfter(...drawEffects(steps, { random: randomFrom(seed), clip: 0, partners }));
  assert.deepEqual(run(1), run(1));
  assert.notDeepEqual(run(1), run(2));
  assert.equal(run(1).mel.frames, 40);
});
