/** Labels and pairs of labels that occur together, and in which rows. */

/** A label, or two labels in one row. */
export interface LabelCombination {
  /** Labels in it: 1 or 2. */
  size: number;
  /** The rows that have all of it, in their order. */
  rows: number[];
}

/** What {@link combinationsOf} finds. */
export interface LabelCombinations {
  combinations: LabelCombination[];
  /** For each row the numbers of the combinations that it has. */
  ofRow: number[][];
}

/**
 * Finds every label that some row has and, for order 2, every pair.
 *
 * @param targets 0 or 1, `[rows, labels]`
 * @throws RangeError when the targets are no whole rows
 */
export function combinationsOf(
  targets: Uint8Array,
  { labels, order }: { labels: number; order: 1 | 2 },
): LabelCombinations {
  if (targets.length % labels !== 0) {
    throw new RangeError(`${targets.length} targets are no rows of ${labels} labels`);
  }
  const found = new Map<number, LabelCombination>(), numbers = new Map<number, number>();
  const ofRow = Array.from({ length: targets.length / labels }, (_, row) => {
    const own: number[] = [];
    for (let a = 0; a < labels; a++) {
      if (!targets[row * labels + a]) continue;
      // (a, a) stands for the label alone
      for (let b = a; b < (order === 2 ? labels : a + 1); b++) {
        if (!targets[row * labels + b]) continue;
        const key = a * labels + b;
        if (!found.has(key)) {
          numbers.set(key, found.size);
          found.set(key, { size: a === b ? 1 : 2, rows: [] });
        }
        found.get(key)!.rows.push(row);
        own.push(numbers.get(key)!);
      }
    }
    return own;
  });
  return { combinations: [...found.values()], ofRow };
}
