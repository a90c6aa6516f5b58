import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { randomFrom } from "lib/core/random.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { binaryCrossEntropy } from "lib/nn/losses/binary_cross_entropy.ts";
import { AdamW } from "lib/train/adamw.ts";
import { Parameters } from "lib/train/parameters.ts";
import { oneCycle } from "lib/train/schedule.ts";
import { trainingStep } from "lib/train/step.ts";
import { input, labels, model, names, weights } from "../nn/timm_fixture.ts";

const { training: expected } = readJson<{ training: number[] }>("tests/fixtures/torch.json");
const CYCLE = { maxLearningRate: 1e-3, warmFraction: 0.3, startDivisor: 25, endDivisor: 1e4 };

Deno.test("twenty updates of the whole network have PyTorch's losses", () => {
  const parameters = new Parameters(model.parameters, randomFrom(0));
  parameters.load(
    new Map(names.map((name, k) => [
      name,
      { shape: weights[k].shape, data: weights[k].dataSync() as Float32Array },
    ])),
  );
  const update = trainingStep({
    model,
    parameters,
    optimizer: new AdamW({ weightDecay: 0.05 }),
    loss: binaryCrossEntropy,
  });
  const seed = tf.tensor1d([0, 0], "int32"), y = labels.toTensor();
  expected.forEach((loss, step) => {
    const rate = tf.scalar(oneCycle(step, expected.length, CYCLE));
    const [ours] = update(input, y, rate, tf.scalar(step + 1), seed);
    // float32 against float64: Adam's first updates divide small gradients by themselves, so signs of rounding count
    assert.ok(
      Math.abs(ours.dataSync()[0] - loss) < 2e-3 * loss,
      `step ${step}: ${ours.dataSync()[0]} against ${loss}`,
    );
  });
});
