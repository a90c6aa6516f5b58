/** TensorFlow's `ConfigProto`, the few fields that matter here, in protocol-buffer encoding. */

/** How the engine uses the machine. */
export interface EngineOptions {
  /** Threads inside one operation; 0: one a core. */
  intraOpThreads?: number;
  /** Operations that run at the same time; 0: one a core. */
  interOpThreads?: number;
  /** Where operations run: on the first GPU where there is one, on the processor, or on a GPU by its number. */
  device?: "any" | "cpu" | number;
  /**
   * Numbers of convolutions and products: float32, or what the device has for half of it, float16 on a GPU and bfloat16
   * on a processor (TensorFlow's own rewriting of compiled functions; weights stay float32). A GPU of NVIDIA's Ampere or
   * later multiplies float32 as TF32 in either case.
   */
  precision?: "float32" | "mixed";
}

/**
 * The threads that `LUMEN_THREADS` and `LUMEN_INTER_OP_THREADS` ask for; 0 where they ask for none.
 *
 * @throws RangeError for what is no number of threads
 */
export function askedThreads(): { intraOpThreads: number; interOpThreads: number } {
  return {
    intraOpThreads: threadsFrom("LUMEN_THREADS"),
    interOpThreads: threadsFrom("LUMEN_INTER_OP_THREADS"),
  };
}

/** All that the environment asks for. @throws RangeError for what a variable cannot be, with what it can */
export function askedOptions(): Required<EngineOptions> {
  return { ...askedThreads(), device: askedDevice(), precision: askedPrecision() };
}

/** `LUMEN_DEVICE`: "cpu", "gpu", or "gpu:1" for the second of several. Which GPU it was asked for is checked later. */
function askedDevice(): "any" | "cpu" | number {
  const text = Deno.env.get("LUMEN_DEVICE") || "any";
  if (text === "any" || text === "cpu") return text;
  const [, number] = text.match(/^gpu(?::(\d{1,2}))?$/) ??
    fail("LUMEN_DEVICE", text, "cpu, gpu, gpu:1");
  return Number(number ?? 0);
}

function askedPrecision(): "float32" | "mixed" {
  const text = Deno.env.get("LUMEN_PRECISION") || "float32";
  return text === "float32" || text === "mixed"
    ? text
    : fail("LUMEN_PRECISION", text, "float32, mixed");
}

function fail(variable: string, text: string, known: string): never {
  throw new RangeError(`${variable} is "${text}": unset it, or use one of ${known}`);
}

function threadsFrom(variable: string): number {
  const text = Deno.env.get(variable) ?? "", threads = Number(text);
  if (Number.isInteger(threads) && threads >= 0 && threads <= MAX_THREADS) return threads;
  throw new RangeError(
    `${variable} must be a number of threads from 0 (one a core) to ${MAX_THREADS}, not "${text}"`,
  );
}

/** What one byte of the message holds. */
const MAX_THREADS = 127;

/** A field's number and how it is written: 0 a number, 2 something with a length. Numbers from 16 on take a second byte. */
const key = (field: number, kind: 0 | 2) => {
  const value = field << 3 | kind;
  return value < 128 ? [value] : [value & 127 | 128, value >> 7];
};
/** A field with a number as its value. Values up to {@link MAX_THREADS} are one byte. */
const varint = (field: number, value: number) => [...key(field, 0), value];
/** A field with a message or a text as its value. */
const message = (field: number, body: ArrayLike<number>) => [
  ...key(field, 2),
  body.length,
  ...Array.from(body),
];
const text = (field: number, value: string) => message(field, new TextEncoder().encode(value));

/** `RewriterConfig.Toggle`. */
const ON = 1;

/** The encoded message. @throws RangeError for a number of threads outside 0 to 127 */
export function sessionConfig(options: EngineOptions): Uint8Array<ArrayBuffer> {
  const { intraOpThreads = 0, interOpThreads = 0, device = "any", precision } = options;
  for (const threads of [intraOpThreads, interOpThreads]) {
    if (!Number.isInteger(threads) || threads < 0 || threads > MAX_THREADS) {
      throw new RangeError(`threads must be an integer from 0 to ${MAX_THREADS}, not ${threads}`);
    }
  }
  return Uint8Array.from([
    // device_count: no GPU
    ...device === "cpu" ? message(1, [...text(1, "GPU"), ...varint(2, 0)]) : [],
    ...varint(2, intraOpThreads), // intra_op_parallelism_threads
    ...varint(5, interOpThreads), // inter_op_parallelism_threads
    ...message(6, [ // gpu_options
      ...varint(4, 1), // allow_growth: take GPU memory as it is needed
      ...typeof device === "number" ? text(5, String(device)) : [], // visible_device_list
    ]),
    ...precision === "mixed"
      ? message(
        10, // graph_options
        message(10, [ // rewrite_options
          ...varint(23, ON), // auto_mixed_precision: float16 on a GPU
          ...varint(31, ON), // auto_mixed_precision_onednn_bfloat16, on a processor
        ]),
      )
      : [],
  ]);
}
