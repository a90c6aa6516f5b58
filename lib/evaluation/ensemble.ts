/** Ensembles (X3): what several systems say together. */
import { logit } from "./aggregate.ts";
import type { Matrix } from "./metrics.ts";

/**
 * How the members' probabilities become one.
 * - `meanProbability`: their mean.
 * - `meanLogit`: the probability of the mean of their logits.
 */
export type Combination = "meanProbability" | "meanLogit";

/** The ways to combine. */
export const COMBINATIONS: readonly Combination[] = ["meanProbability", "meanLogit"];

/** @throws RangeError where there is no member, or members are of different sizes */
function checkMembers(members: readonly Matrix[]): void {
  if (members.length === 0) throw new RangeError("an ensemble needs a member");
  const other = members.findIndex(({ length }) => length !== members[0].length);
  if (other < 0) return;
  throw new RangeError(
    `cannot combine ${members[0].length} scores of member 0 with ${
      members[other].length
    } of member ${other}`,
  );
}

/**
 * Combines the members' probabilities for the same rows.
 *
 * @param members in [0, 1], all of one length
 * @param options.by Default: "meanProbability"
 * @param options.weights of the members, with sum 1. Default: all alike
 * @throws RangeError where there is no member, or what is given is of different sizes
 */
export function combine(
  members: readonly Matrix[],
  { by = "meanProbability", weights = members.map(() => 1 / members.length) }: {
    by?: Combination;
    weights?: readonly number[];
  } = {},
): Float32Array {
  checkMembers(members);
  if (weights.length !== members.length) {
    throw new RangeError(`cannot give ${weights.length} weights to ${members.length} members`);
  }
  const sum = (at: number, of: (probability: number) => number) =>
    members.reduce((total, scores, k) => total + weights[k] * of(scores[at]), 0);
  return Float32Array.from(
    members[0],
    (_, at) => by === "meanProbability" ? sum(at, (p) => p) : 1 / (1 + Math.exp(-sum(at, logit))),
  );
}

/**
 * The weights with which the mean of the probabilities has the least binary cross-entropy on some rows, which are not to
 * be scored. A member's share in what is true is its next weight (expectation maximisation of a mixture, Dempster, Laird
 * and Rubin, 1977): the cross-entropy is convex in the weights and falls at every step.
 *
 * @param members in [0, 1], all of one length
 * @param targets 0 or 1, of the same length
 * @param options.steps Default: 200
 * @returns a weight for each member, with sum 1
 * @throws RangeError where there is no member or no row, or what is given is of different sizes
 */
export function tuneWeights(
  members: readonly Matrix[],
  targets: Matrix,
  { steps = 200 }: { steps?: number } = {},
): number[] {
  checkMembers([...members, targets]);
  if (targets.length === 0 || members.length === 0) {
    throw new RangeError(`cannot weigh ${members.length} members on ${targets.length} targets`);
  }
  // the probability that a member gives to what is the case; never 0
  const ofTruth = members.map((scores) =>
    Float64Array.from(scores, (p, at) => Math.max(targets[at] ? p : 1 - p, Number.EPSILON))
  );
  let weights = members.map(() => 1 / members.length);
  for (let step = 0; step < steps; step++) {
    const shares = members.map(() => 0);
    for (let at = 0; at < targets.length; at++) {
      let all = 0;
      for (let k = 0; k < weights.length; k++) all += weights[k] * ofTruth[k][at];
      for (let k = 0; k < weights.length; k++) shares[k] += weights[k] * ofTruth[k][at] / all;
    }
    weights = shares.map((share) => share / targets.length);
  }
  return weights;
}
