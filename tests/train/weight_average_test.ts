import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { randomFrom } from "lib/core/random.ts";
import { compile, tf } from "lib/nn/engine/mod.ts";
import { batchNorm } from "lib/nn/layers/batch_norm.ts";
import { Parameters } from "lib/train/parameters.ts";
import { WeightAverage } from "lib/train/weight_average.ts";
import { relativeError, wave } from "../nn/wave.ts";

const { averaged } = readJson<{ averaged: number[][] }>("tests/fixtures/training/training.json");

Deno.test("averaged weights are PyTorch's, eager and compiled; statistics are the model's", () => {
  for (const compiled of [false, true]) {
    const specs = batchNorm("norm", { channels: 4 }).parameters;
    const parameters = new Parameters(specs, randomFrom("average"));
    const [name] = parameters.trainable.keys();
    const weight = parameters.trainable.get(name)!;
    weight.assign(tf.tensor(wave("w", 4, 1)));
    const average = new WeightAverage(parameters, { decay: 0.9 });
    const update = (change: tf.Tensor, step: tf.Scalar) => {
      weight.assign(weight.read().add(change));
      for (const [statistic, variable] of parameters.variables) {
        if (!parameters.trainable.has(statistic)) variable.assign(variable.read().add(1));
      }
      average.follow(step);
      return [step.add(0) as tf.Scalar];
    };
    const run = compiled ? compile(update) : update;
    averaged.forEach((expected, k) => {
      run(tf.tensor(wave(`change${k}`, 4, 0.3)), tf.scalar(k + 1));
      // float32 against float64, eight updates
      assert.ok(relativeError(average.read().get(name)!.dataSync(), expected) < 1e-6, `step ${k}`);
    });
    const own = parameters.values();
    for (const [other, { data }] of average.values()) {
      assert.equal(other === name, data.some((v, k) => v !== own.get(other)!.data[k]), other);
    }
  }
});
