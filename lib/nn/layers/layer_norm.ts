/**
 * Layer normalisation over the last axis (Ba, Kiros and Hinton, 2016), and instance normalisation over all but the first
 * and last (Ulyanov, Vedaldi and Lempitsky, 2016, arXiv 1607.08022).
 */
import { attribute, hasOneDnn, runOperation, tf } from "../engine/mod.ts";
import { ones, zeros } from "../initializers.ts";
import type { Layer, ParameterSpec } from "../layer.ts";

/**
 * Normalisation with the gradient in closed form: the composite of a dozen operations takes twenty times as long.
 *
 * @param options.axes over which mean and variance are taken. Default: the last
 */
function normalize(
  x: tf.Tensor,
  [gain, bias]: [tf.Tensor, tf.Tensor],
  { epsilon, axes = -1 }: { epsilon: number; axes?: number | number[] },
): tf.Tensor {
  const op = tf.customGrad((...inputs) => {
    const [x, gain, bias] = inputs as tf.Tensor[];
    const save = inputs.at(-1) as unknown as (tensors: tf.Tensor[]) => void;
    const mean = x.mean(axes, true);
    const centred = x.sub(mean);
    const inverse = centred.square().mean(axes, true).add(epsilon).rsqrt();
    const normal = centred.mul(inverse);
    save([normal, inverse, gain]);
    return {
      value: normal.mul(gain).add(bias),
      gradFunc(dy: tf.Tensor, saved: tf.Tensor[]) {
        const [normal, inverse, gain] = saved;
        const rows = [-1, gain.size];
        const along = dy.mul(normal);
        // d normal, less its mean and its component along normal
        const dNormal = dy.mul(gain);
        const projection = along.mul(gain).mean(axes, true);
        const dx = dNormal.sub(dNormal.mean(axes, true)).sub(normal.mul(projection)).mul(inverse);
        return [dx, along.reshape(rows).sum(0), dy.reshape(rows).sum(0)];
      },
    };
  });
  return op(x, gain, bias);
}

/** The same as one operation, without a gradient: a quarter of the time. */
function normalizeAtOnce(
  x: tf.Tensor,
  [gain, bias]: [tf.Tensor, tf.Tensor],
  { epsilon }: { epsilon: number },
) {
  const attributes = [attribute.type("T", "float32"), attribute.float("epsilon", epsilon)];
  const rows = x.reshape([-1, gain.size]); // [rows, channels]
  return runOperation("_MklLayerNorm", [rows, gain, bias], { attributes })[0].reshape(x.shape);
}

/** What a norm scales and shifts with. */
const gainAndBias = (name: string, channels: number): ParameterSpec[] => [
  { name: `${name}.weight`, shape: [channels], initial: ones },
  { name: `${name}.bias`, shape: [channels], initial: zeros },
];

/**
 * Normalises the last axis to mean 0 and variance 1, then scales and shifts it.
 *
 * @param name parameters are `name.weight` and `name.bias`, both [channels]
 */
export function layerNorm(
  name: string,
  { channels, epsilon = 1e-6 }: { channels: number; epsilon?: number },
): Layer {
  return {
    parameters: gainAndBias(name, channels),
    apply(weights, x, mode) {
      const run = !mode.training && hasOneDnn() ? normalizeAtOnce : normalize;
      return run(x, [weights(`${name}.weight`), weights(`${name}.bias`)], { epsilon });
    },
  };
}

/**
 * Normalises every channel of every example to mean 0 and variance 1 over its picture, then scales and shifts it: group
 * normalisation (Wu and He, 2018, arXiv 1803.08494) with as many groups as channels.
 *
 * @param name parameters are `name.weight` and `name.bias`, both [channels]
 */
export function instanceNorm(
  name: string,
  { channels, epsilon = 1e-5 }: { channels: number; epsilon?: number },
): Layer {
  return {
    parameters: gainAndBias(name, channels),
    apply: (weights, x) =>
      normalize(x, [weights(`${name}.weight`), weights(`${name}.bias`)], { epsilon, axes: [1, 2] }),
  };
}
