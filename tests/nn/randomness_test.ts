import assert from "node:assert/strict";
import { compile, fuse, RandomStream, tf } from "lib/nn/engine/mod.ts";

const values = (tensor: tf.Tensor) => Array.from(tensor.dataSync());

Deno.test("random numbers: equal seeds agree, different seeds and different places differ", () => {
  const draw = compile((seed: tf.Tensor1D) => {
    const stream = new RandomStream(seed);
    return [stream.uniform([2000]), stream.uniform([2000]), stream.normal([2000])];
  });
  const at = (a: number, b: number) => draw(tf.tensor1d([a, b], "int32")).map(values);
  const [first, second, normal] = at(1, 2);
  assert.deepEqual(at(1, 2), [first, second, normal]);
  assert.notDeepEqual(at(1, 3)[0], first);
  assert.notDeepEqual(at(2, 2)[0], first);
  assert.notDeepEqual(second, first);
  // means of 2,000 draws: four standard errors
  const mean = (x: number[]) => x.reduce((sum, v) => sum + v, 0) / x.length;
  assert.ok(Math.abs(mean(first) - 0.5) < 4 * Math.sqrt(1 / 12 / 2000));
  assert.ok(Math.abs(mean(normal)) < 4 / Math.sqrt(2000));
  assert.ok(first.every((u) => u >= 0 && u < 1));
});

Deno.test("a seed of the wrong kind is refused", () => {
  assert.throws(() => new RandomStream(tf.tensor1d([1, 2])), /int32 tensor of shape \[2\]/);
});

/** TensorFlow.js's random operations, each called so that it draws. */
const RANDOM: Record<string, (x: tf.Tensor1D) => tf.Tensor> = {
  dropout: (x) => tf.dropout(x, 0.5),
  multinomial: (x) => tf.multinomial(x, 1),
  rand: () => tf.rand([2], Math.random),
  randomGamma: () => tf.randomGamma([2], 1),
  randomNormal: () => tf.randomNormal([2]),
  randomStandardNormal: () => tf.randomStandardNormal([2]),
  randomUniform: () => tf.randomUniform([2]),
  randomUniformInt: () => tf.randomUniformInt([2], 0, 9),
  truncatedNormal: () => tf.truncatedNormal([2]),
};

Deno.test("the table has every random operation of TensorFlow.js", () => {
  const all = Object.keys(tf).filter((name) => /^(rand|drop|multinomial|truncated)/.test(name));
  assert.deepEqual(all.sort(), Object.keys(RANDOM));
});

for (const [name, draw] of Object.entries(RANDOM)) {
  Deno.test(`tf.${name} is refused while a function is compiled, and allowed eagerly`, () => {
    const x = tf.tensor1d([0.25, 0.75]),
      message = new RegExp(
        `tf\\.${name} is called at .*randomness_test\\.ts:\\d+ while .*RandomStream`,
      );
    assert.throws(() => compile((x: tf.Tensor1D) => [draw(x)])(x), message);
    const fused = fuse((x: tf.Tensor1D) => [draw(x)], { name });
    assert.throws(() => compile((x: tf.Tensor1D) => fused(x))(x), message);
    assert.ok(values(draw(x)).every(Number.isFinite));
  });
}
