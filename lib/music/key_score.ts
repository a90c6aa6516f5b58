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
