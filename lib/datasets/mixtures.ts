/**
 * Mixtures of spectrograms: what several instruments sound like together, made of clips of one each (A1, A2).
 *
 * Power spectra are added, which is what the sum of two uncorrelated waveforms has on average. Spectrograms
 * are dB relative to their maximum, with a floor; networks see (dB - networkMean) / networkDeviation.
 */
import { Pool } from "../core/pool.ts";
import type { Random } from "../core/random.ts";
import { IRMAS_MELS_FRONT_END } from "../features/front_end.ts";
import { type Scaling, toInput, toPower } from "../features/input_power.ts";
import { INSTRUMENTS } from "./labels.ts";
import { type IrmasMels, MEL_SIZE } from "./irmas_mels.ts";
import { splitByRecording } from "./split.ts";

/**
 * What is made equal before clips are added: their mean power, so that each is as loud as the others, or
 * their maximum, which is how the spectrograms are stored.
 */
export type Level = "mean" | "peak";

/** What brings power to the wanted level: 1 / its mean or 1 / its maximum. */
function gain(power: Float32Array, level: Level): number {
  let sum = 0, largest = 0;
  for (let k = 0; k < power.length; k++) {
    sum += power[k];
    if (power[k] > largest) largest = power[k];
  }
  return 1 / (level === "mean" ? sum / power.length : largest);
}

/** A power and a sum of powers while a mixture is made. */
const scratch = new Pool((size: number) => [new Float32Array(size), new Float32Array(size)]);

/** How spectrograms are added. */
export interface MixOptions {
  /** Default: "mean". */
  level?: Level;
  /** The front end's. Default: [-2, 2] stands for -80 to 0 dB. */
  scaling?: Scaling;
}

/**
 * The mean power of spectrograms that are brought to equal level, within 0.01 dB above the floor, by tables.
 *
 * @param members network input, of equal sizes
 * @param options.weights of each one's power. Default: all alike
 * @param options.out where it is written; may be one of the members. Default: something new
 */
export function mixSpectrograms(
  members: readonly Float32Array[],
  { weights, level = "mean", scaling = IRMAS_MELS_FRONT_END, out = members[0].slice() }:
    & MixOptions
    & { weights?: readonly number[]; out?: Float32Array },
): Float32Array {
  return scratch.with(members[0].length, ([power, sum]) => {
    sum.fill(0);
    for (const [m, member] of members.entries()) {
      toPower(member, power, scaling);
      const factor = gain(power, level) * (weights?.[m] ?? 1);
      for (let k = 0; k < sum.length; k++) sum[k] += factor * power[k];
    }
    toInput(sum, out, scaling);
    return out;
  });
}

/**
 * Mixes rows of a training batch in place: each row becomes the mean power of itself and its partners (as
 * they were before), at equal level; its targets become the union.
 *
 * @param batch network input, `[rows, values]`
 * @param options.targets 0 or 1, `[rows, labels]`: of the rows, then of what they became
 * @param options.partners for each row, the rows that are added to it; none leaves it as it is
 * @throws RangeError when the shapes do not fit
 */
export function mixInto(
  batch: Float32Array,
  { targets, partners, ...options }: MixOptions & {
    targets: Uint8Array;
    partners: readonly (readonly number[])[];
  },
): void {
  const rows = partners.length, size = batch.length / rows, labels = targets.length / rows;
  if (!Number.isInteger(size) || !Number.isInteger(labels)) {
    throw new RangeError(
      `cannot mix ${rows} rows of a batch of ${batch.length} values and ${targets.length} targets`,
    );
  }
  const before = batch.slice(), own = targets.slice();
  const rowOf = (values: Float32Array, row: number) =>
    values.subarray(row * size, (row + 1) * size);
  partners.forEach((others, row) => {
    if (others.length === 0) return;
    const members = [row, ...others].map((member) => rowOf(before, member));
    mixSpectrograms(members, { ...options, out: rowOf(batch, row) });
    for (const other of others) {
      for (let l = 0; l < labels; l++) targets[row * labels + l] |= own[other * labels + l];
    }
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
  for (let row = 0; row < count; row++) {
    const first = (start + row) * size;
    const inputs = networkInputs(mels, members.subarray(first, first + size));
    const clips = Array.from(
      { length: size },
      (_, k) => inputs.subarray(k * MEL_SIZE, (k + 1) * MEL_SIZE),
    );
    mixSpectrograms(clips, { level, out: out.subarray(row * MEL_SIZE, (row + 1) * MEL_SIZE) });
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
