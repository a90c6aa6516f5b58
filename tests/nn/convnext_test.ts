import assert from "node:assert/strict";
import { compile, RandomStream, tf } from "lib/nn/engine/mod.ts";
import { INFERENCE, type Mode, parameterCount } from "lib/nn/layer.ts";
import { binaryCrossEntropy } from "lib/nn/losses/binary_cross_entropy.ts";
import { weightsOf } from "lib/train/parameters.ts";
import {
  FIXTURE,
  input,
  labels,
  model,
  names,
  size,
  toTorchLayout,
  weights,
} from "./timm_fixture.ts";
import { relativeError } from "./wave.ts";

const forward = (x: tf.Tensor, values: tf.Tensor[], mode: Mode = INFERENCE) =>
  model.apply(weightsOf(new Map(names.map((name, k) => [name, values[k]]))), x, mode);

Deno.test("the parameters are timm's, by name and number", () => {
  assert.deepEqual([...names].sort(), Object.keys(FIXTURE.parameters).sort());
  const theirs = Object.values(FIXTURE.parameters).reduce((sum, shape) => sum + size(shape), 0);
  assert.equal(parameterCount(model), theirs);
});

Deno.test("logits, loss and gradients are timm's", () => {
  const differentiate = compile((x: tf.Tensor, ...values: tf.Tensor[]) => {
    // drop rates are 0, so training computes the same as inference
    const random = new RandomStream(tf.tensor1d([0, 0], "int32"));
    const { value, grads } = tf.valueAndGrads((x: tf.Tensor, ...values: tf.Tensor[]) =>
      binaryCrossEntropy(forward(x, values, { training: true, random }), labels.toTensor())
    )([x, ...values]);
    return [forward(x, values), value, ...grads];
  });
  const [logits, loss, inputGradient, ...gradients] = differentiate(input, ...weights);
  // float32 through 30 layers against float64
  assert.ok(relativeError(logits.dataSync(), FIXTURE.logits.flat()) < 1e-4);
  assert.ok(Math.abs(loss.dataSync()[0] - FIXTURE.loss) < 1e-5 * FIXTURE.loss);
  const sampled = FIXTURE.inputGradient.flat(2);
  const dx = inputGradient.arraySync() as number[][][][];
  const ours = dx.flatMap((clip) =>
    clip.filter((_, row) => row % 16 === 0)
      .flatMap((row) => row.filter((_, t) => t % 7 === 0).map(([v]) => v))
  );
  assert.ok(relativeError(ours, sampled) < 1e-3);
  for (const [name, expected] of Object.entries(FIXTURE.gradients)) {
    const shape = FIXTURE.parameters[name];
    const gradient = toTorchLayout(gradients[names.indexOf(name)], shape).dataSync();
    const stride = Math.max(1, Math.floor(size(shape) / 50));
    const every = gradient.filter((_, k) => k % stride === 0).slice(0, 50);
    assert.ok(relativeError(every, expected) < 1e-3, name);
  }
});

Deno.test("a picture that is too small is refused", () => {
  assert.throws(() => forward(tf.zeros([1, 16, 94, 1]), weights), /at least 32 x 32.*16 x 94/);
});
