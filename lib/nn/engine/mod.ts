/** The engine: TensorFlow.js on TensorFlow's native library, with functions that compile. */
export { binding, requireNative, tf } from "./backend.ts";
export { compile, type Compiled } from "./compile.ts";
export { fuse, hasOneDnn } from "./fuse.ts";
export { gpuInUse } from "./gpu.ts";
export { listOperations, type Operation } from "./listing.ts";
export { attribute, int64Scalar, runOperation } from "./operations.ts";
export { LOSS_SCALE } from "./options.ts";
export { askedThreads } from "./session_config.ts";
export { RandomStream } from "./randomness.ts";
export { update, Variable } from "./variable.ts";
