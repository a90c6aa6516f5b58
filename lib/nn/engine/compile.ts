/**
 * `compile()`: any function of tensors as one TensorFlow function.
 *
 * The function runs once on placeholders for every combination of input shapes; each kernel that it calls
 * becomes a node of a graph, and the graph becomes one operation of the eager context, rewritten by
 * Grappler (constant folding, fusion, removal of what is not needed). Later calls are one call.
 *
 * What the function must keep to: it computes with tensors only (reading a value is an error while it is
 * traced); numbers and tensors from outside are constants of the graph, so whatever changes from call to
 * call is an argument or a `Variable`; random numbers come from `randomness.ts`, with the seed as an argument.
 *
 * With `LUMEN_XLA=1` XLA makes machine code of the whole function instead: worth trying on a GPU. On a processor its
 * convolutions are slow, and compiling takes minutes.
 */
import { binding as engine, requireNative, type tf } from "./backend.ts";
import { usesMixedPrecision, usesXla } from "./options.ts";
import { cString } from "./native.ts";
import { attribute } from "./operations.ts";
import { askedOptions, sessionConfig } from "./session_config.ts";
import { signatureOf, traceFunction } from "./trace.ts";

/** A compiled function. */
export interface Compiled<I extends tf.Tensor[], O extends tf.Tensor[]> {
  /** Runs it and waits. The caller disposes of the results. */
  (...inputs: I): O;
  /** Runs it on another thread: JavaScript goes on, the next batch can be made meanwhile. */
  inBackground(...inputs: I): Promise<O>;
  /** How many combinations of input shapes were traced so far. */
  readonly traces: number;
  /** Frees the traced functions. */
  dispose(): void;
}

interface Trace {
  name: string;
  captures: number[];
  explain(message: string): string;
}

/** What a call of a function carries with it: Grappler heeds the settings that stand there, not the context's. */
const CALL = [
  ...usesXla ? [attribute.bool("_XlaMustCompile", true)] : [],
  ...usesMixedPrecision ? [attribute.string("config_proto", sessionConfig(askedOptions()))] : [],
];

let functions = 0;

/**
 * Compiles a function of tensors.
 *
 * @param fn takes tensors, returns a list of tensors that it made; runs once for every combination of input shapes
 * @param options.name for messages
 * @throws Error at the first call, where the function reads a value, draws numbers that have no seed, has a
 *   result whose shape depends on values, or lets a tensor escape; and where there is no native library
 */
export function compile<I extends tf.Tensor[], O extends tf.Tensor[]>(
  fn: (...inputs: I) => O,
  { name = fn.name || "function" }: { name?: string } = {},
): Compiled<I, O> {
  const traces = new Map<string, Trace>();

  const prepare = (inputs: I) => {
    const { binding, backend } = requireNative("compiling a function");
    if (binding.recorder) {
      throw new Error(
        `${name} is called while another function is compiled; call the plain function there`,
      );
    }
    const signature = signatureOf(inputs);
    let trace = traces.get(signature);
    if (!trace) {
      const unique = `${name.replace(/\W+/g, "_")}_${functions++}`;
      const { recorder, body } = traceFunction(fn, inputs, { name: unique });
      binding.native.TF_DeleteFunction(body); // the context has it
      trace = {
        name: unique,
        captures: recorder.captures,
        explain: (message) => recorder.explain(message),
      };
      traces.set(signature, trace);
    }
    return {
      binding,
      backend,
      trace,
      ids: [...backend.getInputTensorIds(inputs), ...trace.captures],
    };
  };

  const call = (...inputs: I): O => {
    const { binding, backend, trace, ids } = prepare(inputs);
    try {
      const results = binding.execute(trace.name, CALL, ids, -1);
      return results.map((result) => backend.createOutputTensor(result)) as O;
    } catch (error) {
      throw new Error(`${name}: ${trace.explain((error as Error).message)}`);
    }
  };

  const inBackground = async (...inputs: I): Promise<O> => {
    const { binding, backend, trace, ids } = prepare(inputs);
    try {
      const results = await binding.executeInBackground(trace.name, CALL, ids);
      return results.map((result) => backend.createOutputTensor(result)) as O;
    } catch (error) {
      throw new Error(`${name}: ${trace.explain((error as Error).message)}`);
    }
  };

  const dispose = () => {
    for (const trace of traces.values()) {
      engine?.native.TFE_ContextRemoveFunction(engine.context, cString(trace.name), engine.status);
    }
    traces.clear();
  };

  return Object.defineProperty(
    Object.assign(call, { inBackground, dispose }),
    "traces",
    { get: () => traces.size },
  ) as Compiled<I, O>;
}
