/**
 * A graph that grows while a function runs once on placeholders: every operation becomes a node.
 *
 * Values that exist already become constants, variables become further inputs, and operations that
 * change a variable run in the order in which they were recorded.
 */
import { setAttribute } from "./attributes.ts";
import { type EagerBinding, isTraced } from "./eager.ts";
import { cString } from "./native.ts";
import { SourceLine } from "./source_line.ts";
import { type Attribute, DATA_TYPE, type Executor, type TensorMetadata } from "./types.ts";

/** A node's output inside the graph. */
interface Symbol {
  /** `TF_Output`: pointer, index, padding. */
  output: Uint8Array<ArrayBuffer>;
  operation: Deno.PointerValue;
  shape: number[];
  dtype: number;
}

/** Where a node comes from, for messages. */
interface Origin {
  name: string;
  shapes: string;
  line: SourceLine;
}

/** A function that is called as one node. */
export interface FusedFunction {
  name: string;
  /** `TF_Function`. */
  body: Deno.PointerValue;
  /** Of its results: the graph does not know them. */
  shapes: number[][];
}

/** What has read and written a variable so far. */
interface Access {
  writer: Deno.PointerValue;
  readers: Deno.PointerValue[];
}

/** Operations some of whose inputs form a list: the first of them and the one behind the last. Their number follows from it. */
const LIST_INPUTS: Readonly<Record<string, (inputs: number) => [number, number]>> = {
  AddN: (n) => [0, n],
  ConcatV2: (n) => [0, n - 1],
  IdentityN: (n) => [0, n],
  Pack: (n) => [0, n],
  _FusedMatMul: (n) => [2, n],
};

const OUTPUT_BYTES = 16;
/** Traced tensors have negative numbers; -1 is tfjs-node's own mark. An inner recording begins far below its outer one. */
const FIRST_ID = -2, INNER_IDS = 1e6;

function outputStruct(operation: Deno.PointerValue, index: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(OUTPUT_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, Deno.UnsafePointer.value(operation), true);
  view.setInt32(8, index, true);
  return bytes;
}

