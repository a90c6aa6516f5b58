/** Where in a picture a network sees what it names: gradient-weighted class activation maps. */
import { tf } from "./engine/mod.ts";
import { INFERENCE, type Layer, type Weights } from "./layer.ts";

/** A network in two parts, and what is asked of it. */
export interface GradCamOptions {
  weights: Weights;
  /** [batch, height, width, channels] to a feature map, [batch, h, w, features]. */
  features: Layer;
  /** The feature map to logits, [batch, outputs]. */
  classifier: Layer;
  /** The number of the output that is to be explained. */
  output: number;
}

/**
 * Grad-CAM (Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", 2017,
 * equations 1 and 2): each channel of the feature map weighed by the mean of the output's gradient over its places, summed,
 * and what is negative, as it speaks for other outputs, set to 0.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, h, w]`, not negative; its scale is that of the gradient and says nothing across pictures
 */
export function gradCam(
  x: tf.Tensor,
  { weights, features, classifier, output }: GradCamOptions,
): tf.Tensor3D {
  return tf.tidy(() => {
    const map = features.apply(weights, x, INFERENCE);
    const logit = (map: tf.Tensor) => {
      const logits = classifier.apply(weights, map, INFERENCE);
      // a picture's logit depends on its own map alone: the gradient of the sum is each one's own
      return logits.slice([0, output], [-1, 1]).sum() as tf.Scalar;
    };
    const importance = tf.grad(logit)(map).mean([1, 2], true); // [batch, 1, 1, features]
    return map.mul(importance).sum(-1).relu() as tf.Tensor3D;
  });
}
