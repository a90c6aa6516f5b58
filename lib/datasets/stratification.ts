/**
 * Iterative stratification of rows with several labels: every fold gets its share of the rows of every
 * label (Sechidis, Tsoumakas and Vlahavas, "On the stratification of multi-label data", ECML PKDD 2011) and
 * of every pair of labels (Szymański and Kajdanowicz, "A network perspective on stratification of
 * multi-label data", PMLR 74, 2017).
 *
 * The rarest label (or pair) comes first, as there is least choice in where its rows can go; each of its
 * rows goes to the fold that lacks most of it.
 */
import type { Random } from "../core/random.ts";
import { type Clip, targetsOf } from "./clip.ts";
import { combinationsOf } from "./label_combinations.ts";
import { INSTRUMENTS } from "./labels.ts";
import { splitQuality } from "./split_quality.ts";

/** Options of {@link stratify} and {@link stratifyGroups}. */
export interface StratificationOptions {
  /** The part of the rows that each fold wants; they sum to 1. Default: two halves. */
  shares?: readonly number[];
  /** 2: labels and pairs of them (Szymański and Kajdanowicz); 1: labels alone (Sechidis et al.). Default: 2. */
  order?: 1 | 2;
  /** Columns of the targets. Default: 11. */
  labels?: number;
  random: Random;
}

/** A label or a pair of labels, while its rows are dealt. */
interface Evidence {
  /** Labels in it. */
  size: number;
  rows: number[];
  /** Rows of it that have no fold yet. */
  left: number;
  /** Rows of it that each fold still lacks; negative where it has more than its share. */
  lacking: Float64Array;
}

/**
 * Deals rows into folds so that each has its share of the rows of every label and pair of labels.
 *
 * @param targets 0 or 1, `[rows, labels]`
 * @returns each row's fold, 0 to shares.length - 1
 * @throws RangeError when the targets are no whole rows, or the shares are not positive or do not sum to 1
 */
export function stratify(
  targets: Uint8Array,
  { shares = [0.5, 0.5], order = 2, labels = INSTRUMENTS.length, random }: StratificationOptions,
): Int32Array {
  checkShares(shares);
  const { combinations, ofRow } = combinationsOf(targets, { labels, order });
  const lacking = (rows: number) => Float64Array.from(shares, (share) => share * rows);
  const evidence: Evidence[] = combinations.map(({ size, rows }) => ({
    size,
    rows: random.shuffle(rows),
    left: rows.length,
    lacking: lacking(rows.length),
  }));
  const wanted = lacking(ofRow.length), out = new Int32Array(ofRow.length).fill(-1);
  const place = (row: number, fold: number) => {
    out[row] = fold;
    wanted[fold]--;
    for (const k of ofRow[row]) {
      evidence[k].left--;
      evidence[k].lacking[fold]--;
    }
  };
  for (let next = rarest(evidence, random); next; next = rarest(evidence, random)) {
    for (const row of next.rows) {
      if (out[row] < 0) place(row, neediest(next.lacking, { wanted, random }));
    }
  }
  for (const row of random.shuffle(out.keys())) {
    if (out[row] < 0) place(row, neediest(wanted, { wanted, random }));
  }
  return out;
}

/**
 * Deals groups of rows into folds, each labelled with the union of its rows' labels; rows follow their
 * group: songs and their clips (D3).
 *
 * Songs have few clips or many, which stratifying songs does not see, and ties are decided by chance: of
 * several attempts the one is taken that is best for songs and clips together (the least sum of their label,
 * pair and relative example distributions).
 *
 * @param groups each row's group
 * @param targets 0 or 1, `[rows, labels]`
 * @param options.attempts Default: 20
 * @returns each row's fold
 * @throws RangeError when the shapes or the shares do not fit, or there is no attempt
 */
export function stratifyGroups(
  groups: readonly string[],
  targets: Uint8Array,
  { attempts = 20, labels = INSTRUMENTS.length, ...options }:
    & StratificationOptions
    & { attempts?: number },
): Int32Array {
  if (targets.length !== groups.length * labels) {
    throw new RangeError(
      `cannot split ${groups.length} rows with ${targets.length} targets, ${labels} a row`,
    );
  }
  if (!(attempts >= 1)) throw new RangeError(`cannot split in ${attempts} attempts`);
  const names = [...new Set(groups)];
  const number = new Map(names.map((name, k) => [name, k]));
  const groupOf = Int32Array.from(groups, (name) => number.get(name)!);
  const union = new Uint8Array(names.length * labels);
  targets.forEach((target, k) => {
    if (target) union[groupOf[Math.floor(k / labels)] * labels + k % labels] = 1;
  });
  const { shares = [0.5, 0.5] } = options;
  const errorOf = (folds: Int32Array, labelled: Uint8Array) => {
    const quality = splitQuality(folds, labelled, { shares, labels });
    return quality.labelDistribution + quality.labelPairDistribution +
      quality.exampleDistribution / folds.length;
  };
  let best: Int32Array | undefined, least = Infinity;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const folds = stratify(union, { labels, ...options });
    const ofRows = groupOf.map((group) => folds[group]);
    const error = errorOf(folds, union) + errorOf(ofRows, targets);
    // no number where every row has a label: then any attempt will do
    if (!best || error < least) [best, least] = [ofRows, error];
  }
  return best!;
}

/**
 * Halves songs for `boostIrmas` (D3): which side each clip is on.
 *
 * @param clips with their songs as groups
 */
export function halveSongs(
  clips: readonly Pick<Clip, "group" | "labels">[],
  { random }: { random: Random },
): (clip: Pick<Clip, "group">) => "train" | "validation" {
  const groups = clips.map(({ group }) => group);
  const folds = stratifyGroups(groups, targetsOf(clips), { random });
  const fold = new Map(groups.map((group, k) => [group, folds[k]]));
  return ({ group }) => fold.get(group) === 0 ? "train" : "validation";
}

/** Of what has rows left, the one with fewest; of equally rare ones the larger; of these any. */
function rarest(evidence: readonly Evidence[], random: Random): Evidence | undefined {
  let best: Evidence[] = [];
  for (const candidate of evidence) {
    if (candidate.left === 0) continue;
    const order = best.length === 0
      ? -1
      : candidate.left - best[0].left || best[0].size - candidate.size;
    if (order < 0) best = [candidate];
    else if (order === 0) best.push(candidate);
  }
  return best.length > 0 ? random.choice(best) : undefined;
}

/** The fold that lacks most; of equal ones the one that wants most rows; of these any. */
function neediest(
  lacking: Float64Array,
  { wanted, random }: { wanted: Float64Array; random: Random },
): number {
  let best: number[] = [];
  for (let fold = 0; fold < lacking.length; fold++) {
    const gain = best.length === 0
      ? 1
      : lacking[fold] - lacking[best[0]] || wanted[fold] - wanted[best[0]];
    if (gain > 1e-9) best = [fold];
    else if (gain > -1e-9) best.push(fold);
  }
  return random.choice(best);
}

function checkShares(shares: readonly number[]): void {
  const sum = shares.reduce((total, share) => total + share, 0);
  if (shares.every((share) => share > 0) && Math.abs(sum - 1) < 1e-9) return;
  throw new RangeError(`shares of folds must be positive and sum to 1, not ${shares.join(" + ")}`);
}
