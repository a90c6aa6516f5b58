/** The signals of fixtures/descriptors/make_descriptors.py that are not in mel_signals.ts. */
import { noise } from "./mel_signals.ts";

/** Eight partials of 220 Hz at 22,050 Hz that die away, in a little noise. */
export function pluck(n: number): Float32Array {
  const hiss = noiseInDouble(n);
  return Float32Array.from({ length: n }, (_, k) => {
    const t = k / 22050;
    let partials = 0;
    for (let h = 1; h <= 8; h++) partials += Math.sin(2 * Math.PI * 220 * h * t) / h;
    return 0.2 * Math.exp(-3 * t) * partials + 0.01 * hiss[k];
  });
}

/** Noise in the second quarter, silence else. */
export function burst(n: number): Float32Array {
  return noise(n).map((x, t) => t >= Math.floor(n / 4) && t < Math.floor(n / 2) ? x : 0);
}

/** As `noise`, before it is rounded to single precision. */
function noiseInDouble(n: number): Float64Array {
  let state = 12345;
  return Float64Array.from({ length: n }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return 0.3 * (state / 2 ** 31 - 1);
  });
}
