/** Clips that are no use to anyone, told from their sound alone (D15). */
import { toMono } from "./mono.ts";
import { duration, type Sound } from "./sound.ts";

/** Why a clip is an obvious outlier. */
export type Outlier = "short" | "silent";

/** What counts as one; the defaults are the study's. */
export interface OutlierRules {
  /** Seconds that a clip must last. Default: 1. */
  shortest?: number;
  /** A clip is silent when more than this part of its samples is silence. Default: 0.8. */
  mostSilence?: number;
}

/** What an outlier is told by. */
export interface ClipMeasures {
  seconds: number;
  /** The part of the samples, mixed to one channel, that is silence. */
  silentPart: number;
}

/** Magnitudes below this part of a clip's peak are silence (-60 dB). */
const FLOOR = 0.001;

/** Measures what {@link judgeClip} judges. */
export function measureClip(sound: Sound): ClipMeasures {
  return { seconds: duration(sound), silentPart: silentPart(toMono(sound), FLOOR) };
}

/**
 * Whether a clip is an obvious outlier. What cannot be read at all is the third kind: there `decodeFile` throws.
 *
 * @returns the first reason that holds; undefined for a proper clip
 */
export function judgeClip(
  { seconds, silentPart }: ClipMeasures,
  { shortest = 1, mostSilence = 0.8 }: OutlierRules = {},
): Outlier | undefined {
  if (seconds < shortest) return "short";
  if (silentPart > mostSilence) return "silent";
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
