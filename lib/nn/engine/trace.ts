/** Runs a function once on placeholders and keeps what it asked for as a TensorFlow function. */
import { requireNative, tf } from "./backend.ts";
import { withoutUnseededRandomness } from "./randomness.ts";
import { type FusedFunction, Recorder } from "./recorder.ts";

/** What a trace is good for: the inputs' types and shapes, as a key. */
export function signatureOf(inputs: readonly tf.Tensor[]): string {
  return inputs.map((input) => `${input.dtype}[${input.shape}]`).join();
}

/**
 * Traces a function.
 *
 * @param inputs tensors of the shapes that it is traced for; their values are not looked at
 * @param options.name of the TensorFlow function, unique
 * @param options.outer the recording that is under way, where this one is part of it
 * @throws Error where it reads a value, draws numbers that have no seed, or has a result whose shape depends on
 *   values
 */
export function traceFunction<I extends tf.Tensor[], O extends tf.Tensor[]>(
  fn: (...inputs: I) => O,
  inputs: I,
  { name, outer }: { name: string; outer?: Recorder },
): FusedFunction & { recorder: Recorder } {
  const { binding, backend } = requireNative("compiling a function");
  const recorder = new Recorder(binding, outer);
  binding.recorder = recorder;
  tf.engine().startScope();
  try {
    const placeholders = inputs.map((input) =>
      backend.createOutputTensor(
        recorder.placeholder(input.shape, backend.getDTypeInteger(input.dtype)),
      )
    );
    const outputs = withoutUnseededRandomness(() => fn(...placeholders as I));
    const body = recorder.finish(name, backend.getInputTensorIds(outputs));
    return { name, body, shapes: outputs.map(({ shape }) => shape), recorder };
  } finally {
    tf.engine().endScope();
    binding.recorder = outer;
    recorder.dispose();
  }
}
