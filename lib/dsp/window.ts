/** Windows for short-time analysis. */

/** Hann's window of n samples, periodic (as `scipy.signal.get_window("hann", n)`): 0.5 - 0.5 cos(2 pi t / n). */
export function hann(n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, t) => 0.5 - 0.5 * Math.cos(2 * Math.PI * t / n));
}
