/** Loudness as ITU-R BS.1770-4 measures it: K-weighted, gated, in LUFS. */
import { duration, type Sound } from "./sound.ts";

/** A filter of second order: numerator and denominator in powers of z^-1; a0 is 1. */
interface Biquad {
  b: readonly [number, number, number];
  a: readonly [number, number];
}

/** The standard's two stages at 48 kHz (tables 1 and 2): a shelf for the head, a high pass for low frequencies. */
const STAGES: readonly Biquad[] = [
  {
    b: [1.53512485958697, -2.69169618940638, 1.19839281085285],
    a: [-1.69065929318241, 0.73248077421585],
  },
  { b: [1, -2, 1], a: [-1.99004745483398, 0.99007225036621] },
];
const STANDARD_RATE = 48000;

/** Seconds of a block, of which the next one begins after a quarter. */
const BLOCK = 0.4, QUARTERS = 4;
/** LUFS: blocks below do not count. */
const ABSOLUTE_GATE = -70;
/** LU by which a block may be below the mean of those above the absolute gate. */
const RELATIVE_GATE = -10;

/** Tables 3 and 4 for the usual order of 1 to 8 channels (left, right, centre, low frequencies, then those behind). */
const CHANNEL_WEIGHTS: readonly (readonly number[])[] = [
  [1],
  [1, 1],
  [1, 1, 1],
  [1, 1, 1.41, 1.41],
  [1, 1, 1, 1.41, 1.41],
  [1, 1, 1, 0, 1.41, 1.41],
  [1, 1, 1, 0, 1, 1.41, 1.41],
  [1, 1, 1, 0, 1, 1, 1.41, 1.41],
];

/** What a loudness depends on besides the sound. */
export interface LoudnessOptions {
  /** Of the channels' powers. Default: the standard's for the usual loudspeakers of as many channels. */
  weights?: readonly number[];
}

/**
 * The integrated loudness: the power of all blocks of 400 ms that are above -70 LUFS and not more than 10 LU below
 * the others' mean, after K-weighting, in LUFS. A sine of 997 Hz at full scale in one channel has -3.01 LUFS.
 *
 * The standard gives its filter for 48 kHz; at other sample rates it is the same analogue filter.
 *
 * @returns -Infinity where no block is above the absolute gate, as in silence
 * @throws RangeError when it is shorter than a block, or the weights are not as many as the channels
 */
export function integratedLoudness(sound: Sound, options: LoudnessOptions = {}): number {
  if (sound.channels[0].length < Math.round(BLOCK * sound.sampleRate)) {
    throw new RangeError(
      `cannot measure the loudness of ${duration(sound)} s: it takes ${BLOCK} s at least`,
    );
  }
  return gatedLoudness(sound, options);
}

/**
 * Scales all channels so that the integrated loudness becomes a wanted one (F3).
 *
 * Two cases that the standard leaves open: a sound shorter than a block counts as one block, so that it becomes as loud
 * as longer ones; what has no loudness, being nowhere above -70 LUFS as silence is, stays as it is.
 *
 * Peaks may pass full scale, and are kept: nothing is cut off or compressed, so that an analysis sees the same sound at
 * another level. Who plays the result, or writes it as whole numbers, turns it down before.
 *
 * @param options.target LUFS. Default: -12
 * @throws RangeError when the weights are not as many as the channels
 */
export function loudnessNormalize(
  sound: Sound,
  { target = -12, ...options }: { target?: number } & LoudnessOptions = {},
): Sound {
  const loudness = gatedLoudness(sound, options);
  const gain = loudness === -Infinity ? 1 : 10 ** ((target - loudness) / 20);
  return { ...sound, channels: sound.channels.map((y) => y.map((x) => gain * x)) };
}

