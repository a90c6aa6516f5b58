/** How right an estimated key is. */
import { interval, type Key } from "./tonality.ts";

/** What an estimated key is to the true one. */
export type KeyRelation = "exact" | "fifth" | "relative" | "parallel" | "other";

/**
 * The weight of each relation in the MIREX key score: a key that shares most of its tones with the true one, or its
 * tonic, is not all wrong.
 */
export const KEY_WEIGHTS: Readonly<Record<KeyRelation, number>> = {
  exact: 1,
  fifth: 0.5,
  relative: 0.3,
  parallel: 0.2,
  other: 0,
};

/**
 * What an estimated key is to the true one: the same, a fifth above it in the same mode, of the same signature
 * (relative), of the same root in the other mode (parallel), or something else. A fifth below counts as something else.
 */
export function keyRelation(truth: Key, estimate: Key): KeyRelation {
  const up = interval(truth.root, estimate.root);
  if (truth.mode === estimate.mode) return up === 0 ? "exact" : up === 7 ? "fifth" : "other";
  if (up === 0) return "parallel";
  return up === (truth.mode === "major" ? 9 : 3) ? "relative" : "other";
}

/** How right a list of estimated keys is. */
export interface KeyScore {
  count: number;
  /** Share of exact keys, 0 to 1. */
  exact: number;
  /** Mean of {@link KEY_WEIGHTS}: the MIREX key score, 0 to 1. */
  weighted: number;
  /** How often each relation occurs. */
  relations: Record<KeyRelation, number>;
}

/** Scores estimated keys. @returns NaN shares of an empty list */
export function scoreKeys(pairs: Iterable<{ truth: Key; estimate: Key }>): KeyScore {
  const relations = { exact: 0, fifth: 0, relative: 0, parallel: 0, other: 0 };
  let count = 0, weight = 0;
  for (const { truth, estimate } of pairs) {
    const relation = keyRelation(truth, estimate);
    relations[relation]++;
    weight += KEY_WEIGHTS[relation];
    count++;
  }
  return { count, exact: relations.exact / count, weighted: weight / count, relations };
}
