import assert from "node:assert/strict";
import { addMelNoise } from "lib/augment/mel_noise.ts";
import { addNoise, coloredNoise, NOISE_COLORS, type NoiseColor } from "lib/augment/noise.ts";
import { randomFrom } from "lib/core/random.ts";
import { melBank, melPower, type Spectrogram } from "lib/dsp/mel.ts";
import { networkInput } from "lib/features/bytes.ts";
import {
  DEFAULT_FRONT_END,
  type FrontEnd,
  IRMAS_MELS_FRONT_END,
  melOf,
} from "lib/features/front_end.ts";

const RATE = 16000, SECONDS = 3;

/** Three tones, each half a second on and half a second off: between and beside them noise is alone. */
const tones = Float32Array.from(
  { length: SECONDS * RATE },
  (_, t) =>
    Math.floor(2 * t / RATE) % 2 === 0
      ? [220, 440, 1300].reduce((sum, hz) => sum + 0.2 * Math.sin(2 * Math.PI * hz * t / RATE), 0)
      : 0,
);

const inputOf = (y: Float32Array, frontEnd: FrontEnd): Spectrogram => {
  const mel = melOf(y, frontEnd);
  return { ...mel, data: networkInput(mel.data, frontEnd) };
};

/** Powers relative to the maximum. */
const powersOf = ({ data }: Spectrogram, { networkMean, networkDeviation }: FrontEnd) =>
  data.map((value) => 10 ** ((value * networkDeviation + networkMean) / 10));

const decibel = (a: number, b: number) => 10 * Math.log10(a / b);
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** The floor of the decibels. */
const FLOOR = 1e-8;

/** For each band the mean power of the frames where noise is alone, over many spectrograms, and its deviation. */
function momentsOf(
  spectrograms: Float32Array[],
  { frames, alone }: { frames: number; alone: number[] },
) {
  return Array.from({ length: spectrograms[0].length / frames }, (_, band) => {
    const cells = spectrograms.flatMap((data) => alone.map((t) => data[band * frames + t]));
    const level = mean(cells);
    return { level, deviation: Math.sqrt(mean(cells.map((cell) => (cell - level) ** 2))) };
  });
}

/** Frames that hear nothing of the tones. */
function silentFrames({ nFft, hopLength }: FrontEnd, frames: number): number[] {
  const reach = nFft / 2 + RATE / 100; // and the echo of where they break off
  return [...Array(frames).keys()].filter((t) => {
    const [from, to] = [t * hopLength - reach, t * hopLength + reach].map((at) => 2 * at / RATE);
    return Math.floor(from) === Math.floor(to) && Math.floor(from) % 2 === 1 && to < 2 * SECONDS;
  });
}

const FRONT_ENDS = Object.entries({ DEFAULT_FRONT_END, IRMAS_MELS_FRONT_END });
const TAKES = 30, SNR = 15;

