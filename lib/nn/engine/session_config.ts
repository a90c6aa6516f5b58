/** TensorFlow's `ConfigProto`, the few fields that matter here, in protocol-buffer encoding. */

/** How the engine uses the machine. */
export interface EngineOptions {
  /** Threads inside one operation; 0: one a core. */
  intraOpThreads?: number;
  /** Operations that run at the same time; 0: one a core. */
  interOpThreads?: number;
}

/**
 * The threads that `LUMEN_THREADS` and `LUMEN_INTER_OP_THREADS` ask for; 0 where they ask for none.
 *
 * @throws RangeError for what is no number of threads
 */
export function askedThreads(): Required<EngineOptions> {
  return {
    intraOpThreads: threadsFrom("LUMEN_THREADS"),
    interOpThreads: threadsFrom("LUMEN_INTER_OP_THREADS"),
  };
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

/** A field number with a number as its value (wire type 0). Values up to {@link MAX_THREADS} are one byte. */
const varint = (field: number, value: number) => [field << 3, value];
/** A field number with a message as its value (wire type 2). */
const message = (field: number, body: number[]) => [field << 3 | 2, body.length, ...body];

/** The encoded message. @throws RangeError for a number of threads outside 0 to 127. */
export function sessionConfig(
  { intraOpThreads = 0, interOpThreads = 0 }: EngineOptions,
): Uint8Array<ArrayBuffer> {
  for (const threads of [intraOpThreads, interOpThreads]) {
    if (!Number.isInteger(threads) || threads < 0 || threads > MAX_THREADS) {
      throw new RangeError(`threads must be an integer from 0 to ${MAX_THREADS}, not ${threads}`);
    }
  }
  return Uint8Array.from([
    ...varint(2, intraOpThreads), // intra_op_parallelism_threads
    ...varint(5, interOpThreads), // inter_op_parallelism_threads
    ...message(6, varint(4, 1)), // gpu_options.allow_growth: take GPU memory as it is needed
  ]);
}
