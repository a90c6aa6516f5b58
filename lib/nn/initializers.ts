/** First values of parameters. */
import type { Initializer } from "./layer.ts";

const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

/** Every entry the same. */
export const constant = (value: number): Initializer => (shape) =>
  new Float32Array(size(shape)).fill(value);

export const zeros = constant(0);
export const ones = constant(1);

/** Uniform within +-bound. */
const uniform = (bound: number): Initializer => (shape, random) =>
  Float32Array.from({ length: size(shape) }, () => random.uniform(-bound, bound));

/**
 * Uniform within +-1/sqrt(fan in): what PyTorch gives the weights and biases of its linear and convolution
 * layers (He et al. 2015 with a = sqrt(5)).
 *
 * @param fanIn inputs that one output depends on
 */
export const fanInUniform = (fanIn: number): Initializer => uniform(1 / Math.sqrt(fanIn));

/**
 * Normal with deviation sqrt(2 / fan in), which keeps the size of what goes through layers with ReLU or GELU (He et al.,
 * "Delving deep into rectifiers", 2015, arXiv 1502.01852).
 *
 * @param fanIn inputs that one output depends on
 */
export const fanInNormal = (fanIn: number): Initializer => (shape, random) =>
  Float32Array.from({ length: size(shape) }, () => random.normal(0, Math.sqrt(2 / fanIn)));

/** Normal with the given deviation, redrawn beyond two deviations (ConvNeXt's own choice: 0.02). */
export const truncatedNormal = (deviation: number): Initializer => (shape, random) =>
  Float32Array.from({ length: size(shape) }, () => {
    for (;;) {
      const x = random.normal();
      if (Math.abs(x) <= 2) return x * deviation;
    }
  });
