/** Areas under ROC curves of rows that have weights. */

/** The area under the ROC curve of one label from scores in ascending order; equal ones count half. */
export function weightedAuc(
  scores: ArrayLike<number>,
  positive: ArrayLike<boolean | number>,
  order: readonly number[],
): (weights: ArrayLike<number>) => number {
  return (weights) => {
    let below = 0, area = 0, positives = 0;
    for (let k = 0; k < order.length;) {
      let tiedPositive = 0, tiedNegative = 0;
      const score = scores[order[k]];
      for (; k < order.length && scores[order[k]] === score; k++) {
        if (positive[order[k]]) tiedPositive += weights[order[k]];
        else tiedNegative += weights[order[k]];
      }
      area += tiedPositive * (below + tiedNegative / 2);
      below += tiedNegative;
      positives += tiedPositive;
    }
    return area / (positives * below);
  };
}
