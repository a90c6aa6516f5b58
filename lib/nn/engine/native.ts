/**
 * TensorFlow's C library: its functions as Deno sees them, and C strings.
 *
 * Reference: tensorflow/c/c_api.h and tensorflow/c/eager/c_api.h of TensorFlow 2.21.
 */
import { join } from "node:path";
import { exists } from "../../core/files.ts";
import { ROOT } from "../../core/paths.ts";

/** `TF_Output`: an operation of a graph and the number of one of its outputs. */
const OUTPUT = { struct: ["pointer", "i32"] } as const;

const SYMBOLS = {
  /** absl's `SetMinLogLevel`, as the C++ compiler names it in TensorFlow 2.21. */
  setLogLevel: {
    name: "_ZN4absl12lts_2025081414SetMinLogLevelENS0_18LogSeverityAtLeastE",
    parameters: ["i32"],
    result: "void",
    optional: true,
  },
  TF_Version: { parameters: [], result: "pointer" },
  TF_NewStatus: { parameters: [], result: "pointer" },
  TF_DeleteStatus: { parameters: ["pointer"], result: "void" },
  TF_GetCode: { parameters: ["pointer"], result: "i32" },
  TF_Message: { parameters: ["pointer"], result: "pointer" },

  // the eager context and its devices
  TFE_NewContextOptions: { parameters: [], result: "pointer" },
  TFE_ContextOptionsSetConfig: {
    parameters: ["pointer", "buffer", "usize", "pointer"],
    result: "void",
  },
  TFE_DeleteContextOptions: { parameters: ["pointer"], result: "void" },
  TFE_NewContext: { parameters: ["pointer", "pointer"], result: "pointer" },
  TFE_ContextListDevices: { parameters: ["pointer", "pointer"], result: "pointer" },
  TF_DeviceListCount: { parameters: ["pointer"], result: "i32" },
  TF_DeviceListName: { parameters: ["pointer", "i32", "pointer"], result: "pointer" },
  TF_DeleteDeviceList: { parameters: ["pointer"], result: "void" },

  // eager operations
  TFE_NewOp: { parameters: ["pointer", "buffer", "pointer"], result: "pointer" },
  TFE_DeleteOp: { parameters: ["pointer"], result: "void" },
  TFE_OpAddInput: { parameters: ["pointer", "pointer", "pointer"], result: "void" },
  TFE_OpSetAttrType: { parameters: ["pointer", "buffer", "i32"], result: "void" },
  TFE_OpSetAttrInt: { parameters: ["pointer", "buffer", "i64"], result: "void" },
  TFE_OpSetAttrFloat: { parameters: ["pointer", "buffer", "f32"], result: "void" },
  TFE_OpSetAttrBool: { parameters: ["pointer", "buffer", "u8"], result: "void" },
  TFE_OpSetAttrString: { parameters: ["pointer", "buffer", "buffer", "usize"], result: "void" },
  TFE_OpSetAttrStringList: {
    parameters: ["pointer", "buffer", "buffer", "buffer", "i32"],
    result: "void",
  },
  TFE_OpSetAttrShape: {
    parameters: ["pointer", "buffer", "buffer", "i32", "pointer"],
    result: "void",
  },
  TFE_OpSetAttrIntList: { parameters: ["pointer", "buffer", "buffer", "i32"], result: "void" },
  TFE_Execute: { parameters: ["pointer", "buffer", "buffer", "pointer"], result: "void" },
  executeOnAnotherThread: {
    name: "TFE_Execute",
    parameters: ["pointer", "buffer", "buffer", "pointer"],
    result: "void",
    nonblocking: true,
  },

  // tensors and their handles
  TF_AllocateTensor: { parameters: ["i32", "buffer", "i32", "usize"], result: "pointer" },
  TF_TensorData: { parameters: ["pointer"], result: "pointer" },
  TF_TensorByteSize: { parameters: ["pointer"], result: "usize" },
  TF_DeleteTensor: { parameters: ["pointer"], result: "void" },
  TFE_NewTensorHandle: { parameters: ["pointer", "pointer"], result: "pointer" },
  TFE_DeleteTensorHandle: { parameters: ["pointer"], result: "void" },
  TFE_TensorHandleDataType: { parameters: ["pointer"], result: "i32" },
  TFE_TensorHandleNumDims: { parameters: ["pointer", "pointer"], result: "i32" },
  TFE_TensorHandleDim: { parameters: ["pointer", "i32", "pointer"], result: "i64" },
  TFE_TensorHandleResolve: { parameters: ["pointer", "pointer"], result: "pointer" },

  // graphs and functions
  TF_NewGraph: { parameters: [], result: "pointer" },
  TF_DeleteGraph: { parameters: ["pointer"], result: "void" },
  TF_NewOperation: { parameters: ["pointer", "buffer", "buffer"], result: "pointer" },
  TF_AddInput: { parameters: ["pointer", OUTPUT], result: "void" },
  TF_AddInputList: { parameters: ["pointer", "buffer", "i32"], result: "void" },
  TF_AddControlInput: { parameters: ["pointer", "pointer"], result: "void" },
  TF_SetAttrType: { parameters: ["pointer", "buffer", "i32"], result: "void" },
  TF_SetAttrInt: { parameters: ["pointer", "buffer", "i64"], result: "void" },
  TF_SetAttrFloat: { parameters: ["pointer", "buffer", "f32"], result: "void" },
  TF_SetAttrBool: { parameters: ["pointer", "buffer", "u8"], result: "void" },
  TF_SetAttrString: { parameters: ["pointer", "buffer", "buffer", "usize"], result: "void" },
  TF_SetAttrStringList: {
    parameters: ["pointer", "buffer", "buffer", "buffer", "i32"],
    result: "void",
  },
  TF_SetAttrIntList: { parameters: ["pointer", "buffer", "buffer", "i32"], result: "void" },
  TF_SetAttrShape: { parameters: ["pointer", "buffer", "buffer", "i32"], result: "void" },
  TF_SetAttrTensor: { parameters: ["pointer", "buffer", "pointer", "pointer"], result: "void" },
  TF_FinishOperation: { parameters: ["pointer", "pointer"], result: "pointer" },
  TF_OperationNumOutputs: { parameters: ["pointer"], result: "i32" },
  TF_OperationOutputType: { parameters: [OUTPUT], result: "i32" },
  TF_GraphGetTensorNumDims: { parameters: ["pointer", OUTPUT, "pointer"], result: "i32" },
  TF_GraphGetTensorShape: {
    parameters: ["pointer", OUTPUT, "buffer", "i32", "pointer"],
    result: "void",
  },
  TF_GraphSetTensorShape: {
    parameters: ["pointer", OUTPUT, "buffer", "i32", "pointer"],
    result: "void",
  },
  TF_GraphToFunctionWithControlOutputs: {
    // body, name, append hash, operations (n, list), inputs (n, list), outputs (n, list), their names,
    // control outputs (n, list, names), options, description, status
    parameters: [
      "pointer",
      "buffer",
      "u8",
      "i32",
      "pointer",
      "i32",
      "buffer",
      "i32",
      "buffer",
      "pointer",
      "i32",
      "buffer",
      "pointer",
      "pointer",
      "pointer",
      "pointer",
    ],
    result: "pointer",
  },
  TF_GraphCopyFunction: {
    parameters: ["pointer", "pointer", "pointer", "pointer"],
    result: "void",
  },
  TF_DeleteFunction: { parameters: ["pointer"], result: "void" },
  TFE_ContextAddFunction: { parameters: ["pointer", "pointer", "pointer"], result: "void" },
  TFE_ContextRemoveFunction: { parameters: ["pointer", "buffer", "pointer"], result: "void" },
} as const;