/** As {@link integratedLoudness}, of a sound of any length. */
function gatedLoudness(sound: Sound, options: LoudnessOptions): number {
  const count = sound.channels.length;
  const weights = options.weights ?? CHANNEL_WEIGHTS[count - 1] ?? [];
  if (weights.length !== count) {
    throw new RangeError(`cannot weight ${count} channels with ${weights.length} numbers`);
  }
  const powers = blockPowers(sound, weights);
  const audible = powers.filter((power) => toLoudness(power) > ABSOLUTE_GATE);
  const gate = toLoudness(mean(audible)) + RELATIVE_GATE;
  return toLoudness(mean(audible.filter((power) => toLoudness(power) > gate)));
}

/** -0.691 dB undo the weighting's gain at 997 Hz. */
const toLoudness = (power: number) => -0.691 + 10 * Math.log10(power);

const mean = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, v) => sum + v, 0) / values.length;

/** The weighted sum of the channels' mean squares in each block; a shorter sound is one block. */
function blockPowers({ channels, sampleRate }: Sound, weights: readonly number[]): number[] {
  const border = (quarter: number) => Math.round(quarter * BLOCK / QUARTERS * sampleRate);
  const borders = [0], { length } = channels[0];
  while (border(borders.length) <= length) borders.push(border(borders.length));
  if (borders.length <= QUARTERS) borders.splice(1, Infinity, length);
  const pieces = borders.length - 1, inBlock = Math.min(QUARTERS, pieces);
  const energies = new Float64Array(pieces);
  channels.forEach((y, c) => {
    const weigh = kWeighting(sampleRate);
    for (let k = 0; k < pieces; k++) {
      energies[k] += weights[c] * weigh(y.subarray(borders[k], borders[k + 1]));
    }
  });
  return Array.from({ length: pieces - inBlock + 1 }, (_, k) => {
    const block = energies.subarray(k, k + inBlock).reduce((sum, energy) => sum + energy, 0);
    return block / (borders[k + inBlock] - borders[k]);
  });
}

/** @returns the energy of the next piece of a signal after both stages */
function kWeighting(sampleRate: number): (y: Float32Array) => number {
  const [{ b: [p0, p1, p2], a: [q1, q2] }, { b: [r0, r1, r2], a: [s1, s2] }] = STAGES
    .map((stage) => atRate(stage, sampleRate));
  // the stages' memories (transposed direct form II)
  let u1 = 0, u2 = 0, v1 = 0, v2 = 0;
  return (y) => {
    let energy = 0;
    for (let t = 0; t < y.length; t++) {
      const x = y[t], shelved = p0 * x + u1;
      u1 = p1 * x - q1 * shelved + u2;
      u2 = p2 * x - q2 * shelved;
      const out = r0 * shelved + v1;
      v1 = r1 * shelved - s1 * out + v2;
      v2 = r2 * shelved - s2 * out;
      energy += out * out;
    }
    return energy;
  };
}

/** The analogue filter that becomes a stage at 48 kHz by the bilinear transform, at another rate. */
function atRate({ b, a }: Biquad, sampleRate: number): Biquad {
  const numerator = swap(b), denominator = swap([1, ...a]);
  // s is measured in tan(pi f / rate): the poles' frequency is where it was before
  const was = Math.sqrt(denominator[0] / denominator[2]);
  const becomes = Math.tan(Math.atan(was) * STANDARD_RATE / sampleRate), ratio = was / becomes;
  const [b0, b1, b2] = swap(numerator.map((c, power) => c * ratio ** power));
  const [a0, a1, a2] = swap(denominator.map((c, power) => c * ratio ** power));
  return { b: [b0 / a0, b1 / a0, b2 / a0], a: [a1 / a0, a2 / a0] };
}

/** From powers of z^-1 to powers of s where z^-1 = (1 - s) / (1 + s), times (1 + s)^2; or back, but for a factor. */
function swap([c0, c1, c2]: readonly number[]): [number, number, number] {
  return [c0 + c1 + c2, 2 * (c0 - c2), c0 - c1 + c2];
}
