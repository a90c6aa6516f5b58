import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { readJson } from "lib/core/files.ts";
import { compile, RandomStream, tf } from "lib/nn/engine/mod.ts";
import { attentionHead } from "lib/nn/heads/attention.ts";
import { deepHead } from "lib/nn/heads/deep.ts";
import { fluffy } from "lib/nn/heads/fluffy.ts";
import { pooledHead } from "lib/nn/heads/pooled.ts";
import { INFERENCE, type Layer, type Weights } from "lib/nn/layer.ts";
import { type Activation, activation, ACTIVATIONS, gelu } from "lib/nn/layers/activations.ts";
import { batchNorm } from "lib/nn/layers/batch_norm.ts";
import { convolution, depthwiseConvolution } from "lib/nn/layers/convolution.ts";
import { dense } from "lib/nn/layers/dense.ts";
import { dropout, stochasticDepth } from "lib/nn/layers/dropout.ts";
import { squeezeExcitation } from "lib/nn/layers/inverted_residual.ts";
import { layerNorm } from "lib/nn/layers/layer_norm.ts";
import { averagePool, globalMaxPool, maxPool } from "lib/nn/layers/pooling.ts";
import { binaryCrossEntropy } from "lib/nn/losses/binary_cross_entropy.ts";
import { weightsOf } from "lib/train/parameters.ts";
import { relativeError } from "./wave.ts";

const values = (x: tf.Tensor) => Array.from(x.dataSync());

/** Weights of a layer with nothing at its resting value: gains are not 1, biases not 0. */
function randomWeights(layer: Layer): Map<string, tf.Tensor> {
  return new Map(layer.parameters.map(({ name, shape, initial }) => {
    const start = tf.tensor(initial(shape, randomFrom(name)), shape);
    return [name, start.add(tf.randomUniform(shape, -0.3, 0.3, "float32", name.length))];
  }));
}

/** A batch norm whose running variance is a number's square: it is none with the random weights of these tests. */
function positiveVariance(layer: Layer): Layer {
  const square = (weights: Weights): Weights => (name) =>
    name.endsWith("running_var") ? weights(name).square().add(0.5) : weights(name);
  return { ...layer, apply: (weights, x, mode) => layer.apply(square(weights), x, mode) };
}

