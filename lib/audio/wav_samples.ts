/** Samples as WAV files keep them. */

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

/** By "format tag / bits". */
export const SAMPLE_READERS: Readonly<Record<string, SampleReader>> = {
  "1/8": (view, at) => (view.getUint8(at) - 128) / 128,
  "1/16": (view, at) => view.getInt16(at, true) / 32768,
  "1/24": (view, at) => (view.getUint16(at, true) | view.getInt8(at + 2) << 16) / 8388608,
  "1/32": (view, at) => view.getInt32(at, true) / 2147483648,
  "3/32": (view, at) => view.getFloat32(at, true),
  "3/64": (view, at) => view.getFloat64(at, true),
  "6/8": byTable(expandALaw),
  "7/8": byTable(expandMuLaw),
};

/** Samples that lie in memory as the processor keeps numbers, and what they are multiplied by. */
export interface NativeSamples {
  values: Int16Array | Float32Array;
  scale: number;
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * The samples from a place on as numbers of their own type, where that can be: reading them so takes half the time.
 *
 * @param encoding "format tag / bits"
 */
export function nativeSamples(
  encoding: string,
  { buffer, byteOffset }: DataView,
  { at, count }: { at: number; count: number },
): NativeSamples | undefined {
  const place = byteOffset + at;
  if (!LITTLE_ENDIAN) return undefined;
  if (encoding === "1/16" && place % 2 === 0) {
    return { values: new Int16Array(buffer, place, count), scale: 1 / 32768 };
  }
  if (encoding === "3/32" && place % 4 === 0) {
    return { values: new Float32Array(buffer, place, count), scale: 1 };
  }
}
