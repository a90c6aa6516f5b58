/** NumPy's array file format (NEP 1): one array in one run of bytes. */

/** Arrays of numbers that a .npy file can hold. */
export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** What {@link encodeNpy} takes: values in C order (last axis fastest). */
export interface ArrayContent {
  shape: readonly number[];
  data: NumberArray | readonly string[];
}

/** What {@link decodeNpy} gives: C order, `dtype` as NumPy writes it ("|u1", "<f4", "<U35"). */
export interface NpyArray {
  shape: number[];
  dtype: string;
  data: NumberArray | string[];
}

const NUMBER_TYPES = {
  "|b1": Uint8Array,
  "|i1": Int8Array,
  "|u1": Uint8Array,
  "<i2": Int16Array,
  "<u2": Uint16Array,
  "<i4": Int32Array,
  "<u4": Uint32Array,
  "<i8": BigInt64Array,
  "<u8": BigUint64Array,
  "<f4": Float32Array,
  "<f8": Float64Array,
} as const;

const MAGIC = "\x93NUMPY";

/**
 * Reads a .npy file's bytes. Booleans become 0 and 1, text (`<U…`) becomes strings.
 *
 * @throws Error when it is no .npy, is cut short, is in Fortran order, or holds another type (objects,
 * complex, half precision, big-endian)
 */
export function decodeNpy(bytes: Uint8Array): NpyArray {
  const { dtype, shape, offset } = readHeader(bytes);
  const length = shape.reduce((product, n) => product * n, 1);
  const width = itemSize(dtype);
  if (bytes.length - offset < length * width) {
    throw new Error(
      `cut short: shape (${shape}) of ${dtype} needs ${length * width} bytes, ${
        bytes.length - offset
      } are there`,
    );
  }
  const body = bytes.subarray(offset, offset + length * width);
  if (dtype.startsWith("<U")) return { shape, dtype, data: decodeText(body, length, width / 4) };
  const type = NUMBER_TYPES[dtype as keyof typeof NUMBER_TYPES];
  const aligned = body.byteOffset % type.BYTES_PER_ELEMENT === 0 ? body : body.slice();
  return {
    shape,
    dtype,
    data: new type(aligned.buffer as ArrayBuffer, aligned.byteOffset, length),
  };
}

/**
 * The bytes of a .npy file, version 1.0, as `numpy.save` writes them.
 *
 * @throws RangeError when the shape does not hold as many values as there are
 */
export function encodeNpy({ shape, data }: ArrayContent): Uint8Array<ArrayBuffer> {
  const length = shape.reduce((product, n) => product * n, 1);
  if (length !== data.length) {
    throw new RangeError(`shape (${shape}) holds ${length} values, ${data.length} were given`);
  }
  const [dtype, body] = ArrayBuffer.isView(data)
    ? [dtypeOf(data), new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]
    : encodeText(data);
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const offset = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const bytes = new Uint8Array(offset + body.length);
  const header = MAGIC + "\x01\x00\x00\x00" + dictionary.padEnd(offset - 11) + "\n";
  for (let k = 0; k < offset; k++) bytes[k] = header.charCodeAt(k);
  new DataView(bytes.buffer).setUint16(8, offset - 10, true);
  bytes.set(body, offset);
  return bytes;
}

function readHeader(bytes: Uint8Array): { dtype: string; shape: number[]; offset: number } {
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(0, 6)) !== MAGIC) {
    throw new Error("no .npy file: its first bytes are not NumPy's");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = bytes[6] === 1 ? 10 : 12;
  const offset = start + (bytes[6] === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  const header = String.fromCharCode(...bytes.subarray(start, offset));
  const dtype = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (dtype === undefined || shape === undefined) {
    throw new Error(`cannot understand the .npy header ${header.trim()}`);
  }
  if (/'fortran_order':\s*True/.test(header)) {
    throw new Error("Fortran order is not read; save numpy.ascontiguousarray(x) instead");
  }
  return { dtype, shape: shape.split(",").filter((n) => n.trim()).map(Number), offset };
}

function itemSize(dtype: string): number {
  if (/^<U\d+$/.test(dtype)) return 4 * Number(dtype.slice(2));
  if (dtype in NUMBER_TYPES) {
    return NUMBER_TYPES[dtype as keyof typeof NUMBER_TYPES].BYTES_PER_ELEMENT;
  }
  const known = [...Object.keys(NUMBER_TYPES), "<U…"].join(" ");
  throw new Error(`values of type ${dtype} are not read; known: ${known}`);
}

function dtypeOf(data: NumberArray): string {
  const found = Object.entries(NUMBER_TYPES).findLast(([, type]) => data instanceof type);
  if (!found) throw new TypeError(`cannot write ${Object.prototype.toString.call(data)} as .npy`);
  return found[0];
}

/** UTF-32, padded with zeros to a fixed width, as NumPy keeps text. */
function encodeText(texts: readonly string[]): [string, Uint8Array] {
  const points = texts.map((text) => Array.from(text, (char) => char.codePointAt(0)!));
  const width = points.reduce((most, p) => Math.max(most, p.length), 1);
  const cells = new Uint32Array(texts.length * width);
  points.forEach((p, k) => cells.set(p, k * width));
  return [`<U${width}`, new Uint8Array(cells.buffer)];
}

function decodeText(body: Uint8Array, length: number, width: number): string[] {
  const cells = new Uint32Array(body.slice().buffer);
  return Array.from({ length }, (_, k) => {
    let end = (k + 1) * width;
    while (end > k * width && cells[end - 1] === 0) end--;
    return String.fromCodePoint(...cells.subarray(k * width, end));
  });
}