/** Every layer and head with an input that it takes. */
const LAYERS: Record<string, { layer: Layer; shape: number[] }> = {
  dense: { layer: dense("d", { inputs: 5, outputs: 3 }), shape: [2, 4, 5] },
  denseScaled: {
    layer: dense("d", { inputs: 3, outputs: 5, scale: { name: "s", initial: 0.5 } }),
    shape: [2, 4, 3],
  },
  denseGelu: {
    layer: dense("d", { inputs: 5, outputs: 3, activation: "gelu" }),
    shape: [2, 4, 5],
  },
  convolution: {
    layer: convolution("c", { inputs: 2, outputs: 3, size: [3, 2] }),
    shape: [2, 5, 4, 2],
  },
  convolutionWithStride: {
    layer: convolution("c", { inputs: 2, outputs: 3, size: 3, stride: 2 }),
    shape: [2, 6, 5, 2],
  },
  convolutionOfPatches: {
    layer: convolution("c", { inputs: 2, outputs: 3, size: 2, stride: 2, padding: "valid" }),
    shape: [2, 5, 4, 2],
  },
  convolutionWithZeros: {
    layer: convolution("c", {
      inputs: 2,
      outputs: 3,
      size: 3,
      stride: 2,
      padding: 1,
      behind: "nothing",
    }),
    shape: [2, 6, 5, 2],
  },
  depthwise: { layer: depthwiseConvolution("c", { channels: 3, size: 7 }), shape: [2, 6, 5, 3] },
  convolutionWithNorm: {
    layer: positiveVariance(
      convolution("c", {
        inputs: 2,
        outputs: 3,
        size: 3,
        behind: batchNorm("b", { channels: 3 }),
      }),
    ),
    shape: [2, 6, 5, 2],
  },
  depthwiseWithNorm: {
    layer: positiveVariance(
      depthwiseConvolution("c", {
        channels: 3,
        size: 3,
        behind: batchNorm("b", { channels: 3 }),
      }),
    ),
    shape: [2, 6, 5, 3],
  },
  depthwiseWithStride: {
    layer: depthwiseConvolution("c", { channels: 3, size: 3, stride: 2 }),
    shape: [2, 6, 5, 3],
  },
  depthwiseWithZeros: {
    layer: depthwiseConvolution("c", { channels: 3, size: 5, stride: 2, padding: [2, 1] }),
    shape: [2, 6, 5, 3],
  },
  maxPool: { layer: maxPool({ size: 3, stride: 2, padding: 1 }), shape: [2, 6, 5, 2] },
  averagePool: { layer: averagePool({ size: [2, 3], padding: "same" }), shape: [2, 5, 4, 2] },
  globalMaxPool: { layer: globalMaxPool, shape: [2, 5, 4, 3] },
  batchNorm: { layer: positiveVariance(batchNorm("b", { channels: 3 })), shape: [2, 4, 3, 3] },
  layerNorm: { layer: layerNorm("n", { channels: 6 }), shape: [2, 3, 6] },
  ...Object.fromEntries(
    (Object.keys(ACTIVATIONS) as Activation[]).map((name) => [
      name,
      { layer: activation(name), shape: [40] },
    ]),
  ),
  convolutionInGroups: {
    layer: convolution("c", { inputs: 6, outputs: 4, size: 3, stride: [2, 1], groups: 2 }),
    shape: [2, 5, 6, 6],
  },
  squeezeExcitation: {
    layer: squeezeExcitation("s", {
      channels: 5,
      width: 4,
      activation: "silu",
      gate: "sigmoid",
    }),
    shape: [2, 3, 4, 5],
  },
  pooledHead: { layer: pooledHead({ features: 6, outputs: 4 }), shape: [2, 2, 3, 6] },
  deepHead: { layer: deepHead("h", { features: 6, outputs: 4, hidden: [5] }), shape: [3, 6] },
  attentionHead: { layer: attentionHead("h", { features: 6, outputs: 4 }), shape: [2, 2, 5, 6] },
  fluffy: {
    layer: fluffy(["cel", "cla"], (name) => attentionHead(name, { features: 6, outputs: 1 })),
    shape: [2, 2, 5, 6],
  },
};

/** Compares a loss's gradient by each of its inputs, along a random direction, with finite differences. */
function checkGradients(loss: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[]): void {
  const gradients = tf.grads((...all: tf.Tensor[]) => loss(...all) as tf.Scalar)(inputs);
  inputs.forEach((input, k) => {
    const direction = tf.randomNormal(input.shape, 0, 1, "float32", 9 + k);
    const at = (h: number) =>
      loss(...inputs.map((t, j) => j === k ? t.add(direction.mul(h)) : t)).dataSync()[0];
    // fourth-order central difference; h is small enough to stay on one side of ReLU's bend, and large
    // against float32's rounding of the loss (1e-7 of a few units)
    const h = 0.004;
    const numeric = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
    const analytic = gradients[k].mul(direction).sum().dataSync()[0];
    const scale = gradients[k].norm().mul(direction.norm()).dataSync()[0];
    assert.ok(
      Math.abs(numeric - analytic) < 2e-3 * scale + 1e-4,
      `input ${k}: ${numeric} against ${analytic}`,
    );
  });
}

/** A scalar that every value of a tensor counts in differently. */
const weighted = (y: tf.Tensor) => y.mul(tf.randomNormal(y.shape, 0, 1, "float32", 8)).sum();

for (const [name, { layer, shape }] of Object.entries(LAYERS)) {
  Deno.test(`${name}: gradients by input and parameters are those of finite differences`, () => {
    const weights = randomWeights(layer), names = [...weights.keys()];
    const loss = (x: tf.Tensor, ...parameters: tf.Tensor[]) => {
      const given = new Map(names.map((n, k) => [n, parameters[k]]));
      return weighted(layer.apply(weightsOf(given), x, INFERENCE));
    };
    checkGradients(loss, [tf.randomNormal(shape, 0, 1, "float32", 7), ...weights.values()]);
  });
}

