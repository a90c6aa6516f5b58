/**
 * Operations that run at once: TensorFlow's eager context behind the nine methods that tfjs-node's
 * backend asks of its native half.
 */
import { setAttribute } from "./attributes.ts";
import { cString, type NativeFunctions, openLibrary, quietly, textAt } from "./native.ts";
import { type EngineOptions, sessionConfig } from "./session_config.ts";
import type { Recorder } from "./recorder.ts";
import { SourceLine } from "./source_line.ts";
import {
  ATTRIBUTE,
  type Attribute,
  DATA_TYPE,
  ELEMENT_BYTES,
  type Executor,
  type TensorMetadata,
} from "./types.ts";

/** Functions with more outputs than this do not occur. */
const MAX_OUTPUTS = 4096;

/** A tensor of a trace that is used or read after or during it: the number says so. */
export const isTraced = (id: number) => id < -1;

/** Starts TensorFlow. @throws Error when the library cannot be opened or has no device */
export function startEager(path: string, options?: EngineOptions): EagerBinding {
  return quietly(() => new EagerBinding(path, options));
}

/** The native half of the tfjs-node backend, and the host of recordings. */
export class EagerBinding implements Executor {
  readonly native: NativeFunctions;
  readonly context: Deno.PointerValue;
  /** Device names, e.g. "/job:localhost/replica:0/task:0/device:CPU:0". */
  readonly devices: string[];
  readonly #handles = new Map<number, Deno.PointerValue>();
  readonly #status: Deno.PointerValue;
  readonly #dimensions = new BigInt64Array(16);
  readonly #outputs = new BigUint64Array(MAX_OUTPUTS);
  readonly #outputCount = new Int32Array(1);
  #nextId = 0;
  #inBackground = 0;
  /** Shapes of the variables, by the number of their handle. */
  readonly variableShapes = new Map<number, number[]>();
  /** Where operations go while a function is traced. */
  recorder: Recorder | undefined;

