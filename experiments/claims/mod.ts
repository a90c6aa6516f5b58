/**
 * The document's claims, sentence by sentence, in our words, in its order (R8). `./lumen claims` holds them against the
 * evidence; a verdict is never written here.
 *
 * What is an opinion, a plan, or the description of a method is left out. Where a sentence says "much", "slightly" or
 * "about", the claim says in brackets where the line is drawn.
 */
import type { Claim } from "../../lib/experiments/claims.ts";
import { AUGMENTATION_CLAIMS } from "./augmentation.ts";
import { DATA_CLAIMS } from "./data.ts";
import { FEATURE_CLAIMS } from "./features.ts";
import { MODELLING_CLAIMS } from "./modelling.ts";
import { MUSIC_CLAIMS } from "./music.ts";
import { RESULT_CLAIMS } from "./results.ts";

export const CLAIMS: readonly Claim[] = [
  ...DATA_CLAIMS,
  ...MUSIC_CLAIMS,
  ...FEATURE_CLAIMS,
  ...AUGMENTATION_CLAIMS,
  ...MODELLING_CLAIMS,
  ...RESULT_CLAIMS,
];
