/** Clips that are no use to anyone, told from their sound alone (D15). */
import { toMono } from "./mono.ts";
import { duration, type Sound } from "./sound.ts";

/** Why a clip is an obvious outlier. */
export type Outlier = "short" | "silent";

/** What counts as one; the defaults are the study's. */
export interface OutlierRules {
  /** Seconds that a clip must last. Default: 1. */
  shortest?: number;
  /** Magnitudes below this part of the clip's peak are silence. Default: 0.001 (-60 dB). */
  floor?: number;
  /** A clip is silent when more than this part of its samples is silence. Default: 0.8. */
  mostSilence?: number;
}

/**
 * Whether a clip is an obvious outlier. What cannot be read at all is the third kind: there `decodeFile` throws.
 *
 * @returns the first reason that holds; undefined for a proper clip
 */
export function findOutlier(
  sound: Sound,
  { shortest = 1, floor = 0.001, mostSilence = 0.8 }: OutlierRules = {},
): Outlier | undefined {
  if (duration(sound) < shortest) return "short";
  if (silentPart(toMono(sound), floor) > mostSilence) return "silent";
  return undefined;
}

/**
 * The part of a signal's samples whose magnitude is below a part of its peak, 0 to 1; of a signal of zeros, which has
 * no peak, 1.
 */
export function silentPart(y: Float32Array, floor: number): number {
  let peak = 0, count = 0;
  for (let t = 0; t < y.length; t++) peak = Math.max(peak, Math.abs(y[t]));
  if (peak === 0) return 1;
  for (let t = 0; t < y.length; t++) if (Math.abs(y[t]) < floor * peak) count++;
  return count / y.length;
}