function packOutputs(symbols: Symbol[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(OUTPUT_BYTES * symbols.length);
  symbols.forEach((symbol, k) => bytes.set(symbol.output, OUTPUT_BYTES * k));
  return bytes;
}

/** Records operations into a `TF_Graph` and turns it into a function of the eager context. */
export class Recorder implements Executor {
  readonly #binding: EagerBinding;
  readonly #graph: Deno.PointerValue;
  readonly #symbols = new Map<number, Symbol>();
  readonly #constants = new Map<number, number>();
  readonly #inputs: Symbol[] = [];
  /** Variables that the function uses: their eager numbers, in the order of the further inputs. */
  readonly captures: number[] = [];
  readonly #captured = new Map<number, number>();
  readonly #accesses = new Map<number, Access>();
  readonly #effects: Deno.PointerValue[] = [];
  readonly #origins = new Map<string, Origin>();
  /** Functions that the graph knows, and how often they are called. */
  readonly #known = new Set<string>();
  #calls = 0;
  #nextId: number;

  /** @param outer the recording that this one is part of: numbers of tensors are not used twice */
  constructor(binding: EagerBinding, outer?: Recorder) {
    this.#binding = binding;
    this.#nextId = outer ? outer.#nextId - INNER_IDS : FIRST_ID;
    this.#graph = binding.native.TF_NewGraph();
  }

  /** A new input of the function. */
  placeholder(shape: number[], dtype: number): TensorMetadata {
    const f = this.#binding.native;
    const node = f.TF_NewOperation(
      this.#graph,
      cString("Placeholder"),
      cString(`input_${this.#inputs.length}`),
    );
    f.TF_SetAttrType(node, cString("dtype"), dtype);
    f.TF_SetAttrShape(
      node,
      cString("shape"),
      BigInt64Array.from(shape, BigInt),
      shape.length,
    );
    const metadata = this.#describe(this.#finish(node, "Placeholder"), 0);
    this.#inputs.push(this.#symbols.get(metadata.id)!);
    return metadata;
  }

  /** Records one operation. @throws Error with its name, its inputs' shapes and the line that asked for it. */
  execute(
    name: string,
    attributes: Attribute[],
    inputs: number[],
    _count: number,
  ): TensorMetadata[] {
    const f = this.#binding.native;
    const symbols = inputs.map((id) => this.#symbolOf(id));
    const nodeName = `${name}_${this.#origins.size}`;
    const origin = {
      name,
      shapes: symbols.map((symbol) => `[${symbol.shape}]`).join(", "),
      line: new SourceLine(),
    };
    this.#origins.set(nodeName, origin);

    const node = f.TF_NewOperation(
      this.#graph,
      cString(name),
      new TextEncoder().encode(nodeName + "\0"),
    );
    const [from, to] = LIST_INPUTS[name]?.(inputs.length) ?? [inputs.length, inputs.length];
    for (const symbol of symbols.slice(0, from)) f.TF_AddInput(node, symbol.output);
    if (name in LIST_INPUTS) {
      f.TF_AddInputList(node, packOutputs(symbols.slice(from, to)), to - from);
    }
    for (const symbol of symbols.slice(to)) f.TF_AddInput(node, symbol.output);
    for (const attribute of attributes) {
      if (name in LIST_INPUTS && attribute.name === "N") continue; // follows from the list
      setAttribute(f, "TF_", { target: node, status: this.#binding.status, attribute });
    }
    const variables = inputs.filter((_, k) => symbols[k].dtype === DATA_TYPE.resource);
    const settle = this.#orderAccess(node, name, variables);
    let operation: Deno.PointerValue;
    try {
      operation = this.#finish(node, name);
    } catch (error) {
      throw new Error(
        `${name} of ${origin.shapes || "no input"} cannot be compiled at ${origin.line}: ${
          (error as Error).message
        }`,
      );
    }
    settle(operation);
    if (name === "ReadVariableOp") {
      this.#setShape(operation, 0, this.#binding.variableShapes.get(inputs[0])!);
    }
    return Array.from(
      { length: f.TF_OperationNumOutputs(operation) },
      (_, k) => this.#describe(operation, k),
    );
  }

  /** Records a call of another function, which XLA compiles into one piece of machine code. */
  call(called: FusedFunction, inputs: number[]): TensorMetadata[] {
    const f = this.#binding.native;
    if (!this.#known.has(called.name)) {
      f.TF_GraphCopyFunction(this.#graph, called.body, null, this.#binding.status);
      this.#binding.check(called.name);
      this.#known.add(called.name);
    }
    const node = f.TF_NewOperation(
      this.#graph,
      cString(called.name),
      cString(`${called.name}_call_${this.#calls++}`),
    );
    for (const id of inputs) f.TF_AddInput(node, this.#symbolOf(id).output);
    f.TF_SetAttrBool(node, cString("_XlaMustCompile"), 1);
    const operation = this.#finish(node, called.name);
    return called.shapes.map((shape, k) => {
      this.#setShape(operation, k, shape);
      return this.#describe(operation, k);
    });
  }

  /** The shape of a tensor that an operation takes. */
  shapeOf(id: number): number[] {
    return this.#symbolOf(id).shape;
  }

  /**
   * Makes the function and gives it to the eager context.
   *
   * @param outputs numbers of the traced tensors that the function returns
   * @returns the function's body, which the caller frees
   */
  finish(name: string, outputs: number[]): Deno.PointerValue {
    const f = this.#binding.native, status = this.#binding.status;
    const results = outputs.map((id) => this.#symbolOf(id));
    const effects = BigUint64Array.from(this.#effects, (op) => Deno.UnsafePointer.value(op));
    const body = f.TF_GraphToFunctionWithControlOutputs(
      this.#graph,
      cString(name),
      0,
      -1, // all operations of the graph
      null,
      this.#inputs.length,
      packOutputs(this.#inputs),
      results.length,
      packOutputs(results),
      null,
      effects.length,
      effects,
      null,
      null,
      null,
      status,
    );
    this.#binding.check(`compiling ${name}`);
    f.TFE_ContextAddFunction(this.#binding.context, body, status);
    this.#binding.check(`adding ${name}`);
    return body;
  }

  /** Frees the graph. Call it once, whether or not the function was made. */
  dispose(): void {
    this.#binding.native.TF_DeleteGraph(this.#graph);
  }

  /** TensorFlow's message about a failed run, with the operation, its shapes and our line where it names a node. */
  explain(message: string): string {
    const node = message.match(/\{\{(?:function_)?node ([^}\s]+)\}\}/g)
      ?.map((text) => text.match(/node ([^}\s]+)/)![1].split("/").at(-1)!)
      .find((name) => this.#origins.has(name));
    if (!node) return message;
    const { name, shapes, line } = this.#origins.get(node)!;
    return `${name} of ${shapes} failed at ${line}: ${message}`;
  }

  #finish(node: Deno.PointerValue, what: string): Deno.PointerValue {
    const operation = this.#binding.native.TF_FinishOperation(node, this.#binding.status);
    this.#binding.check(what);
    return operation;
  }

  /** The node's output that a tensor stands for; tensors from outside become constants or inputs. */
  #symbolOf(id: number): Symbol {
    const symbol = this.#symbols.get(id);
    if (symbol) return symbol;
    if (isTraced(id)) {
      throw new Error(
        "a tensor that another compiled function made is used; return it from there and pass it in",
      );
    }
    const handle = this.#binding.handle(id);
    const dtype = this.#binding.native.TFE_TensorHandleDataType(handle);
    const known = dtype === DATA_TYPE.resource ? this.#captured : this.#constants;
    let inside = known.get(id);
    if (inside === undefined) {
      inside = dtype === DATA_TYPE.resource ? this.#capture(id) : this.#constant(handle, dtype);
      known.set(id, inside);
    }
    return this.#symbols.get(inside)!;
  }

  #capture(id: number): number {
    this.captures.push(id);
    return this.placeholder([], DATA_TYPE.resource).id;
  }

  #constant(handle: Deno.PointerValue, dtype: number): number {
    const f = this.#binding.native, status = this.#binding.status;
    const tensor = f.TFE_TensorHandleResolve(handle, status);
    this.#binding.check("reading a constant");
    const node = f.TF_NewOperation(
      this.#graph,
      cString("Const"),
      cString(`constant_${this.#constants.size}`),
    );
    f.TF_SetAttrTensor(node, cString("value"), tensor, status);
    f.TF_SetAttrType(node, cString("dtype"), dtype);
    f.TF_DeleteTensor(tensor);
    return this.#describe(this.#finish(node, "Const"), 0).id;
  }

  /** Reads wait for the write before them, a write for everything before it. */
  #orderAccess(
    node: Deno.PointerValue,
    name: string,
    variables: number[],
  ): (operation: Deno.PointerValue) => void {
    const f = this.#binding.native;
    const reads = name === "ReadVariableOp";
    for (const id of variables) {
      const access = this.#accesses.get(id);
      if (!access) continue;
      if (access.writer) f.TF_AddControlInput(node, access.writer);
      if (!reads) { for (const reader of access.readers) f.TF_AddControlInput(node, reader); }
    }
    return (operation) => {
      if (variables.length > 0 && !reads) this.#effects.push(operation);
      for (const id of variables) {
        const access = this.#accesses.get(id) ?? { writer: null, readers: [] };
        if (reads) access.readers.push(operation);
        else Object.assign(access, { writer: operation, readers: [] });
        this.#accesses.set(id, access);
      }
    };
  }

  /** A graph does not know the shape behind a variable's handle, nor those of a function's results. */
  #setShape(operation: Deno.PointerValue, index: number, shape: number[]): void {
    this.#binding.native.TF_GraphSetTensorShape(
      this.#graph,
      outputStruct(operation, index),
      BigInt64Array.from(shape, BigInt),
      shape.length,
      this.#binding.status,
    );
    this.#binding.check("shape");
  }

  #describe(operation: Deno.PointerValue, index: number): TensorMetadata {
    const f = this.#binding.native, status = this.#binding.status;
    const output = outputStruct(operation, index);
    const dtype = f.TF_OperationOutputType(output);
    const rank = f.TF_GraphGetTensorNumDims(this.#graph, output, status);
    const sizes = new BigInt64Array(Math.max(rank, 1));
    if (rank > 0) f.TF_GraphGetTensorShape(this.#graph, output, sizes, rank, status);
    this.#binding.check("shape");
    const shape = Array.from(sizes.subarray(0, Math.max(rank, 0)), Number);
    if (rank < 0 || shape.some((size) => size < 0)) {
      const [name, origin] = [...this.#origins].at(-1) ?? ["an input", undefined];
      throw new Error(
        `the result of ${origin?.name ?? name} at ${
          origin?.line ?? "its call"
        } has a shape that depends on values ` +
          `([${
            shape.map((size) => size < 0 ? "?" : size)
          }]): compiled functions need known shapes; ` +
          "compute it outside, or use an operation whose result's shape follows from its inputs' shapes",
      );
    }
    const id = this.#nextId--;
    this.#symbols.set(id, { output, operation, shape, dtype });
    return { id, shape, dtype };
  }
}
