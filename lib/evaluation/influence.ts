/**
 * Standard errors by linearisation: how much each row moves a statistic, and how rows of the same groups move it together.
 *
 * A row may belong to several groups (a mixture of two recordings). Rows that share one are right and wrong together,
 * others are not; so the variance is the sum over all pairs of rows that share a group of the products of their
 * influences (Fafchamps and Gubert, The formation of risk sharing networks, 2007; Aronow, Samii and Assenova,
 * Cluster-robust variance estimation for dyadic data, 2015; with one group a row the common one of Liang and Zeger, 1986).
 * Resampling that weighs a row by the product of its groups' draws counts a row's own chance three times for two groups
 * and seven times for three (Owen, The pigeonhole bootstrap, 2007): its intervals of differences on mixtures were half
 * as long again as they had to be.
 */

/** The groups of the rows: one each, or several where a row was made of several recordings. */
export type Groups = ArrayLike<GroupName | readonly GroupName[]>;

export type GroupName = string | number;

/** A statistic of weighted rows, on the rows as they are, and what it would gain for each unit of weight on a row. */
export interface Influence {
  value: number;
  /** The derivative by each row's weight, `[rows]`. */
  byRow: Float64Array;
}

/** The step of a weight: far above rounding, and statistics of many rows are straight over it. */
const STEP = 1e-4;

/**
 * The influence of every row on statistics that are smooth in their weights, by finite differences (the infinitesimal
 * jackknife of Jaeckel, 1972).
 *
 * @param statistics from the rows' weights to named numbers
 */
export function influencesOf<K extends string>(
  statistics: (weights: Float64Array) => Record<K, number>,
  rows: number,
): Record<K, Influence> {
  const weights = new Float64Array(rows).fill(1), values = statistics(weights);
  const names = Object.keys(values) as K[], byRow = names.map(() => new Float64Array(rows));
  for (let row = 0; row < rows; row++) {
    weights[row] = 1 + STEP;
    const moved = statistics(weights);
    names.forEach((name, n) => byRow[n][row] = (moved[name] - values[name]) / STEP);
    weights[row] = 1;
  }
  return Object.fromEntries(
    names.map((name, n) => [name, { value: values[name], byRow: byRow[n] }]),
  ) as Record<K, Influence>;
}

/** The influence of every row on one statistic; see {@link influencesOf}. */
export function influenceOf(
  statistic: (weights: Float64Array) => number,
  rows: number,
): Influence {
  return influencesOf((weights) => ({ value: statistic(weights) }), rows).value;
}

/** Which rows share a group. */
export class SharedGroups {
  readonly rows: number;
  /** How many groups there are. */
  readonly count: number;
  /** Whether some row has several groups. */
  readonly #overlap: boolean;
  /** For each row those that share a group with it, itself among them. */
  readonly #neighbours: Int32Array[];

  /** @throws RangeError when there are fewer than two groups: one tells nothing about how groups differ */
  constructor(groups: Groups) {
    const names = Array.from(groups, (group) => [group].flat());
    const members = new Map<GroupName, number[]>();
    names.forEach((own, row) => {
      for (const name of new Set(own)) {
        if (!members.has(name)) members.set(name, []);
        members.get(name)!.push(row);
      }
    });
    this.rows = names.length;
    this.count = members.size;
    if (this.count < 2) {
      throw new RangeError(`cannot compare on ${this.count} group: two are needed`);
    }
    this.#overlap = names.some((own) => own.length > 1);
    this.#neighbours = names.map((own) =>
      Int32Array.from(new Set(own.flatMap((name) => members.get(name)!)))
    );
  }

  /** The variance of a statistic, or of a sum of statistics, over the choice of groups. */
  variance(byRow: Float64Array): number {
    let shared = 0, own = 0;
    for (let row = 0; row < this.rows; row++) {
      let sum = 0;
      for (const other of this.#neighbours[row]) sum += byRow[other];
      shared += byRow[row] * sum;
      own += byRow[row] ** 2;
    }
    // where groups overlap the sum over pairs can fall below any variance that rows have by themselves
    const sum = this.#overlap ? Math.max(shared, own) : shared;
    return sum * this.count / (this.count - 1);
  }
}
