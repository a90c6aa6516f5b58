/** Student's t distribution: how far a mean of few values may lie from the truth. */
import { incompleteBeta } from "./beta.ts";

/**
 * The value below which Student's t lies with a probability.
 *
 * @param probability in (0, 1)
 * @param freedom degrees of freedom, above 0
 * @throws RangeError outside of these
 */
export function studentQuantile(probability: number, freedom: number): number {
  if (!(probability > 0 && probability < 1 && freedom > 0)) {
    throw new RangeError(
      `there is no quantile of t at probability ${probability} with ${freedom} degrees of freedom`,
    );
  }
  const tail = Math.min(probability, 1 - probability);
  // P(T > t) = I_x(freedom / 2, 1 / 2) / 2 with x = freedom / (freedom + t^2): bisected on x
  let low = 0, high = 1;
  for (let step = 0; step < 200 && high - low > 1e-17 * high; step++) {
    const x = (low + high) / 2;
    if (incompleteBeta(x, freedom / 2, 0.5) / 2 < tail) low = x;
    else high = x;
  }
  const x = (low + high) / 2, t = Math.sqrt(freedom * (1 - x) / x);
  return probability < 0.5 ? -t : t;
}

/**
 * The probability that Student's t lies above a value.
 *
 * @param t not negative
 * @param freedom degrees of freedom, above 0
 */
export function studentTail(t: number, freedom: number): number {
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
}
