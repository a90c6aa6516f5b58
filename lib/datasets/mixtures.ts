/**
 * Mixtures of spectrograms: what several instruments sound like together, made of clips of one each (A1, A2).
 *
 * Power spectra are added, which is what the sum of two uncorrelated waveforms has on average. Spectrograms
 * are dB relative to their maximum, with a floor; networks see (dB - networkMean) / networkDeviation.
 */
import type { Random } from "../core/random.ts";
import { type FrontEnd, IRMAS_MELS_FRONT_END } from "../features/front_end.ts";
import { INSTRUMENTS } from "./labels.ts";
import { type IrmasMels, MEL_SIZE } from "./irmas_mels.ts";
import { splitByRecording } from "./split.ts";

/**
 * What is made equal before clips are added: their mean power, so that each is as loud as the others, or
 * their maximum, which is how the spectrograms are stored.
 */
export type Level = "mean" | "peak";

/** What network input means: dB = networkMean + networkDeviation * input, from -topDb to 0. */
export type Scaling = Pick<FrontEnd, "networkMean" | "networkDeviation" | "topDb">;

/** Steps between the floor and 0 dB in the table of powers: 16 to each of a byte's, so bytes are met exactly. */
const POWER_STEPS = 255 * 16;
/** Tables by their floor. */
const POWERS = new Map<number, Float32Array>();

function powersDownTo(topDb: number): Float32Array {
  let powers = POWERS.get(topDb);
  if (!powers) {
    powers = Float32Array.from(
      { length: POWER_STEPS + 1 },
      (_, k) => 10 ** ((k / POWER_STEPS - 1) * topDb / 10),
    );
    POWERS.set(topDb, powers);
  }
  return powers;
}

/** log10 of a float from its bits: a table over exponents, and one over the mantissa's first 11 bits (0.001 dB). */
const MANTISSA_BITS = 11;
const EXPONENT_LOGS = Float64Array.from({ length: 256 }, (_, e) => (e - 127) * Math.log10(2));
const MANTISSA_LOGS = Float64Array.from(
  { length: 1 << MANTISSA_BITS },
  (_, m) => Math.log10(1 + (m + 0.5) / (1 << MANTISSA_BITS)),
);

/** Network input becomes power relative to 0 dB. */
function toPower(
  input: Float32Array,
  power: Float32Array,
  { networkMean, networkDeviation, topDb }: Scaling,
): void {
  const powers = powersDownTo(topDb), scale = POWER_STEPS * networkDeviation / topDb;
  const offset = POWER_STEPS * (1 + networkMean / topDb) + 0.5;
  for (let k = 0; k < input.length; k++) {
    const place = input[k] * scale + offset;
    power[k] = powers[place < 0 ? 0 : place > POWER_STEPS ? POWER_STEPS : place | 0];
  }
}

/** What brings power to the wanted level: 1 / its mean or 1 / its maximum. */
function gain(power: Float32Array, level: Level): number {
  let sum = 0, largest = 0;
  for (let k = 0; k < power.length; k++) {
    sum += power[k];
    if (power[k] > largest) largest = power[k];
  }
  return 1 / (level === "mean" ? sum / power.length : largest);
}

/** Power becomes network input: dB relative to its maximum, with the floor. */
function toInput(
  power: Float32Array,
  input: Float32Array,
  { networkMean, networkDeviation, topDb }: Scaling,
): void {
  const factor = 10 / networkDeviation, high = -networkMean / networkDeviation;
  const low = high - topDb / networkDeviation;
  let largest = 0;
  for (let k = 0; k < power.length; k++) if (power[k] > largest) largest = power[k];
  const bits = new Uint32Array(power.buffer, power.byteOffset, power.length);
  const zero = Math.log10(largest), shift = 23 - MANTISSA_BITS, mask = (1 << MANTISSA_BITS) - 1;
  for (let k = 0; k < power.length; k++) {
    const log = EXPONENT_LOGS[bits[k] >>> 23] + MANTISSA_LOGS[(bits[k] >>> shift) & mask];
    const value = (log - zero) * factor + high;
    input[k] = value < low ? low : value > high ? high : value;
  }
}

