/** A scale of scores on which a search for thresholds in even steps is as fine near 0 and 1 as between them. */
import { logit } from "./aggregate.ts";

/** The largest logit that a score can have; the smallest is as far below 0. */
const MOST = logit(1);

/**
 * Scores on a scale on which thresholds near 0 are as fine as others: their logits, from 0 for the smallest to 1. Most of
 * YAMNet's are below a thousandth, the step of the search for thresholds.
 */
export const onLogitScale = (scores: Float32Array): Float32Array =>
  scores.map((score) => (logit(score) / MOST + 1) / 2);

/** A score from its place on {@link onLogitScale}. */
export const fromLogitScale = (place: number) => 1 / (1 + Math.exp(MOST * (1 - 2 * place)));
