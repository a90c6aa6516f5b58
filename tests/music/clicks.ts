/** Bursts of 1 kHz, 10 ms long, from the first sample on: the formula of fixtures/rhythm/make_rhythm.py. */
export function clicks(
  n: number,
  { bpm, sampleRate }: { bpm: number; sampleRate: number },
): Float32Array {
  return Float32Array.from({ length: n }, (_, t) => {
    const since = t / sampleRate % (60 / bpm);
    return 0.5 * Math.sin(2 * Math.PI * 1000 * since) * Math.exp(-since / 0.01);
  });
}
