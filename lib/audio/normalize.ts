/** Level. */

/** Scales so that the largest magnitude is 1 (F3; what `librosa.util.normalize` does). Silence stays silence. */
export function peakNormalize(y: Float32Array): Float32Array {
  let peak = 0;
  for (let t = 0; t < y.length; t++) peak = Math.max(peak, Math.abs(y[t]));
  const out = y.slice();
  if (peak > 0) { for (let t = 0; t < out.length; t++) out[t] /= peak; }
  return out;
}