/** Options of {@link mixInto}. */
export interface MixOptions {
  /** 0 or 1, `[rows, labels]`: of the rows, then of what they became. */
  targets: Uint8Array;
  /** For each row, the rows that are added to it; none leaves it as it is. */
  partners: readonly (readonly number[])[];
  /** For each row, the weights of its own power and of its partners'. Default: all alike. */
  weights?: readonly (readonly number[])[];
  /** Default: "mean". */
  level?: Level;
  /** The front end's. Default: [-2, 2] stands for -80 to 0 dB. */
  scaling?: Scaling;
}

/**
 * Mixes rows of a training batch in place: each row becomes the mean power of itself and its partners (as
 * they were before), at equal level; its targets become the union.
 *
 * Within 0.01 dB of the exact sum above the floor, by tables.
 *
 * @param batch network input, `[rows, values]`
 * @throws RangeError when the shapes do not fit
 */
export function mixInto(
  batch: Float32Array,
  { targets, partners, weights, level = "mean", scaling = IRMAS_MELS_FRONT_END }: MixOptions,
): void {
  const rows = partners.length, size = batch.length / rows, labels = targets.length / rows;
  if (!Number.isInteger(size) || !Number.isInteger(labels)) {
    throw new RangeError(
      `cannot mix ${rows} rows of a batch of ${batch.length} values and ${targets.length} targets`,
    );
  }
  const needed = new Set(partners.flatMap((others, row) => others.length ? [row, ...others] : []));
  const powers = new Map<number, { power: Float32Array; gain: number; targets: Uint8Array }>();
  for (const row of needed) {
    const power = new Float32Array(size);
    toPower(batch.subarray(row * size, (row + 1) * size), power, scaling);
    const own = targets.slice(row * labels, (row + 1) * labels);
    powers.set(row, { power, gain: gain(power, level), targets: own });
  }
  const sum = new Float32Array(size);
  partners.forEach((others, row) => {
    if (others.length === 0) return;
    sum.fill(0);
    for (const [m, member] of [row, ...others].entries()) {
      const { power, gain, targets: own } = powers.get(member)!;
      const factor = gain * (weights?.[row][m] ?? 1);
      for (let k = 0; k < size; k++) sum[k] += factor * power[k];
      own.forEach((label, l) => targets[row * labels + l] |= label);
    }
    toInput(sum, batch.subarray(row * size, (row + 1) * size), scaling);
  });
}

/**
 * Draws partners for the rows of a batch: rows with labels that neither the row nor another partner has.
 *
 * @param targets 0 or 1, `[rows, labels]`
 * @param options.count how many partners a row gets; fewer where there are no more with other labels
 * @param options.probability of a row to get any. Default: 1
 * @returns for each row its partners' numbers
 */
export function drawPartners(
  targets: Uint8Array,
  { rows, count, probability = 1, random }: {
    rows: number;
    count: number | ((random: Random) => number);
    probability?: number;
    random: Random;
  },
): number[][] {
  const labels = targets.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    if (!random.chance(probability)) return [];
    const wanted = typeof count === "number" ? count : count(random);
    const taken = targets.slice(row * labels, (row + 1) * labels), partners: number[] = [];
    for (const other of random.shuffle(Array(rows).keys())) {
      if (partners.length >= wanted) break;
      const own = targets.subarray(other * labels, (other + 1) * labels);
      if (own.some((label, l) => label && taken[l])) continue;
      own.forEach((label, l) => taken[l] |= label);
      partners.push(other);
    }
    return partners;
  });
}

/** Clips as a network sees them, `[clips, 128, 94]` in [-2, 2]. */
export function networkInputs(mels: IrmasMels, indices: ArrayLike<number>): Float32Array {
  const inputs = Float32Array.from({ length: 256 }, (_, byte) => byte / 255 * 4 - 2);
  const out = new Float32Array(indices.length * MEL_SIZE);
  for (let row = 0, k = 0; row < indices.length; row++) {
    const first = indices[row] * MEL_SIZE;
    for (let cell = first; cell < first + MEL_SIZE; cell++) out[k++] = inputs[mels.mel[cell]];
  }
  return out;
}

