/**
 * The value below which a share of the values lies, with linear interpolation between neighbours
 * (definition 7 of Hyndman and Fan, 1996: numpy's default).
 *
 * @param sorted values in ascending order, at least one
 * @param share in [0, 1]
 * @throws RangeError when there is no value
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) throw new RangeError("cannot take a quantile of no values");
  const place = share * (sorted.length - 1);
  const below = Math.floor(place), above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