for (const [name, layer] of Object.entries({ dropout, stochasticDepth })) {
  Deno.test(`${name} in training: the gradient is that of finite differences, with the same draws`, () => {
    const seed = tf.tensor1d([3, 1], "int32"), x = tf.randomNormal([8, 5], 0, 1, "float32", 7);
    const apply = (x: tf.Tensor) =>
      layer(0.4).apply(() => x, x, { training: true, random: new RandomStream(seed) });
    const zeros = values(apply(x)).filter((v) => v === 0).length;
    assert.ok(zeros > 0 && zeros < x.size, "some are dropped and some are kept");
    checkGradients((x) => weighted(apply(x)), [x]);
  });
}

Deno.test("batch norm in training: the gradients are those of finite differences", () => {
  for (const shape of [[3, 2, 3, 4], [7, 4]]) {
    const layer = batchNorm("b", { channels: 4 }), weights = randomWeights(layer);
    const loss = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) => {
      const given = new Map([...weights, ["b.weight", weight], ["b.bias", bias]]);
      const random = new RandomStream(tf.tensor1d([0, 0], "int32"));
      const mode = { training: true, random, statistic: () => () => {} } as const;
      return weighted(layer.apply(weightsOf(given), x, mode));
    };
    const x = tf.randomNormal(shape, 1, 2, "float32", 7);
    checkGradients(loss, [x, weights.get("b.weight")!, weights.get("b.bias")!]);
  }
});

Deno.test("binary cross-entropy: the gradients by logits and labels are those of finite differences", () => {
  const logits = tf.randomNormal([4, 3], 0, 2, "float32", 7);
  const labels = tf.randomUniform([4, 3], 0, 1, "float32", 7);
  checkGradients((z, y) => binaryCrossEntropy(z, y), [logits, labels]);
});

Deno.test("a convolution in groups is one of each group beside the others, and so are its gradients", () => {
  const groups = 3, x = tf.randomNormal([2, 7, 6, 12]), w = tf.randomNormal([3, 3, 4, 6]);
  for (const stride of [1, 2]) {
    const layer = convolution("c", {
      inputs: 12,
      outputs: 6,
      size: 3,
      stride,
      groups,
      behind: "nothing",
    });
    const ours = (x: tf.Tensor, w: tf.Tensor) => layer.apply(() => w, x, INFERENCE);
    const apart = (x: tf.Tensor, w: tf.Tensor) => {
      const filters = tf.split(w as tf.Tensor4D, groups, 3);
      const maps = tf.split(x as tf.Tensor4D, groups, 3).map((part, k) =>
        tf.conv2d(part as tf.Tensor4D, filters[k] as tf.Tensor4D, stride, "same")
      );
      return tf.concat(maps, 3);
    };
    const expected = apart(x, w), dy = tf.randomNormal(expected.shape);
    // the same sums in another order
    assert.ok(relativeError(values(ours(x, w)), values(expected)) < 1e-5);
    const theirs = tf.grads(apart)([x, w], dy);
    const eager = tf.grads(ours)([x, w], dy);
    const compiled = compile((x: tf.Tensor, w: tf.Tensor) => tf.grads(ours)([x, w], dy))(x, w);
    theirs.forEach((e, k) => {
      assert.ok(relativeError(values(eager[k]), values(e)) < 1e-5);
      assert.ok(relativeError(values(compiled[k]), values(e)) < 1e-5);
    });
  }
  assert.throws(
    () => convolution("c", { inputs: 12, outputs: 5, size: 3, groups }),
    /c: 3 groups do not divide 12 and 5 channels/,
  );
});

