/** Whether two sets of sampled sounds share a recording: whatever its gain, compression, start or sample rate. */
import { resample } from "lib/audio/resample.ts";
import { powerFrames } from "lib/dsp/stft.ts";

/** A sampled sound. */
export interface Sample {
  name: string;
  sound: Float32Array;
  sampleRate: number;
}

/** What is compared: the first part after the onset, at one rate, and the shape of its spectrum. */
interface Fingerprint {
  name: string;
  wave: Float32Array;
  shape: Float64Array;
}

const RATE = 11_025, LENGTH = 4096, LAGS = 200, BANDS = 96;

/** Fingerprints of sounds that last long enough to be told apart (0.1 s after their onset). */
export function fingerprints(samples: Iterable<Sample>): Fingerprint[] {
  return [...samples].flatMap(({ name, sound, sampleRate }) => {
    const peak = sound.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const onset = Math.max(0, sound.findIndex((x) => Math.abs(x) > 0.05 * peak));
    const part = sound.subarray(onset, onset + Math.ceil((LENGTH + LAGS) / RATE * sampleRate));
    if (part.length < 0.1 * sampleRate) return [];
    const wave = new Float32Array(LENGTH + LAGS);
    wave.set(resample(part, sampleRate, RATE).subarray(0, wave.length));
    const shape = new Float64Array(BANDS);
    const framing = { nFft: LENGTH, hopLength: LENGTH, center: false };
    powerFrames(wave.subarray(0, LENGTH), framing, (_, power) => {
      const edge = (band: number) => Math.round(8 * (power.length / 8) ** (band / BANDS));
      for (let band = 0; band < BANDS; band++) {
        const to = Math.max(edge(band) + 1, edge(band + 1));
        for (let k = edge(band); k < to; k++) shape[band] += power[k];
      }
    });
    const top = shape.reduce((a, b) => Math.max(a, b), 0);
    const level = shape.map((power) => Math.max(-50, 10 * Math.log10(power / top + 1e-12)));
    const mean = level.reduce((a, b) => a + b, 0) / BANDS;
    const norm = Math.hypot(...level.map((x) => x - mean));
    return [{ name, wave, shape: level.map((x) => (x - mean) / norm) }];
  });
}

/** Largest normalised cross-correlation over lags of 18 ms either way. */
function correlation(a: Float32Array, b: Float32Array): number {
  let most = 0;
  for (const [x, y] of [[a, b], [b, a]]) {
    for (let lag = 0; lag < LAGS; lag++) {
      let xy = 0, xx = 0, yy = 0;
      for (let n = 0; n < LENGTH; n++) {
        xy += x[n + lag] * y[n];
        xx += x[n + lag] * x[n + lag];
        yy += y[n] * y[n];
      }
      most = Math.max(most, Math.abs(xy) / Math.sqrt(xx * yy + 1e-20));
    }
  }
  return most;
}

/** Pairs whose waveforms agree: the same recording. `threshold` is the normalised cross-correlation. */
export function sharedSamples(
  ours: readonly Fingerprint[],
  theirs: readonly Fingerprint[],
  threshold: number,
): { pair: [string, string]; correlation: number }[] {
  return ours.flatMap((a) =>
    theirs.flatMap((b) => {
      // Equal recordings have equal spectra; this costs a thousandth of comparing the waves.
      const alike = a.shape.reduce((sum, x, k) => sum + x * b.shape[k], 0);
      if (alike < 0.95) return [];
      const agreement = correlation(a.wave, b.wave);
      return agreement > threshold
        ? [{ pair: [a.name, b.name] as [string, string], correlation: agreement }]
        : [];
    })
  );
}
