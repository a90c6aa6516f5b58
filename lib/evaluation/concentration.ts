/** How much of what it could a set of weights is spread over. */

/**
 * The effective number of weights: the exponential of their entropy, the number of equal weights that would be as evenly
 * spread (Hill, "Diversity and Evenness", 1973, of order 1).
 *
 * @param weights not negative, with a sum above 0, which need not be 1
 * @returns from 1, where all lies on one, to their number, where all are equal
 * @throws RangeError when a weight is negative or no number, or all are 0
 */
export function effectiveNumber(weights: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < weights.length; k++) {
    if (!(weights[k] >= 0)) {
      throw new RangeError(`cannot spread weight ${k}, which is ${weights[k]}`);
    }
    sum += weights[k];
  }
  if (sum === 0) throw new RangeError(`cannot spread ${weights.length} weights of 0`);
  let entropy = 0;
  for (let k = 0; k < weights.length; k++) {
    const share = weights[k] / sum;
    if (share > 0) entropy -= share * Math.log(share);
  }
  return Math.exp(entropy);
}
