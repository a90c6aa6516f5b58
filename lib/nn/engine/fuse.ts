/**
 * `fuse()`: a chain of elementwise operations as one loop.
 *
 * TensorFlow runs operation by operation: a chain of ten reads and writes its memory ten times. Inside a
 * compiled function on a processor, a fused function is compiled by XLA into one loop that does so once: GELU
 * and its gradient take a third of the time. Compiling takes some tens of milliseconds for every shape, which is
 * why whole networks are not compiled this way (and XLA's convolutions are slow on a processor).
 */
import { type Backend, binding as engine, tf } from "./backend.ts";
import { usesXla } from "./options.ts";
import type { FusedFunction } from "./recorder.ts";
import { signatureOf, traceFunction } from "./trace.ts";

let functions = 0;

/** Whether chains are fused: on a processor, unless `LUMEN_FUSE=0` turns it off. */
const enabled = engine !== undefined && !engine.isUsingGpuDevice() && !usesXla &&
  Deno.env.get("LUMEN_FUSE") !== "0";

/** Whether oneDNN's own operations can be recorded now: inside a compiled function, on an x86 processor. */
export function hasOneDnn(): boolean {
  return enabled && engine?.recorder !== undefined && Deno.build.arch === "x86_64";
}

/**
 * Fuses a function of tensors. It must not use random numbers or variables, nor tensors from outside that are
 * not its arguments. Eagerly it runs as it is.
 */
export function fuse<I extends tf.Tensor[], O extends tf.Tensor[]>(
  fn: (...inputs: I) => O,
  { name }: { name: string },
): (...inputs: I) => O {
  const traced = new Map<string, FusedFunction>();
  return (...inputs) => {
    const outer = engine?.recorder;
    if (!enabled || !outer) return fn(...inputs);
    const backend = tf.backend() as unknown as Backend;
    const signature = signatureOf(inputs);
    let fused = traced.get(signature);
    if (!fused) {
      fused = traceFunction(fn, inputs, { name: `${name}_${functions++}`, outer });
      traced.set(signature, fused);
    }
    const results = outer.call(fused, backend.getInputTensorIds(inputs));
    return results.map((result) => backend.createOutputTensor(result)) as O;
  };
}
