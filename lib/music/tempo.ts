/** The tempo of a piece of music (D18). */
import { meanAutocorrelation } from "./tempogram.ts";

/** Options of {@link tempo}; the defaults are librosa's. */
export interface TempoOptions {
  /** Of the sound, in Hz. */
  sampleRate: number;
  /** Samples from one value of the envelope to the next. Default: 512. */
  hopLength?: number;
  /** The tempo that is taken to be likeliest, in beats a minute. Default: 120. */
  startTempo?: number;
  /** How far tempi lie around it: the standard deviation of their logarithm, in octaves. Default: 1. */
  octaves?: number;
  /** No tempo from here on is found, in beats a minute. Default: 320. */
  maxTempo?: number;
  /** Length of the windows that are correlated. Default: 8. */
  windowSeconds?: number;
}

/** The tempo, in beats a minute, at which something recurs every `lag` values of an envelope. */
export function lagToTempo(
  lag: number,
  { sampleRate, hopLength = 512 }: { sampleRate: number; hopLength?: number },
): number {
  return 60 * sampleRate / (hopLength * lag);
}

/**
 * The tempo in beats a minute: the lag at which the mean autocorrelation tempogram, under a log-normal prior, is
 * largest (Ellis, "Beat tracking by dynamic programming", JNMR 2007). As librosa's `feature.tempo`, which is what
 * its `beat_track` reports.
 *
 * A lag is a whole number of values, so tempi near t come in steps of t^2 hopLength / (60 sampleRate): 3.5 BPM
 * at 95 BPM, 5.6 at 120, with the defaults at 22,050 Hz. Of a beat faster than about 175 BPM the default prior
 * prefers every other one.
 *
 * @param envelope onset strength, as {@link onsetStrength} gives it
 * @returns 0 where the envelope has no onset at all: silence, a steady sound, a clip of one frame
 * @throws RangeError when the envelope is empty, or a window has no lag below maxTempo
 */
export function tempo(
  envelope: Float32Array,
  {
    sampleRate,
    hopLength = 512,
    startTempo = 120,
    octaves = 1,
    maxTempo = 320,
    windowSeconds = 8,
  }: TempoOptions,
): number {
  const winLength = Math.floor(windowSeconds * sampleRate / hopLength);
  const bpm = (lag: number) => lagToTempo(lag, { sampleRate, hopLength });
  if (!(bpm(winLength - 1) < maxTempo)) {
    throw new RangeError(
      `cannot find a tempo below ${maxTempo} BPM in windows of ${windowSeconds} s, ${winLength} values of the envelope`,
    );
  }
  const correlation = meanAutocorrelation(envelope, { winLength });
  if (envelope.every((value) => value === 0)) return 0;
  let best = 0, highest = -Infinity;
  for (let lag = winLength - 1; lag > 0 && bpm(lag) < maxTempo; lag--) {
    const prior = -0.5 * (Math.log2(bpm(lag) / startTempo) / octaves) ** 2;
    const score = Math.log1p(1e6 * correlation[lag]) + prior;
    if (score >= highest) [best, highest] = [lag, score];
  }
  return bpm(best);
}
