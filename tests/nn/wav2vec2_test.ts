import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { chunk } from "lib/features/chunks.ts";
import { byteInputs, networkInput, toBytes } from "lib/features/bytes.ts";
import { melOf, parseFrontEnd, WAVEFORM_FRONT_END } from "lib/features/front_end.ts";
import { wav2vec2 } from "lib/nn/backbones/wav2vec2.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { INFERENCE, parameterCount } from "lib/nn/layer.ts";
import { instanceNorm } from "lib/nn/layers/layer_norm.ts";
import { parseConfig } from "lib/train/config.ts";
import { weightsOf } from "lib/train/parameters.ts";
import { recipeConfig } from "../../experiments/recipes/mod.ts";

Deno.test("the published size has the original's number of parameters, and 49 vectors a second", () => {
  const network = wav2vec2({ size: "base" });
  // counted in transformers' Wav2Vec2FeatureEncoder(Wav2Vec2Config())
  assert.equal(parameterCount(network), 4_200_448);
  assert.throws(
    () => network.apply(weightsOf(new Map()), tf.zeros([1, 1, 399, 1]), INFERENCE),
    /a waveform, 1 x at least 400 samples, not 1 x 399/,
  );
  const small = wav2vec2({ size: 2 }), random = randomFrom("wav2vec2");
  const weights = weightsOf(
    new Map(small.parameters.map(({ name, shape, initial }) => [
      name,
      tf.tensor(initial(shape, random), shape),
    ])),
  );
  for (const [samples, vectors] of [[400, 1], [719, 1], [720, 2], [16000, 49]]) {
    const y = small.apply(weights, tf.randomNormal([1, 1, samples, 1]), INFERENCE);
    assert.deepEqual(y.shape, [1, 1, vectors, 2]);
  }
});

Deno.test("instance norm: every channel of every example has mean 0 and variance 1, whatever its scale", () => {
  const layer = instanceNorm("n", { channels: 3, epsilon: 0 });
  const weights = weightsOf(new Map([["n.weight", tf.ones([3])], ["n.bias", tf.zeros([3])]]));
  const rows = tf.range(0, 4).reshape([1, 4, 1, 1]); // which have means of their own
  const x = tf.randomNormal([2, 4, 50, 3], 5, 2, "float32", 1).add(rows);
  const y = layer.apply(weights, x, INFERENCE), scaled = layer.apply(weights, x.mul(7), INFERENCE);
  const { mean, variance } = tf.moments(x, [1, 2], true);
  assert.ok(y.sub(x.sub(mean).div(variance.sqrt())).abs().max().dataSync()[0] < 1e-5);
  assert.ok(y.sub(scaled).abs().max().dataSync()[0] < 1e-5);
});

Deno.test("waveforms as bytes: the mu-law of G.711", () => {
  // ln(1 + 255 x) / ln 256 is 1/8, 1/4 and 1/2 at 1/255, 3/255 and 15/255
  const samples = Float32Array.of(-1, -3 / 255, 0, 1 / 255, 15 / 255, 1, 2);
  assert.deepEqual(
    toBytes(samples, WAVEFORM_FRONT_END),
    Uint8Array.of(0, 96, 128, 143, 191, 255, 255),
  );
  const values = Float32Array.from({ length: 2001 }, (_, k) => k / 1000 - 1);
  const back = networkInput(toBytes(values, WAVEFORM_FRONT_END), WAVEFORM_FRONT_END);
  values.forEach((x, k) => {
    // half a step of 1/127.5 in the law, whose slope there is (x + 1/255) ln 256
    assert.ok(
      Math.abs(back[k] - x) <= (Math.abs(x) + 1 / 255) * Math.log(256) / 255 * 1.02,
      `${x}`,
    );
  });
  assert.deepEqual(
    [...byteInputs(WAVEFORM_FRONT_END)].map(Math.sign).filter((s) => s < 0).length,
    128,
  );
});

Deno.test("a waveform is its own analysis, cut into chunks like a spectrogram", () => {
  const random = randomFrom("sound");
  const y = Float32Array.from({ length: 160_000 }, () => random.uniform(-1, 1));
  const spectrogram = melOf(y, WAVEFORM_FRONT_END);
  assert.deepEqual(spectrogram, { nMels: 1, frames: 160_000, data: y });
  const chunks = chunk([spectrogram], WAVEFORM_FRONT_END);
  assert.deepEqual([chunks.count, chunks.chunkFrames], [4, 48_000]);
  // the last one goes on with the beginning
  assert.deepEqual(chunks.data.subarray(160_000, 160_004), y.subarray(0, 4));
});

Deno.test("a configuration of waveforms for spectrograms' networks, or the other way round, is refused", () => {
  assert.throws(
    () => parseFrontEnd({ ...WAVEFORM_FRONT_END, nMels: 128 }),
    /scale: a waveform has nMels 1, hopLength 1 and completion "repeat"/,
  );
  const config = recipeConfig("demo_wav2vec2");
  const { frontEnd } = recipeConfig("demo");
  assert.throws(
    () => parseConfig({ ...config, frontEnd }),
    /wav2vec2 is trained on frontEnd.scale "waveform", not on "decibel"/,
  );
  assert.throws(
    () => parseConfig({ ...recipeConfig("demo"), frontEnd: WAVEFORM_FRONT_END }),
    /convnext is trained on frontEnd.scale "decibel", not on "waveform"/,
  );
  assert.throws(
    () => parseConfig({ ...config, augment: { timeShift: true, mixProbability: 0.5 } }),
    /mixProbability, augment.spectrogram and live.spectrogram are for spectrograms/,
  );
});