  /** @param path the library's file @throws Error when it cannot be opened or has no device */
  constructor(path: string, options: EngineOptions = {}) {
    const f = this.native = openLibrary(path);
    this.#status = f.TF_NewStatus();
    const contextOptions = f.TFE_NewContextOptions();
    const config = sessionConfig(options);
    f.TFE_ContextOptionsSetConfig(
      contextOptions,
      config,
      BigInt(config.length),
      this.#status,
    );
    this.check("configuring TensorFlow");
    this.context = f.TFE_NewContext(contextOptions, this.#status);
    this.check("starting TensorFlow");
    f.TFE_DeleteContextOptions(contextOptions);
    this.devices = this.#listDevices();
    this.TF_Version = textAt(f.TF_Version());
  }

  #listDevices(): string[] {
    const f = this.native;
    const list = f.TFE_ContextListDevices(this.context, this.#status);
    this.check("listing devices");
    const names = Array.from(
      { length: f.TF_DeviceListCount(list) },
      (_, k) => textAt(f.TF_DeviceListName(list, k, this.#status)),
    );
    f.TF_DeleteDeviceList(list);
    return names;
  }

  /** Throws TensorFlow's message when the last call failed. */
  check(what: string, status: Deno.PointerValue = this.#status): void {
    if (this.native.TF_GetCode(status) === 0) return;
    throw new Error(`${what}: ${textAt(this.native.TF_Message(status))}`);
  }

  /** The status that synchronous calls report to. */
  get status(): Deno.PointerValue {
    return this.#status;
  }

  /** The handle of a tensor. @throws Error for a tensor of a trace, or one that was disposed. */
  handle(id: number): Deno.PointerValue {
    const handle = this.#handles.get(id);
    if (handle) return handle;
    throw new Error(
      isTraced(id)
        ? "a tensor made while a function was compiled is used outside of it; return it from the function instead"
        : "a tensor is used after it was disposed; tf.keep() it, or return it from tf.tidy()",
    );
  }

  /** Keeps a handle under a number of its own and describes the tensor. */
  adopt(handle: Deno.PointerValue): TensorMetadata {
    const id = this.#nextId++;
    this.#handles.set(id, handle);
    return {
      id,
      shape: this.#shapeOf(handle),
      dtype: this.native.TFE_TensorHandleDataType(handle),
    };
  }

  #shapeOf(handle: Deno.PointerValue): number[] {
    const rank = this.native.TFE_TensorHandleNumDims(handle, this.#status);
    const shape = new Array<number>(Math.max(rank, 0));
    for (let k = 0; k < rank; k++) {
      shape[k] = Number(this.native.TFE_TensorHandleDim(handle, k, this.#status));
    }
    return shape;
  }

  // ---- what tfjs-node's backend calls ----

  createTensor(shape: number[], dtype: number, values: ArrayBufferView): number {
    const f = this.native;
    const bytes = ELEMENT_BYTES[dtype];
    if (bytes === undefined) {
      throw new TypeError(`cannot make a tensor of TensorFlow's data type ${dtype}`);
    }
    shape.forEach((size, k) => this.#dimensions[k] = BigInt(size));
    const size = shape.reduce((product, n) => product * n, bytes);
    if (values.byteLength < size) {
      throw new RangeError(
        `a tensor of shape [${shape}] needs ${size} bytes; the values have ${values.byteLength}`,
      );
    }
    const tensor = f.TF_AllocateTensor(dtype, this.#dimensions, shape.length, BigInt(size));
    if (size > 0) {
      const target = Deno.UnsafePointerView.getArrayBuffer(f.TF_TensorData(tensor)!, size);
      new Uint8Array(target).set(new Uint8Array(values.buffer, values.byteOffset, size));
    }
    const handle = f.TFE_NewTensorHandle(tensor, this.#status);
    f.TF_DeleteTensor(tensor);
    this.check(`making a tensor of shape [${shape}]`);
    const id = this.#nextId++;
    this.#handles.set(id, handle);
    return id;
  }

  deleteTensor(id: number): void {
    const handle = this.#handles.get(id);
    if (!handle) return;
    this.native.TFE_DeleteTensorHandle(handle);
    this.#handles.delete(id);
  }

  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array | BigInt64Array {
    if (isTraced(id)) {
      throw new Error(
        `the value of a tensor is read at ${new SourceLine()} while the function is compiled: it has none yet; ` +
          "return the tensor and read it after the call, or compute with tensors only",
      );
    }
    const f = this.native;
    const dtype = f.TFE_TensorHandleDataType(this.handle(id));
    const tensor = f.TFE_TensorHandleResolve(this.handle(id), this.#status);
    this.check("reading a tensor");
    const size = Number(f.TF_TensorByteSize(tensor));
    const bytes = size > 0
      ? Deno.UnsafePointerView.getArrayBuffer(f.TF_TensorData(tensor)!, size).slice(0)
      : new ArrayBuffer(0);
    f.TF_DeleteTensor(tensor);
    switch (dtype) {
      case DATA_TYPE.float32:
      case DATA_TYPE.complex64:
        return new Float32Array(bytes);
      case DATA_TYPE.int32:
        return new Int32Array(bytes);
      case DATA_TYPE.int64:
        return new BigInt64Array(bytes);
      default:
        return new Uint8Array(bytes);
    }
  }

  executeOp(
    name: string,
    attributes: Attribute[],
    inputs: number[],
    count: number,
  ): TensorMetadata[] {
    return (this.recorder ?? this).execute(name, attributes, inputs, count);
  }

  /** Runs one operation now. @throws Error with its name, its inputs' shapes and the line that asked for it. */
  execute(
    name: string,
    attributes: Attribute[],
    inputs: number[],
    _count: number,
  ): TensorMetadata[] {
    const f = this.native;
    const op = this.#prepare(name, attributes, inputs);
    this.#outputCount[0] = MAX_OUTPUTS;
    f.TFE_Execute(op, this.#outputs, this.#outputCount, this.#status);
    f.TFE_DeleteOp(op);
    if (f.TF_GetCode(this.#status) !== 0) this.#fail(name, inputs);
    return Array.from(
      { length: this.#outputCount[0] },
      (_, k) => this.adopt(Deno.UnsafePointer.create(this.#outputs[k])),
    );
  }

  /** Runs one operation on another thread; JavaScript goes on meanwhile. */
  async executeInBackground(
    name: string,
    attributes: Attribute[],
    inputs: number[],
  ): Promise<TensorMetadata[]> {
    const f = this.native;
    const op = this.#prepare(name, attributes, inputs);
    const outputs = new BigUint64Array(MAX_OUTPUTS), count = Int32Array.of(MAX_OUTPUTS);
    const status = f.TF_NewStatus();
    this.#inBackground++;
    try {
      await f.executeOnAnotherThread(op, outputs, count, status);
      this.check(name, status);
      return Array.from(
        { length: count[0] },
        (_, k) => this.adopt(Deno.UnsafePointer.create(outputs[k])),
      );
    } finally {
      this.#inBackground--;
      f.TFE_DeleteOp(op);
      f.TF_DeleteStatus(status);
    }
  }

  /** Whether another thread computes. */
  get isComputing(): boolean {
    return this.#inBackground > 0;
  }

  #prepare(name: string, attributes: Attribute[], inputs: number[]): Deno.PointerValue {
    const f = this.native;
    const op = f.TFE_NewOp(this.context, cString(name), this.#status);
    this.check(name);
    try {
      for (const attribute of attributes) {
        setAttribute(f, "TFE_Op", { target: op, status: this.#status, attribute });
      }
      for (const id of inputs) f.TFE_OpAddInput(op, this.handle(id), this.#status);
      return op;
    } catch (error) {
      f.TFE_DeleteOp(op);
      throw error;
    }
  }

  #fail(name: string, inputs: number[]): never {
    const message = textAt(this.native.TF_Message(this.#status)); // before the next call replaces it
    const shapes = inputs.map((id) => `[${this.#shapeOf(this.handle(id))}]`).join(", ");
    throw new Error(`${name} of ${shapes || "no input"} failed at ${new SourceLine()}: ${message}`);
  }

  getNumOfTensors(): number {
    return this.#handles.size;
  }
  isUsingGpuDevice(): boolean {
    return this.devices.some((name) => name.includes("GPU"));
  }
  loadSavedModel(): never {
    throw new Error("saved models are not supported; weights load from safetensors");
  }
  deleteSavedModel(): void {}
  runSavedModel(): never {
    return this.loadSavedModel();
  }
  getNumOfSavedModels(): number {
    return 0;
  }

  readonly TensorMetadata = class {};
  readonly TFEOpAttr = class {};
  readonly TF_FLOAT = DATA_TYPE.float32;
  readonly TF_INT32 = DATA_TYPE.int32;
  readonly TF_INT64 = DATA_TYPE.int64;
  readonly TF_BOOL = DATA_TYPE.bool;
  readonly TF_COMPLEX64 = DATA_TYPE.complex64;
  readonly TF_STRING = DATA_TYPE.string;
  readonly TF_RESOURCE = DATA_TYPE.resource;
  readonly TF_UINT8 = DATA_TYPE.uint8;
  readonly TF_ATTR_STRING = ATTRIBUTE.string;
  readonly TF_ATTR_INT = ATTRIBUTE.int;
  readonly TF_ATTR_FLOAT = ATTRIBUTE.float;
  readonly TF_ATTR_BOOL = ATTRIBUTE.bool;
  readonly TF_ATTR_TYPE = ATTRIBUTE.type;
  readonly TF_ATTR_SHAPE = ATTRIBUTE.shape;
  readonly TF_ATTR_RESOURCE = ATTRIBUTE.resource;
  readonly TF_Version: string;
}
