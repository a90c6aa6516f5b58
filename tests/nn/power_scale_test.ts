import assert from "node:assert/strict";
import { recipeConfig } from "experiments/recipes/mod.ts";
import { hasIrmasMels } from "lib/datasets/irmas_mels.ts";
import { irmasData } from "lib/experiments/irmas_data.ts";
import { byteDecibels, networkInput } from "lib/features/bytes.ts";
import { DEFAULT_FRONT_END, IRMAS_MELS_FRONT_END } from "lib/features/front_end.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { INFERENCE } from "lib/nn/layer.ts";
import { momentsOfPower, POWER_SCALES, toPowerScale } from "lib/nn/layers/power_scale.ts";
import { parseConfig } from "lib/train/config.ts";
import { buildNetwork } from "lib/train/model.ts";
import { Parameters, weightsOf } from "lib/train/parameters.ts";
import { randomFrom } from "lib/core/random.ts";

Deno.test("every decibel of the range becomes its power, standardised", () => {
  const frontEnd = DEFAULT_FRONT_END, bytes = Uint8Array.from({ length: 256 }, (_, k) => k);
  const x = tf.tensor1d(networkInput(bytes, frontEnd)), decibels = byteDecibels(frontEnd);
  const power = toPowerScale(x, POWER_SCALES.power, frontEnd).dataSync();
  const root = toPowerScale(x, POWER_SCALES["cube-root"], frontEnd).dataSync();
  decibels.forEach((decibel, k) => {
    const p = 10 ** (decibel / 10);
    // single precision of values up to 26, of exponents up to 18
    assert.ok(Math.abs(power[k] - (p - 0.0062586) / 0.038244) < 1e-4, `${decibel} dB`);
    assert.ok(Math.abs(root[k] - (Math.cbrt(p) - 0.076017) / 0.10188) < 1e-4, `${decibel} dB`);
  });
});

Deno.test("moments of power are those of the values one by one", () => {
  const random = randomFrom("moments"), frontEnd = IRMAS_MELS_FRONT_END;
  const bytes = Uint8Array.from({ length: 5000 }, () => random.integer(0, 256));
  for (const exponent of [1, 1 / 3]) {
    const values = Array.from(bytes, (byte) => 10 ** ((byte / 255 * 80 - 80) / 10 * exponent));
    const mean = values.reduce((sum, v) => sum + v) / values.length;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
    const found = momentsOfPower(bytes, { exponent, frontEnd });
    assert.ok(Math.abs(found.mean / mean - 1) < 1e-5); // decibels are kept in single precision
    assert.ok(Math.abs(found.deviation / Math.sqrt(variance) - 1) < 1e-5);
  }
});

Deno.test({
  name:
    "the scales are standardised by the real spectrograms that the first fold's runs are trained on",
  ignore: !hasIrmasMels(),
  async fn() {
    const { clips, train } = await irmasData(recipeConfig("irmas_scratch"));
    const size = clips.bands * clips.frames, bytes = new Uint8Array(train.length * size);
    train.forEach((clip, row) =>
      bytes.set(clips.bytes.subarray(clip * size, (clip + 1) * size), row * size)
    );
    for (const { exponent, mean, deviation } of Object.values(POWER_SCALES)) {
      const found = momentsOfPower(bytes, { exponent, frontEnd: IRMAS_MELS_FRONT_END });
      // five digits are written down
      assert.ok(
        Math.abs(found.mean / mean - 1) < 1e-4 && Math.abs(found.deviation / deviation - 1) < 1e-4,
      );
    }
  },
});

Deno.test("a network on powers is the network on decibels with its input turned into powers", () => {
  const model = { ...recipeConfig("irmas_scratch").model, shrink: 2 };
  const [plain, powers] = [model, { ...model, scale: "cube-root" as const }].map(buildNetwork);
  const parameters = new Parameters(plain.parameters, randomFrom("power scale"));
  const weights = weightsOf(parameters.read());
  const x = tf.randomUniform([2, 64, 64, 1], -2, 2);
  const expected = plain.apply(
    weights,
    toPowerScale(x, POWER_SCALES["cube-root"], IRMAS_MELS_FRONT_END),
    INFERENCE,
  );
  const found = powers.apply(weights, x, INFERENCE);
  assert.deepEqual(found.arraySync(), expected.arraySync());
  assert.notDeepEqual(found.arraySync(), plain.apply(weights, x, INFERENCE).arraySync());
});

Deno.test("powers are made of decibels on the usual scale, for networks that want them", () => {
  const config = recipeConfig("irmas_scratch"), model = { ...config.model, scale: "power" };
  assert.equal(parseConfig({ ...config, model }).model.scale, "power");
  const frontEnd = { ...DEFAULT_FRONT_END, networkMean: -30 }, { data } = recipeConfig("demo");
  assert.throws(
    () => parseConfig({ ...config, data, frontEnd, model }),
    /model\.scale turns decibels .* the front end has networkMean -30/,
  );
  const yamnet = recipeConfig("irmas_yamnet");
  assert.throws(
    () => parseConfig({ ...yamnet, model: { ...yamnet.model, scale: "power" } }),
    /model\.heard wants decibels/,
  );
  const masked = recipeConfig("irmas_masked");
  assert.throws(
    () => parseConfig({ ...masked, model: { ...masked.model, scale: "power" } }),
    /at pictures as they are; .*model\.scale power/,
  );
});
