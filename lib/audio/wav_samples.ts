/** Samples as WAV files keep them. */
import type { Encoding } from "./samples.ts";

/** The sample at a place, full scale being -1..1. */
type SampleReader = (view: DataView, at: number) => number;

/** A byte's value in a table of 256. */
const byTable = (value: (code: number) => number): SampleReader => {
  const table = Float64Array.from({ length: 256 }, (_, code) => value(code) / 32768);
  return (view, at) => table[view.getUint8(at)];
};

/** ITU-T G.711, A-law: sign, exponent and mantissa with every second bit inverted; 13 bits as 16. */
function expandALaw(code: number): number {
  const bits = code ^ 0x55, exponent = bits >> 4 & 7, mantissa = (bits & 15) << 4;
  const size = exponent === 0 ? mantissa + 8 : mantissa + 264 << exponent - 1;
  return bits & 128 ? size : -size;
}

/** ITU-T G.711, mu-law: all bits inverted; 14 bits as 16. */
function expandMuLaw(code: number): number {
  const bits = ~code, size = ((bits & 15) << 3) + 132 << (bits >> 4 & 7);
  return bits & 128 ? 132 - size : size - 132;
}

/** Encodings that are read in blocks, by "format tag / bits". Integers have unsigned bytes, or more with a sign. */
export const BLOCK_ENCODINGS: Readonly<Record<string, Encoding>> = {
  "1/8": { bytes: 1, kind: "unsigned" },
  "1/16": { bytes: 2, kind: "signed" },
  "1/24": { bytes: 3, kind: "signed" },
  "1/32": { bytes: 4, kind: "signed" },
  "3/32": { bytes: 4, kind: "float" },
};

/** Rare encodings, sample by sample. */
export const SAMPLE_READERS: Readonly<Record<string, SampleReader>> = {
  "3/64": (view, at) => view.getFloat64(at, true),
  "6/8": byTable(expandALaw),
  "7/8": byTable(expandMuLaw),
};
