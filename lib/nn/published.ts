/** Weights of backbones from the files that timm, torchvision and transformers publish, or that were saved with their names. */
import { tf } from "./engine/mod.ts";
import type { Backbone } from "./layer.ts";
import { type NamedArray, readSafetensors } from "./safetensors.ts";
import { weightsFile } from "./weights_file.ts";

/** A parameter's name in torchvision's files. */
function torchvisionName(name: string, names: ReadonlyMap<string, string>): string {
  const at = name.lastIndexOf("."), part = name.slice(0, at);
  return (names.get(part) ?? part) + name.slice(at);
}

/**
 * PyTorch's layout (outputs, inputs, height if there is one, width) to TensorFlow's. Pictures with one channel: the
 * filter's sum over its input channels gives what the picture repeated over all of them would.
 */
function toOurLayout({ shape, data }: NamedArray, to: readonly number[]): NamedArray {
  const values = tf.tidy(() => {
    let x = tf.tensor(data, shape);
    if (shape.length === 4 && to.length === 4) {
      const depthwise = shape[1] === 1 && to[3] === 1;
      x = x.transpose(depthwise ? [2, 3, 0, 1] : [2, 3, 1, 0]);
      if (to[2] === 1 && x.shape[2] === 3) x = x.sum(2, true);
    } else if (shape.length === 3 && to.length === 4) {
      x = x.expandDims(2).transpose([2, 3, 1, 0]); // along one axis: the height is 1
    } else if (to.length === 2) {
      x = x.reshape(shape.slice(0, 2)).transpose(); // a pointwise convolution is a matrix, too
    }
    return { shape: x.shape, data: x.dataSync() as Float32Array };
  });
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