/** The library's functions. */
export type NativeFunctions = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/** Where set-up puts the library, or where `LUMEN_TENSORFLOW` says that it is; undefined when it is nowhere. */
export function findLibrary(): string | undefined {
  const folder = join(ROOT, ".venv", "tensorflow");
  const candidates = [
    Deno.env.get("LUMEN_TENSORFLOW"),
    join(folder, "libtensorflow_cc.so.2"),
    join(folder, "libtensorflow_cc.2.dylib"),
  ];
  return candidates.find((path) => path !== undefined && exists(path));
}

/** The C library. */
const LIBC = Deno.build.os === "darwin" ? "libSystem.B.dylib" : "libc.so.6";

/**
 * Ends the process and runs nothing more of it. The usual end destroys the library's caches, also those that a thread of its
 * own is reading at that moment: a segmentation fault instead of the exit status.
 */
export function exitAtOnce(code: number): void {
  Deno.dlopen(LIBC, { _exit: { parameters: ["i32"], result: "void" } }).symbols._exit(code);
}

/**
 * Runs an action with the process's standard error closed: while it loads, the library writes notes about the
 * processor there that no setting silences. What fails comes as an exception all the same.
 */
export function quietly<T>(action: () => T): T {
  const libc = Deno.dlopen(LIBC, {
    dup: { parameters: ["i32"], result: "i32" },
    dup2: { parameters: ["i32", "i32"], result: "i32" },
    open: { parameters: ["buffer", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
  });
  const { dup, dup2, open, close } = libc.symbols;
  const standardError = 2, writeOnly = 1;
  const saved = dup(standardError), nowhere = open(cString("/dev/null"), writeOnly);
  dup2(nowhere, standardError);
  try {
    return action();
  } finally {
    dup2(saved, standardError);
    close(saved);
    close(nowhere);
    libc.close();
  }
}

/** absl's severity "error": what fails comes as an exception, and notes are for TensorFlow's own developers. */
const LOG_ERRORS = 2;

/** Opens the library. @throws Error when the file is no TensorFlow library or lacks a function. */
export function openLibrary(path: string): NativeFunctions {
  try {
    const { symbols } = Deno.dlopen(path, SYMBOLS);
    symbols.setLogLevel?.(LOG_ERRORS);
    return symbols;
  } catch (error) {
    throw new Error(
      `cannot open TensorFlow's library ${path}: ${
        (error as Error).message
      }; "./lumen setup" installs it anew`,
      { cause: error },
    );
  }
}

const encoder = new TextEncoder();
const encoded = new Map<string, Uint8Array<ArrayBuffer>>();

/** A text as a zero-terminated string, kept: the same few names are needed thousands of times. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  let bytes = encoded.get(text);
  if (!bytes) {
    bytes = encoder.encode(text + "\0");
    encoded.set(text, bytes);
  }
  return bytes;
}

/** The text at a pointer to a zero-terminated string. */
export function textAt(pointer: Deno.PointerValue): string {
  return pointer ? new Deno.UnsafePointerView(pointer).getCString() : "";
}