/** Mixtures by the clips that are in them; {@link renderMixtures} makes the spectrograms. */
export interface Mixtures {
  /** Clips of one mixture. */
  size: number;
  /** The clips' numbers in the pack, `[count, size]`. */
  members: Int32Array;
  /** 0 or 1, `[count, 11]` */
  targets: Uint8Array;
  /** The recordings in each mixture. */
  recordings: string[][];
  count: number;
}

/**
 * Draws mixtures of clips of different instruments: instruments first, all alike, then a clip of each.
 *
 * @param options.indices the clips to draw from, by their numbers in the pack
 * @param options.size clips of one mixture
 * @throws RangeError when the clips have too few instruments
 */
export function drawMixtures(
  mels: IrmasMels,
  { indices, size, count, random }: {
    indices: ArrayLike<number>;
    size: number;
    count: number;
    random: Random;
  },
): Mixtures {
  const clips = new Map<number, number[]>();
  for (const k of Array.from(indices)) {
    if (!clips.has(mels.labels[k])) clips.set(mels.labels[k], []);
    clips.get(mels.labels[k])!.push(k);
  }
  const instruments = [...clips.keys()].sort((a, b) => a - b);
  if (instruments.length < size) {
    throw new RangeError(
      `cannot mix ${size} instruments: the ${indices.length} clips have ${instruments.length}`,
    );
  }
  const members = new Int32Array(count * size);
  const targets = new Uint8Array(count * INSTRUMENTS.length);
  const recordings: string[][] = [];
  for (let row = 0; row < count; row++) {
    const drawn = random.sample(instruments, size);
    const chosen = drawn.map((instrument) => random.choice(clips.get(instrument)!));
    members.set(chosen, row * size);
    for (const instrument of drawn) targets[row * INSTRUMENTS.length + instrument] = 1;
    recordings.push(chosen.map((k) => mels.recordings[k]));
  }
  return { size, members, targets, recordings, count };
}

/**
 * The spectrograms of some mixtures, as a network sees them.
 *
 * @param options.start the first mixture wanted. Default: 0
 * @param options.count how many. Default: to the end
 * @returns `[count, 128, 94]` in [-2, 2]
 */
export function renderMixtures(
  mels: IrmasMels,
  mixtures: Mixtures,
  { start = 0, count = mixtures.count - start, level = "mean" }: {
    start?: number;
    count?: number;
    level?: Level;
  } = {},
): Float32Array {
  const { size, members } = mixtures;
  const out = new Float32Array(count * MEL_SIZE);
  const targets = new Uint8Array(size);
  const partners = Array.from(
    { length: size },
    (_, k) => k ? [] : [...Array(size).keys()].slice(1),
  );
  for (let row = 0; row < count; row++) {
    const first = (start + row) * size;
    const inputs = networkInputs(mels, members.subarray(first, first + size));
    mixInto(inputs, { targets, partners, level });
    out.set(inputs.subarray(0, MEL_SIZE), row * MEL_SIZE);
  }
  return out;
}

/**
 * Halves clips by recording, stratified by instrument: mixtures made within each half share no recording
 * with those of the other, so a threshold can be tuned on one and scored on the other.
 *
 * @param indices clips, by their numbers in the pack
 */
export function halveClips(
  mels: IrmasMels,
  { indices, random }: { indices: Int32Array; random: Random },
): [Int32Array, Int32Array] {
  const targets = new Uint8Array(indices.length * INSTRUMENTS.length);
  indices.forEach((k, row) => targets[row * INSTRUMENTS.length + mels.labels[k]] = 1);
  const recordings = Array.from(indices, (k) => mels.recordings[k]);
  const half = splitByRecording(recordings, targets, { folds: 2, random });
  return [indices.filter((_, row) => half[row] === 0), indices.filter((_, row) => half[row] === 1)];
}
