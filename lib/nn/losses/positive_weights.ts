/** How much more an instrument counts where it is there, so that both answers weigh the same (M2). */
import { INSTRUMENTS } from "../../datasets/labels.ts";

/**
 * Each instrument's negatives/positives: with 250 examples of the guitar among 650, 400/250 = 1.6.
 *
 * @param targets the training examples' labels, `[examples, instruments]`, 0 or 1
 * @param options.instruments columns of `targets`. Default: 11
 * @returns one weight for each instrument; 1 where no example has it, as it is then never used
 */
export function positiveWeights(
  targets: ArrayLike<number>,
  { instruments = INSTRUMENTS.length }: { instruments?: number } = {},
): number[] {
  const examples = targets.length / instruments;
  const positives = new Array<number>(instruments).fill(0);
  for (let k = 0; k < targets.length; k++) positives[k % instruments] += targets[k];
  return positives.map((count) => count === 0 ? 1 : (examples - count) / count);
}
