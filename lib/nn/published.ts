/** Weights of backbones from the files that timm, torchvision and transformers publish, or that were saved with their names. */
import type { Backbone } from "./layer.ts";
import { type NamedArray, readSafetensors } from "./safetensors.ts";
import { weightsFile } from "./weights_file.ts";

/** A parameter's name in torchvision's files. */
function torchvisionName(name: string, names: ReadonlyMap<string, string>): string {
  const at = name.lastIndexOf("."), part = name.slice(0, at);
  return (names.get(part) ?? part) + name.slice(at);
}

/** An array with its axes in another order. */
function permute({ shape, data }: NamedArray, order: readonly number[]): NamedArray {
  const to = order.map((axis) => shape[axis]), last = to.length - 1;
  const steps = order.map((axis) => shape.slice(axis + 1).reduce((product, n) => product * n, 1));
  const values = new Float32Array(data.length);
  let at = 0;
  const copy = (axis: number, from: number) => {
    const step = steps[axis], end = from + to[axis] * step;
    if (axis < last) { for (let k = from; k < end; k += step) copy(axis + 1, k); }
    else for (let k = from; k < end; k += step) values[at++] = data[k];
  };
  copy(0, 0);
  return { shape: to, data: values };
}

/** A filter's sum over its three input channels: what the same picture in all of them would give. */
function sumOverInputs({ shape: [height, width, inputs, outputs], data }: NamedArray): NamedArray {
  const sums = new Float32Array(height * width * outputs);
  data.forEach((value, k) => {
    sums[Math.floor(k / (inputs * outputs)) * outputs + k % outputs] += value;
  });
  return { shape: [height, width, 1, outputs], data: sums };
}

/** PyTorch's layout (outputs, inputs, height if there is one, width) to TensorFlow's. */
function toOurLayout(given: NamedArray, to: readonly number[]): NamedArray {
  const { shape, data } = given;
  let values = given;
  if (shape.length === 4 && to.length === 4) {
    const depthwise = shape[1] === 1 && to[3] === 1;
    values = permute(given, depthwise ? [2, 3, 0, 1] : [2, 3, 1, 0]);
    if (to[2] === 1 && values.shape[2] === 3) values = sumOverInputs(values);
  } else if (shape.length === 3 && to.length === 4) {
    const [outputs, inputs, width] = shape; // along one axis: the height is 1
    values = permute({ shape: [outputs, inputs, 1, width], data }, [2, 3, 1, 0]);
  } else if (to.length === 2) {
    values = permute({ shape: shape.slice(0, 2), data }, [1, 0]); // a pointwise convolution is a matrix, too
  }
  if (values.shape.join() !== to.join()) {
    throw new Error(`it has shape [${shape}], which is not that of ours, [${to}]`);
  }
  return values;
}

/**
 * The weights of a backbone, by our names. What the file has more, e.g. the classifier, is left.
 *
 * @param source a safetensors file, a folder with one, or a name on the hub ({@link weightsFile}), with timm's,
 *   torchvision's or transformers' parameter names; the network must have the size and style of the one that they were
 *   trained in
 * @throws Error where there is no such file, or a parameter is missing in it or has another shape
 */
export function publishedWeights(source: string, backbone: Backbone): Map<string, NamedArray> {
  const path = weightsFile(source), { tensors } = readSafetensors(path);
  const names = backbone.torchvisionNames ?? new Map();
  const find = (name: string) =>
    [name, torchvisionName(name, names), ...backbone.otherNames?.(name) ?? []]
      .map((known) => tensors.get(known)).find((tensor) => tensor);
  const missing = backbone.parameters.filter(({ name }) => !find(name));
  if (missing.length > 0) {
    throw new Error(
      `the weights in ${path} are another network's: ${missing.length} of ${backbone.parameters.length} parameters are missing, the first is ${
        missing[0].name
      } (in torchvision's names ${torchvisionName(missing[0].name, names)})`,
    );
  }
  return new Map(backbone.parameters.map(({ name, shape }) => {
    try {
      return [name, toOurLayout(find(name)!, shape)];
    } catch (error) {
      throw new Error(`cannot take ${name} from ${path}: ${(error as Error).message}`);
    }
  }));
}
