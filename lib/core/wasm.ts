/**
 * WebAssembly written in TypeScript: instructions are expressions that nest like the formulas they stand for.
 *
 * Only what inner loops of signal processing need: 32-bit integers for addresses and counters, doubles in pairs or
 * singles in fours (SIMD lanes), one memory, no calls. See the WebAssembly specification 3.0, chapter "Binary Format".
 */

/** Instructions that leave one value (or, as a statement, none). */
export type Code = readonly number[];

/** A type of value by its byte: `i32`, `i64`, `f64`, and `v128`, which holds two doubles or four singles. */
const TYPE = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b } as const;
type ValueType = keyof typeof TYPE;

/** An unsigned number in LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  do {
    bytes.push(value & 0x7f | (value > 0x7f ? 0x80 : 0));
    value >>>= 7;
  } while (value > 0);
  return bytes;
}

/** A signed number in LEB128. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (;;) {
    const byte = value & 0x7f;
    value >>= 7;
    const last = value === (byte & 0x40 ? -1 : 0);
    bytes.push(last ? byte : byte | 0x80);
    if (last) return bytes;
  }
}

const vector = (items: readonly Code[]) => [...unsigned(items.length), ...items.flat()];
const section = (id: number, body: Code) => [id, ...unsigned(body.length), ...body];
const text = (name: string) => [...unsigned(name.length), ...new TextEncoder().encode(name)];

const simd = (opcode: number, ...operands: Code[]): Code => [
  ...operands.flat(),
  0xfd,
  ...unsigned(opcode),
];
/** Alignment (a power of two) and offset behind an instruction that touches memory. */
const place = (alignment: number, offset: number) => [alignment, ...unsigned(offset)];

/** Integers: addresses in bytes and counters. */
export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  add: (a: Code, b: Code): Code => [...a, ...b, 0x6a],
  sub: (a: Code, b: Code): Code => [...a, ...b, 0x6b],
  mul: (a: Code, b: Code): Code => [...a, ...b, 0x6c],
  remainder: (a: Code, b: Code): Code => [...a, ...b, 0x70],
  load: (address: Code, offset = 0): Code => [...address, 0x28, ...place(2, offset)],
};

/** Integers of 64 bits, for products; in memory they have 32. */
export const i64 = {
  const: (value: number): Code => [0x42, ...signed(value)],
  /** An integer of 32 bits as one of 64. */
  extend: (a: Code): Code => [...a, 0xac],
  add: (a: Code, b: Code): Code => [...a, ...b, 0x7c],
  mul: (a: Code, b: Code): Code => [...a, ...b, 0x7e],
  /** With the sign. */
  shiftRight: (a: Code, count: Code): Code => [...a, ...count, 0x87],
  load32: (address: Code, offset = 0): Code => [...address, 0x34, ...place(2, offset)],
  store32: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    0x3e,
    ...place(2, offset),
  ],
};

/** What two doubles and four singles have in common, for kernels that are written once for both. */
export interface Lanes {
  /** Lanes of a register. */
  count: number;
  /** Bytes of a lane. */
  bytes: number;
  load(address: Code, offset?: number): Code;
  /** One number in all lanes. */
  loadSplat(address: Code, offset?: number): Code;
  store(address: Code, value: Code, offset?: number): Code;
  const(value: number): Code;
  add(a: Code, b: Code): Code;
  sub(a: Code, b: Code): Code;
  mul(a: Code, b: Code): Code;
  neg(a: Code): Code;
}

/** Two doubles at once. Offsets are in bytes. */
export const f64x2 = {
  count: 2,
  bytes: 8,
  load: (address: Code, offset = 0): Code => simd(0x00, address).concat(place(3, offset)),
  /** One double in both lanes. */
  loadSplat: (address: Code, offset = 0): Code => simd(0x0a, address).concat(place(3, offset)),
  store: (address: Code, value: Code, offset = 0): Code =>
    simd(0x0b, address, value).concat(place(3, offset)),
  splat: (value: Code): Code => simd(0x14, value),
  const: (value: number): Code => simd(0x14, f64.const(value)),
  /** Lane 0 and lane 1 of their own. */
  of: (a: Code, b: Code): Code => [...simd(0x14, a), ...b, 0xfd, 0x22, 1],
  lane: (value: Code, lane: 0 | 1): Code => [...value, 0xfd, 0x21, lane],
  add: (a: Code, b: Code): Code => simd(0xf0, a, b),
  sub: (a: Code, b: Code): Code => simd(0xf1, a, b),
  mul: (a: Code, b: Code): Code => simd(0xf2, a, b),
  div: (a: Code, b: Code): Code => simd(0xf3, a, b),
  max: (a: Code, b: Code): Code => simd(0xf5, a, b),
  /** The larger one in a single instruction; b where one is NaN. */
  larger: (a: Code, b: Code): Code => simd(0xf7, b, a),
  neg: (a: Code): Code => simd(0xed, a),
  sqrt: (a: Code): Code => simd(0xef, a),
  /** Lane `lane` of a, then of b. */
  lanes: (a: Code, b: Code, lane: 0 | 1): Code => [
    ...simd(0x0d, a, b),
    ...Array.from({ length: 16 }, (_, byte) => byte % 8 + 8 * lane + (byte < 8 ? 0 : 16)),
  ],
  /** All bits of a lane set where a is greater, else none. */
  greater: (a: Code, b: Code): Code => simd(0x4a, a, b),
  /** Two single-precision numbers in memory as doubles. */
  loadSingles: (address: Code, offset = 0): Code => [
    ...simd(0x5d, address),
    ...place(2, offset),
    0xfd,
    0x5f,
  ],
  storeSingles: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...simd(0x5e, value),
    0xfd,
    0x5b,
    ...place(2, offset),
    0,
  ],
};

