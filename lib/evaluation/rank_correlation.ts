/** Whether two quantities have the same order. */
import { weightedCorrelation } from "../baselines/correlation.ts";
import { incompleteBeta } from "../core/beta.ts";
import { NORMAL_95 } from "../core/statistics.ts";

/** Spearman's rank correlation and what chance makes of it. */
export interface RankCorrelation {
  /** In [-1, 1]; NaN where a list is constant. */
  rho: number;
  /**
   * 95 % interval by Fisher's z with the variance of Bonett and Wright (2000); at 1 and -1 it has no width, and says nothing.
   */
  low: number;
  high: number;
  /**
   * Probability of a correlation at least as far from 0 where all orders are alike: counted over all of them up to nine
   * values, by Student's t beyond.
   */
  p: number;
}

/** Ranks from 1 on; equal values have the mean of theirs. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, k) => k).sort((a, b) => values[a] - values[b]);
  const out = new Float64Array(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let k = from; k < to; k++) out[order[k]] = (from + 1 + to) / 2;
  }
  return out;
}

/** Spearman's rho alone; see {@link rankCorrelation}. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const rho = weightedCorrelation(ranks(x), ranks(y), new Float64Array(x.length).fill(1));
  return Math.min(1, Math.max(-1, rho)); // sums of ranks may lie beyond 1 by their rounding
}

/** Lists of so many values have few enough orders to count. */
const COUNTED = 9;

/** The share of all orders of y whose correlation with x is at least as far from 0 as the one that is there. */
function shareOfOrders(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const a = ranks(x), b = ranks(y), middle = (a.length + 1) / 2;
  const products = a.map((rank, k) => (rank - middle) * (b[k] - middle));
  // sums of halves are exact
  const observed = Math.abs(products.reduce((sum, product) => sum + product, 0));
  let orders = 0, far = 0;
  const place = (k: number, sum: number) => {
    if (k === b.length) {
      orders++;
      if (Math.abs(sum) >= observed) far++;
      return;
    }
    for (let other = k; other < b.length; other++) {
      [b[k], b[other]] = [b[other], b[k]];
      place(k + 1, sum + (a[k] - middle) * (b[k] - middle));
      [b[k], b[other]] = [b[other], b[k]];
    }
  };
  place(0, 0);
  return far / orders;
}

/**
 * Spearman's rank correlation of two lists.
 *
 * @throws RangeError for lists of different length, or fewer than four values: there is no interval
 */
export function rankCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): RankCorrelation {
  if (x.length !== y.length || x.length < 4) {
    throw new RangeError(
      `cannot correlate the ranks of ${x.length} and ${y.length} values: 4 at least of both`,
    );
  }
  const rho = spearman(x, y);
  const reach = NORMAL_95 * Math.sqrt((1 + rho ** 2 / 2) / (x.length - 3));
  const end = (side: number) => Math.tanh(Math.atanh(rho) + side * reach);
  // by t: P(|t| > ...) = I_(1 - rho^2)(freedom / 2, 1 / 2)
  const p = x.length <= COUNTED
    ? shareOfOrders(x, y)
    : incompleteBeta(1 - rho ** 2, (x.length - 2) / 2, 0.5);
  return { rho, low: end(-1), high: end(1), p };
}
