/**
 * TensorFlow.js on TensorFlow's native library, or on what the machine has without it.
 *
 * `tf` is TensorFlow.js as everybody knows it. Import it from here (or `mod.ts`), so that the engine is
 * running before the first tensor is made.
 */
import "./shim.ts"; // first: it must run before tfjs-node is loaded
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import "@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js";
import { type EagerBinding, startEager } from "./eager.ts";
import { exitAtOnce, findLibrary } from "./native.ts";
import { askedOptions } from "./session_config.ts";
import { allowDeepTraces } from "./source_line.ts";
import type { Attribute, TensorMetadata } from "./types.ts";

/** The parts of tfjs-node's backend that its types keep to themselves. */
export interface Backend {
  getInputTensorIds(tensors: tf.TensorInfo[]): number[];
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
  getDTypeInteger(dtype: tf.DataType): number;
  executeMultipleOutputs(
    name: string,
    attributes: Attribute[],
    inputs: tf.TensorInfo[],
    count: number,
  ): tf.Tensor[];
  readonly tensorMap: tf.DataStorage<{ id: number }>;
}

function startNative(path: string): EagerBinding {
  allowDeepTraces();
  // the same sums in the same order on every run, where an operation could choose
  if (Deno.env.get("LUMEN_DETERMINISTIC") === "1") Deno.env.set("TF_DETERMINISTIC_OPS", "1");
  const options = askedOptions(), binding = startEager(path, options);
  if (typeof options.device === "number" && !binding.isUsingGpuDevice()) {
    throw new Error(
      `LUMEN_DEVICE asks for GPU ${options.device}, and TensorFlow finds none of that number: ` +
        '"./lumen doctor" says why; unset it to compute on the processor',
    );
  }
  tf.registerBackend(
    "tensorflow",
    () => new NodeJSKernelBackend(binding as never, "lumen") as unknown as tf.KernelBackend,
    9,
  );
  // whoever ends the process (Ctrl-C, an error elsewhere) does not wait for what is computed
  addEventListener("unload", () => {
    if (binding.isComputing) exitAtOnce(Deno.exitCode);
  });
  return binding;
}

/** What `LUMEN_BACKEND` may ask for; the native library, where there is one, is the default. */
const BACKENDS = ["tensorflow", "webgpu", "wasm"];
const asked = Deno.env.get("LUMEN_BACKEND") || "tensorflow";
if (!BACKENDS.includes(asked)) {
  throw new RangeError(
    `LUMEN_BACKEND is "${asked}", which is no backend: unset it, or use one of ${
      BACKENDS.join(", ")
    }`,
  );
}

/** WebGPU where there is an adapter, WebAssembly elsewhere: good enough to predict, not to train. */
async function startFallback(): Promise<void> {
  const gpu = (navigator as unknown as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu;
  const adapter = asked === "wasm" ? null : await gpu?.requestAdapter().catch(() => null);
  if (adapter) {
    await import("@tensorflow/tfjs-backend-webgpu");
    if (await tf.setBackend("webgpu")) return;
  }
  const wasm = await import("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(
    fileURLToPath(new URL(".", import.meta.resolve("@tensorflow/tfjs-backend-wasm"))),
  );
  await tf.setBackend("wasm");
}

const library = asked === "tensorflow" ? findLibrary() : undefined;

/** The native engine's binding; undefined on a machine without the library. */
export const binding: EagerBinding | undefined = library ? startNative(library) : undefined;

if (binding) await tf.setBackend("tensorflow");
else {
  await startFallback();
  console.warn(
    `without TensorFlow's native library ("./lumen setup" installs it or says why not): predicting on ${tf.getBackend()}, slower; ` +
      "training is not possible",
  );
}
await tf.ready();

/** The engine as training needs it. @throws Error that says what to install where there is no native library. */
export function requireNative(purpose: string): { binding: EagerBinding; backend: Backend } {
  if (!binding) {
    throw new Error(
      `${purpose} needs TensorFlow's native library, which is not installed here: run "./lumen setup"`,
    );
  }
  return { binding, backend: tf.backend() as unknown as Backend };
}

export { tf };
