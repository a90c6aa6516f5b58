import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { mean } from "lib/core/statistics.ts";
import { melBank } from "lib/dsp/mel.ts";
import { IRMAS_MELS_FRONT_END, melOf } from "lib/features/front_end.ts";
import { logMel } from "lib/features/log_mel.ts";
import { YAMNET_INPUT } from "lib/nn/backbones/yamnet.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { INFERENCE, type Weights } from "lib/nn/layer.ts";
import { approximateLogMel } from "lib/nn/layers/mel_approximation.ts";

const FROM = IRMAS_MELS_FRONT_END, PEAK = 4, BANDS = YAMNET_INPUT.nMels;
const layer = approximateLogMel(FROM, YAMNET_INPUT, { peak: PEAK });
const none: Weights = () => assert.fail("it has no weights");

/** What the layer makes of decibels [nMels, frames]: rows of [bands]. */
function approximated(decibels: Float32Array): { bands: number[][]; frames: number } {
  const frames = decibels.length / FROM.nMels;
  const seen = decibels.map((x) => (x - FROM.networkMean) / FROM.networkDeviation);
  const x = tf.tensor4d(seen, [1, FROM.nMels, frames, 1]);
  const y = layer.apply(none, x, INFERENCE);
  return { bands: (y.squeeze([0, 3]) as tf.Tensor2D).arraySync(), frames: y.shape[2]! };
}

/** The band with the largest mean. */
const loudest = (bands: readonly number[][]) => {
  const means = bands.map(mean);
  return means.indexOf(Math.max(...means));
};

/** Bands of YAMNet's own input. */
function heard(y: Float32Array): number[][] {
  const { data, frames } = logMel(y, YAMNET_INPUT);
  return Array.from({ length: BANDS }, (_, k) => [...data.subarray(k * frames, (k + 1) * frames)]);
}

Deno.test("a flat spectrum gives every band the logarithm of its filter's sum, the largest at the peak", () => {
  const { bands, frames } = approximated(new Float32Array(FROM.nMels * 94));
  assert.equal(frames, 301); // 94 hops of 32 ms
  const sums = melBank(YAMNET_INPUT).map(({ weights }) => weights.reduce((a, b) => a + b, 0));
  const largest = Math.max(...sums);
  bands.forEach((band, k) => {
    const expected = Math.log(Math.exp(PEAK) * sums[k] / largest + YAMNET_INPUT.logarithm.offset);
    for (const value of band) assert.ok(Math.abs(value - expected) < 1e-4); // float32
  });
});

Deno.test("white noise has the shape of the network's own input in the mean", () => {
  const random = randomFrom("approximation");
  const y = Float32Array.from({ length: 48_000 }, () => 0.1 * random.normal());
  const own = heard(y).map(mean), ours = approximated(melOf(y, FROM).data).bands.map(mean);
  const level = mean(own) - mean(ours); // lost with the decibels' reference
  const errors = own.map((value, k) => Math.abs(value - ours[k] - level));
  // a sum of few bins has a lower mean logarithm than one of many, by a tenth or so at the lowest bands
  assert.ok(Math.max(...errors) < 0.15, `${errors}`);
});

for (const hz of [220, 440, 1000, 3000]) {
  Deno.test(`a tone of ${hz} Hz is loudest where the network hears it`, () => {
    const y = Float32Array.from(
      { length: 48_000 },
      (_, n) => Math.sin(2 * Math.PI * hz * n / 16_000),
    );
    const own = heard(y).map((band) => band.slice(0, 296)); // without the silence behind the end
    assert.equal(loudest(approximated(melOf(y, FROM).data).bands), loudest(own));
  });
}
