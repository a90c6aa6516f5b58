/** The labels of sums of clips, without drawing any (A1). */

/**
 * Of the sum of `clips` clips of one label each: a clip, and others of different instruments that it lacks, which are
 * drawn all alike.
 *
 * @param shares of the clips with each label; they add up to 1
 * @returns the probability of each label in a sum, and the largest correlation, either way, of two labels
 */
export function sumLabels(
  shares: readonly number[],
  clips: number,
): { shares: number[]; strongest: number } {
  const others = shares.length - 1, added = clips - 1;
  const each = added / others, both = added * (added - 1) / (others * (others - 1));
  const p = shares.map((share) => share + (1 - share) * each);
  const correlation = (a: number, b: number) => {
    const joint = (shares[a] + shares[b]) * each + (1 - shares[a] - shares[b]) * both;
    return (joint - p[a] * p[b]) / Math.sqrt(p[a] * (1 - p[a]) * p[b] * (1 - p[b]));
  };
  const pairs = shares.flatMap((_, a) =>
    shares.slice(0, a).map((_, b) => Math.abs(correlation(a, b)))
  );
  return { shares: p, strongest: Math.max(...pairs) };
}
