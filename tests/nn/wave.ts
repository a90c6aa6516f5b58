/** The numbers that tests/fixtures/make_torch_fixtures.py computes by the same formula. */

/** offset + scale * sin(1.7 k + s) for k = 0, 1, ...; s is the sum of the name's character codes. */
export function wave(name: string, count: number, scale: number, offset = 0): Float32Array {
  const start = Array.from(name).reduce((sum, c) => sum + c.charCodeAt(0), 0);
  return Float32Array.from({ length: count }, (_, k) => offset + scale * Math.sin(1.7 * k + start));
}

/** Largest |a - b| relative to the largest |b|. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} values against ${b.length}`);
  let difference = 0, largest = 0;
  for (let k = 0; k < b.length; k++) {
    difference = Math.max(difference, Math.abs(a[k] - b[k]));
    largest = Math.max(largest, Math.abs(b[k]));
  }
  return difference / largest;
}