Deno.test("layer norm is the composite of its definition, and so is its gradient", () => {
  const layer = layerNorm("n", { channels: 8 });
  const weights = randomWeights(layer);
  const x = tf.randomNormal([4, 3, 8], 2, 3), dy = tf.randomNormal([4, 3, 8]);
  const composite = (x: tf.Tensor, g: tf.Tensor, b: tf.Tensor) => {
    const { mean, variance } = tf.moments(x, -1, true);
    return x.sub(mean).div(variance.add(1e-6).sqrt()).mul(g).add(b);
  };
  const [g, b] = weights.values();
  const ours = (x: tf.Tensor, g: tf.Tensor, b: tf.Tensor) =>
    layer.apply(weightsOf(new Map([["n.weight", g], ["n.bias", b]])), x, INFERENCE);
  assert.ok(relativeError(values(ours(x, g, b)), values(composite(x, g, b))) < 1e-6);
  const expected = tf.grads(composite)([x, g, b], dy), got = tf.grads(ours)([x, g, b], dy);
  // the same sums in another order
  expected.forEach((e, k) => assert.ok(relativeError(values(got[k]), values(e)) < 1e-5));
});

Deno.test("what inference fuses when compiled is what runs eagerly", () => {
  const layers = {
    product: dense("d", { inputs: 6, outputs: 5, activation: "gelu" }),
    norm: layerNorm("n", { channels: 6 }),
  };
  for (const [name, layer] of Object.entries(layers)) {
    const weights = weightsOf(randomWeights(layer)), x = tf.randomNormal([3, 4, 6], 1, 2);
    const compiled = compile((x: tf.Tensor) => [layer.apply(weights, x, INFERENCE)]);
    const [result] = compiled(x), expected = layer.apply(weights, x, INFERENCE);
    assert.deepEqual(result.shape, expected.shape);
    assert.ok(relativeError(values(result), values(expected)) < 1e-5, name);
  }
});

Deno.test("GELU has the values of its definition", () => {
  // x Phi(x), with Phi from tables of the normal distribution
  const expected = [-3 * 0.0013498980316300945, -1 * 0.15865525393145707, 0, 0.8413447460685429];
  const got = values(gelu(tf.tensor1d([-3, -1, 0, 1])));
  expected.forEach((e, k) => assert.ok(Math.abs(got[k] - e) < 1e-6));
});

Deno.test("binary cross-entropy and its gradient are PyTorch's, at extreme logits too", () => {
  const { binaryCrossEntropy: fixture } = readJson<{
    binaryCrossEntropy: {
      logits: number[][];
      labels: number[][];
      loss: number;
      gradient: number[][];
    };
  }>("tests/fixtures/torch.json");
  const { value, grads } = tf.valueAndGrads((z: tf.Tensor) =>
    binaryCrossEntropy(z, tf.tensor2d(fixture.labels))
  )([tf.tensor2d(fixture.logits)]);
  assert.ok(Math.abs(value.dataSync()[0] - fixture.loss) < 1e-6 * fixture.loss);
  assert.ok(relativeError(values(grads[0]), fixture.gradient.flat()) < 1e-5);
});

Deno.test("dropout keeps the mean, drops the right share, and is off in inference", () => {
  const rate = 0.3, n = 10000, x = tf.ones([n]);
  const training = {
    training: true,
    random: new RandomStream(tf.tensor1d([1, 1], "int32")),
  } as const;
  const dropped = values(dropout(rate).apply(() => x, x, training));
  const zeros = dropped.filter((v) => v === 0).length;
  // four standard deviations of a binomial share
  assert.ok(Math.abs(zeros / n - rate) < 4 * Math.sqrt(rate * (1 - rate) / n));
  assert.ok(dropped.every((v) => v === 0 || Math.abs(v - 1 / (1 - rate)) < 1e-6));
  assert.deepEqual(values(dropout(rate).apply(() => x, x, INFERENCE)), values(x));
  assert.throws(() => dropout(1), /in \[0, 1\), not 1/);
});

Deno.test("stochastic depth drops whole examples", () => {
  const x = tf.ones([50, 2, 3]);
  const training = {
    training: true,
    random: new RandomStream(tf.tensor1d([1, 1], "int32")),
  } as const;
  const rows = stochasticDepth(0.5).apply(() => x, x, training).reshape([50, 6])
    .arraySync() as number[][];
  const dropped = rows.filter((row) => row.every((v) => v === 0)).length;
  const kept = rows.filter((row) => row.every((v) => v === 2)).length;
  assert.equal(dropped + kept, 50);
  assert.ok(dropped > 5 && kept > 5);
});
