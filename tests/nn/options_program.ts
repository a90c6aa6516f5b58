/** What a small network and its gradient compute under the engine's options, compiled: as JSON. The environment has the options. */
import { randomFrom } from "lib/core/random.ts";
import { compile, tf, Variable } from "lib/nn/engine/mod.ts";
import { gelu } from "lib/nn/layers/activations.ts";

const random = randomFrom("options");
const normal = (shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()),
    shape,
  );
const filter = new Variable(normal([3, 3, 4, 8]), "filter"), matrix = normal([8, 64]);
const step = compile((x: tf.Tensor) => {
  const { value, grads } = tf.valueAndGrads((w: tf.Tensor) => {
    const picture = tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same");
    return tf.matMul(gelu(picture).reshape([-1, 8]), matrix as tf.Tensor2D).square().mean();
  })([filter.read()]);
  filter.assign(filter.read().sub(grads[0].mul(1e-3)));
  return [value, grads[0]];
});
const x = normal([2, 16, 16, 4]), results = [step(x), step(x)];
console.log(JSON.stringify(results.flat().map((value) => [...value.dataSync()])));
Deno.exit(0);