/** Four integers of 32 bits at once. */
export const i32x4 = {
  splat: (value: Code): Code => simd(0x11, value),
  shiftLeft: (a: Code, count: Code): Code => simd(0xab, a, count),
  /** The larger of two, with their signs. */
  max: (a: Code, b: Code): Code => simd(0xb8, a, b),
  /** As singles, rounded. */
  toSingles: (a: Code): Code => simd(0xfa, a),
};

/** The bits of two lanes of 64. */
export const bits = {
  const: (lane: bigint): Code => {
    const bytes = new Uint8Array(BigUint64Array.of(lane, lane).buffer);
    return [0xfd, 0x0c, ...bytes];
  },
  and: (a: Code, b: Code): Code => simd(0x4e, a, b),
  or: (a: Code, b: Code): Code => simd(0x50, a, b),
  xor: (a: Code, b: Code): Code => simd(0x51, a, b),
  /** a where the mask's bits are set, else b. */
  select: (a: Code, b: Code, mask: Code): Code => simd(0x52, a, b, mask),
  shiftRight: (a: Code, count: number): Code => simd(0xcd, a, i32.const(count)),
};

/** Four single-precision numbers at once. */
export const f32x4 = {
  count: 4,
  bytes: 4,
  load: f64x2.load,
  loadSplat: (address: Code, offset = 0): Code => simd(0x09, address).concat(place(2, offset)),
  store: f64x2.store,
  const: (value: number): Code => simd(0x13, f32.const(value)),
  /** The value, but one lane from memory. */
  loadLane: (address: Code, value: Code, lane: number): Code => [
    ...simd(0x56, address, value),
    ...place(2, 0),
    lane,
  ],
  /** The value, but lanes 0 and 1 (half 0), or 2 and 3, from memory. */
  loadHalf: (address: Code, value: Code, half: 0 | 1): Code => [
    ...simd(0x57, address, value),
    ...place(3, 0),
    half,
  ],
  /** Lanes 0 and 2 (first 0), or 1 and 3, of a, then of b. */
  everySecond: (a: Code, b: Code, first: 0 | 1): Code => [
    ...simd(0x0d, a, b),
    ...Array.from({ length: 16 }, (_, byte) => 8 * (byte >> 2) + 4 * first + byte % 4),
  ],
  storeLane: (address: Code, value: Code, lane: number): Code => [
    ...simd(0x5a, address, value),
    ...place(2, 0),
    lane,
  ],
  add: (a: Code, b: Code): Code => simd(0xe4, a, b),
  sub: (a: Code, b: Code): Code => simd(0xe5, a, b),
  mul: (a: Code, b: Code): Code => simd(0xe6, a, b),
  neg: (a: Code): Code => simd(0xe1, a),
  /** All bits of a lane set where a is less, else none. */
  less: (a: Code, b: Code): Code => simd(0x43, a, b),
  min: (a: Code, b: Code): Code => simd(0xea, a, b),
  max: (a: Code, b: Code): Code => simd(0xeb, a, b),
};

/** Single singles. */
const f32 = {
  const: (value: number): Code => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)],
};

/** Single doubles. */
export const f64 = {
  const: (value: number): Code => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)],
  add: (a: Code, b: Code): Code => [...a, ...b, 0xa0],
  mul: (a: Code, b: Code): Code => [...a, ...b, 0xa2],
  load: (address: Code, offset = 0): Code => [...address, 0x2b, ...place(3, offset)],
  store: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    0x39,
    ...place(3, offset),
  ],
  /** A single-precision number in memory as a double. */
  loadSingle: (address: Code, offset = 0): Code => [
    ...address,
    0x2a,
    ...place(2, offset),
    0xbb,
  ],
  storeSingle: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    0xb6,
    0x38,
    ...place(2, offset),
  ],
};

