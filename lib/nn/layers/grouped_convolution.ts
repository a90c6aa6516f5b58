/** Grouped convolution (Krizhevsky et al., 2012): as many convolutions side by side as there are groups of channels. */
import { attribute, binding, runOperation, tf } from "../engine/mod.ts";

/** Whether TensorFlow has it with its gradients: by cuDNN, and by oneDNN on x86. */
const native = binding && (binding.isUsingGpuDevice() || Deno.build.arch === "x86_64");

/** How the window goes. */
interface GroupedOptions {
  groups: number;
  strides: [number, number];
  padding: "same" | "valid";
}

/** One convolution a group. */
function oneByOne(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  { groups, strides, padding }: GroupedOptions,
) {
  const pictures = tf.split(x, groups, 3), filters = tf.split(filter, groups, 3);
  return tf.concat(
    pictures.map((picture, k) =>
      tf.conv2d(picture as tf.Tensor4D, filters[k] as tf.Tensor4D, strides, padding)
    ),
    3,
  );
}

/**
 * Grouped convolution over [batch, height, width, inputs] by a filter [height, width, inputs / groups, outputs]; group k
 * of the inputs makes group k of the outputs.
 *
 * TensorFlow's own operation takes the groups from the filter's shape, and so do its gradients; TensorFlow.js checks
 * shapes before it and refuses. Forward and both gradients of ResNeXt's 32 groups take nine tenths (128 channels) to four
 * tenths (512 and more) of the time of the next best: dense convolutions of 32 or 64 channels, with zeros between groups.
 */
export function groupedConvolution(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  options: GroupedOptions,
): tf.Tensor {
  if (!native) return oneByOne(x, filter, options);
  const { strides, padding } = options;
  const attributes = [
    attribute.type("T", "float32"),
    attribute.int("strides", [1, ...strides, 1]),
    attribute.int("dilations", [1, 1, 1, 1]),
    attribute.int("explicit_paddings", []),
    attribute.string("padding", padding.toUpperCase()),
    attribute.string("data_format", "NHWC"),
    attribute.bool("use_cudnn_on_gpu", true),
  ];
  const run = (name: string, inputs: tf.Tensor[]) => runOperation(name, inputs, { attributes })[0];
  const op = tf.customGrad((...given) => {
    const [x, filter, save] = given as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    save([x, filter]);
    return {
      value: run("Conv2D", [x, filter]),
      gradFunc: (dy: tf.Tensor, [x, filter]: tf.Tensor[]) => [
        run("Conv2DBackpropInput", [tf.tensor1d(x.shape, "int32"), filter, dy]),
        run("Conv2DBackpropFilter", [x, tf.tensor1d(filter.shape, "int32"), dy]),
      ],
    };
  });
  return op(x, filter);
}
