/** TensorFlow's `ConfigProto`, the few fields that matter here, in protocol-buffer encoding. */

/** How the engine uses the machine. */
export interface EngineOptions {
  /** Threads inside one operation; 0: one a core. */
  intraOpThreads?: number;
  /** Operations that run at the same time; 0: one a core. */
  interOpThreads?: number;
}

/** A field number with a number as its value (wire type 0). Values up to 127 are one byte. */
const varint = (field: number, value: number) => [field << 3, value];
/** A field number with a message as its value (wire type 2). */
const message = (field: number, body: number[]) => [field << 3 | 2, body.length, ...body];

/** The encoded message. @throws RangeError for a number of threads outside 0 to 127. */
export function sessionConfig(
  { intraOpThreads = 0, interOpThreads = 0 }: EngineOptions,
): Uint8Array<ArrayBuffer> {
  for (const threads of [intraOpThreads, interOpThreads]) {
    if (!Number.isInteger(threads) || threads < 0 || threads > 127) {
      throw new RangeError(`threads must be an integer from 0 to 127, not ${threads}`);
    }
  }
  return Uint8Array.from([
    ...varint(2, intraOpThreads), // intra_op_parallelism_threads
    ...varint(5, interOpThreads), // inter_op_parallelism_threads
    ...message(6, varint(4, 1)), // gpu_options.allow_growth: take GPU memory as it is needed
  ]);
}