for (const [name, frontEnd] of FRONT_ENDS) {
  Deno.test(`noise on spectrograms has the powers and fluctuations of noise on waveforms: ${name}`, () => {
    const clean = inputOf(tones, frontEnd), { frames } = clean;
    const alone = silentFrames(frontEnd, frames);
    assert.ok(alone.length > 20);
    const largest = melPower(tones, frontEnd).data.reduce((most, v) => Math.max(most, v), 0);
    for (const color of NOISE_COLORS) {
      const waves: Float32Array[] = [], mels: Float32Array[] = [];
      for (let take = 0; take < TAKES; take++) {
        const random = randomFrom("waveform noise", take);
        const noise = coloredNoise(tones.length, { color, sampleRate: RATE, random });
        waves.push(melPower(addNoise(tones, noise, SNR), frontEnd).data.map((v) => v / largest));
        const noisy = addMelNoise(clean, { color, snr: SNR, key: `take ${take}`, frontEnd });
        mels.push(powersOf(noisy, frontEnd));
      }
      const [expected, found] = [waves, mels].map((all) => momentsOf(all, { frames, alone }));
      const heard = [...expected.keys()].filter((band) => expected[band].level > 10 * FLOOR);
      assert.ok(heard.length > 110);
      for (const what of ["level", "deviation"] as const) {
        const errors = heard.map((k) => decibel(found[k][what], expected[k][what]));
        // a band has some 300 independent powers on either side, whose mean is known to 0.3 dB and whose deviation to 0.4;
        // all bands together, half of which are independent, to 0.05
        assert.ok(Math.abs(mean(errors)) < 0.2, `${color}, ${what}: ${mean(errors)} dB`);
        errors.forEach((error, k) =>
          assert.ok(Math.abs(error) < 1.8, `${color}, ${what}, band ${heard[k]}: ${error} dB`)
        );
      }
    }
  });

  Deno.test(`a band's power is chi-squared, with the degrees of freedom of its filter: ${name}`, () => {
    const frames = 2000, { nMels } = frontEnd;
    const flat = { data: new Float32Array(nMels * frames).fill(2), nMels, frames };
    // 60 dB above what it is added to it is alone
    const noisy = powersOf(
      addMelNoise(flat, { color: "white", snr: -60, key: "", frontEnd }),
      frontEnd,
    );
    // under Hann's window the amplitudes of neighbouring bins have a correlation of 2/3, and of 1/6 from the one to the
    // next but one; of powers these are squared. A chi-squared variable has twice its mean squared over its variance.
    const correlations = [1, 4 / 9, 1 / 36];
    const ratios = melBank(frontEnd).flatMap(({ weights }, band) => {
      const freedom = 2 * weights.reduce((sum, w) => sum + w, 0) ** 2 / weights.reduce(
        (sum, w, k) =>
          sum +
          weights.reduce((own, v, l) => own + w * v * (correlations[Math.abs(k - l)] ?? 0), 0),
        0,
      );
      if (weights.length === 0) return [];
      const row = [...noisy.subarray(band * frames, (band + 1) * frames)], level = mean(row);
      const variance = mean(row.map((value) => (value - level) ** 2));
      return [2 * level ** 2 / variance / freedom];
    });
    assert.ok(ratios.length > 100);
    // a variance of 1,000 independent powers, a few of which are large, is known to a tenth
    for (const ratio of ratios) assert.ok(ratio > 0.65 && ratio < 1.5, `${ratio}`);
    assert.ok(Math.abs(mean(ratios) - 1) < 0.03, `${mean(ratios)}`);
  });
}

Deno.test("noise is added in power: ten decibels less of the same noise are a tenth", () => {
  const frontEnd = IRMAS_MELS_FRONT_END, clean = inputOf(tones, frontEnd);
  const before = powersOf(clean, frontEnd);
  const added = [10, 20].map((snr) => {
    const after = powersOf(
      addMelNoise(clean, { color: "pink", snr, key: "k", frontEnd }),
      frontEnd,
    );
    // the largest cell is the same, hardly louder for the noise: 0 dB again
    return after.map((power, k) => power - before[k]);
  });
  let compared = 0;
  before.forEach((power, k) => {
    if (power > 1e-2 * added[1][k] || added[1][k] < 1e-4) return;
    const ratio = decibel(added[0][k], added[1][k]);
    assert.ok(Math.abs(ratio - 10) < 0.1, `cell ${k}: ${ratio} dB`); // of 0 dB, which moves; of tables
    compared++;
  });
  assert.ok(compared > 300, `${compared}`);
});

Deno.test("the same key gives the same noise, another one another; other bands are refused", () => {
  const frontEnd = IRMAS_MELS_FRONT_END, clean = inputOf(tones, frontEnd);
  const before = clean.data.slice();
  const noisy = (key: string, color: NoiseColor = "white") =>
    addMelNoise(clean, { color, snr: 10, key, frontEnd });
  assert.deepEqual(noisy("a"), noisy("a"));
  assert.notDeepEqual(noisy("a"), noisy("b"));
  assert.notDeepEqual(noisy("a"), noisy("a", "blue"));
  assert.deepEqual(clean.data, before);
  assert.ok(noisy("a").data.every((value) => value >= -2 && value <= 2));
  const few = { data: new Float32Array(20), nMels: 10, frames: 2 };
  assert.throws(
    () => addMelNoise(few, { color: "white", snr: 10, key: "", frontEnd }),
    /of 10 bands: the front end has 128/,
  );
});