/** A local variable. */
export interface Local {
  get: Code;
  /** The statement that gives it a value. */
  set(value: Code): Code;
}

/** A function under construction. */
export class FunctionBuilder {
  readonly #parameters: number;
  readonly #locals: ValueType[] = [];
  readonly #body: number[] = [];

  /** @param parameters how many integers it takes */
  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  parameter(index: number): Local {
    return localAt(index);
  }

  local(type: ValueType): Local {
    this.#locals.push(type);
    return localAt(this.#parameters + this.#locals.length - 1);
  }

  /** A variable that holds a value from here on. */
  let(type: ValueType, value: Code): Local {
    const variable = this.local(type);
    this.run(variable.set(value));
    return variable;
  }

  /** Appends statements. */
  run(...statements: Code[]): void {
    for (const statement of statements) this.#body.push(...statement);
  }

  /** Runs `body` while the counter, which grows by `step` each time, is below a limit. */
  loop(counter: Local, { below, step }: { below: Code; step: Code }, body: () => void): void {
    const unlessBelow = [...counter.get, ...below, 0x4e]; // i32.ge_s
    this.run([0x02, 0x40], [...unlessBelow, 0x0d, 0], [0x03, 0x40]); // block, leave, loop
    body();
    this.run(counter.set(i32.add(counter.get, step)));
    this.run([...counter.get, ...below, 0x48, 0x0d, 0], [0x0b, 0x0b]); // i32.lt_s: again
  }

  /** The function's entry in the code section. */
  encode(): Code {
    const locals = vector(this.#locals.map((type) => [1, TYPE[type]]));
    const code = [...locals, ...this.#body, 0x0b];
    return [...unsigned(code.length), ...code];
  }

  /** The function's type: integers in, nothing out. */
  signature(): Code {
    return [0x60, ...vector(new Array(this.#parameters).fill([TYPE.i32])), 0];
  }
}

function localAt(index: number): Local {
  return {
    get: [0x20, ...unsigned(index)],
    set: (value) => [...value, 0x21, ...unsigned(index)],
  };
}

/** Functions of a module by name: how many integers each takes, and what writes its body. */
export type ModuleSource<Name extends string> = Record<
  Name,
  { parameters: number; build: (f: FunctionBuilder) => void }
>;

/** A module's functions, and where their memory is imported from. */
export type ModuleFunctions<Name extends string> = Record<Name, (...integers: number[]) => void>;

/**
 * Compiles a module. Its memory is given when it is instantiated.
 *
 * @returns makes an instance on a memory
 */
export function compileModule<Name extends string>(
  source: ModuleSource<Name>,
): (memory: WebAssembly.Memory) => ModuleFunctions<Name> {
  const names = Object.keys(source) as Name[];
  const builders = names.map((name) => {
    const builder = new FunctionBuilder(source[name].parameters);
    source[name].build(builder);
    return builder;
  });
  const bytes = [
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(builders.map((builder) => builder.signature()))),
    ...section(2, vector([[...text("js"), ...text("memory"), 0x02, 0x00, 1]])),
    ...section(3, vector(names.map((_, k) => unsigned(k)))),
    ...section(7, vector(names.map((name, k) => [...text(name), 0x00, ...unsigned(k)]))),
    ...section(10, vector(builders.map((builder) => builder.encode()))),
  ];
  const module = new WebAssembly.Module(Uint8Array.from(bytes));
  return (memory) =>
    new WebAssembly.Instance(module, { js: { memory } }).exports as ModuleFunctions<Name>;
}

const PAGE = 65536;

/** A module's memory, given out piece by piece. Nothing is given back: a heap goes when nobody holds it any more. */
export class Heap {
  readonly memory = new WebAssembly.Memory({ initial: 1 });
  #top = 0;

  /** Takes some bytes, at a multiple of 16, and returns where they begin. Views that were made before are void. */
  take(bytes: number): number {
    const at = this.#top;
    this.#top += Math.ceil(bytes / 16) * 16;
    const missing = this.#top - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    return at;
  }

  /** Takes place for numbers and writes them there. */
  put(values: Float64Array | Float32Array): number {
    const at = this.take(values.byteLength), { length } = values;
    (values instanceof Float64Array ? this.view(at, length) : this.singles(at, length)).set(values);
    return at;
  }

  /** The doubles at a place. Good until more is taken. */
  view(at: number, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.memory.buffer as ArrayBuffer, at, length);
  }

  /** The single-precision numbers at a place, likewise. */
  singles(at: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.memory.buffer as ArrayBuffer, at, length);
  }
}
