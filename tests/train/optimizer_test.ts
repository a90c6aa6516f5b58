import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { compile, tf, Variable } from "lib/nn/engine/mod.ts";
import { AdamW } from "lib/train/adamw.ts";
import { relativeError, wave } from "../nn/wave.ts";

type Updated = { matrix: number[][]; vector: number[] };
const FIXTURE = readJson<{ adamw: Updated; adamwLate: Updated }>("tests/fixtures/torch.json");

Deno.test("ten updates of AdamW are PyTorch's, eager and compiled", () => {
  for (const compiled of [false, true]) {
    const variables = new Map([
      ["matrix", new Variable(tf.tensor(wave("matrix", 12, 1), [3, 4]), "matrix")],
      ["vector", new Variable(tf.tensor(wave("vector", 5, 1)), "vector")],
    ]);
    const optimizer = new AdamW({ weightDecay: 0.05 });
    optimizer.prepare(variables);
    const update = (
      matrix: tf.Tensor,
      vector: tf.Tensor,
      learningRate: tf.Scalar,
      step: tf.Scalar,
    ) => {
      const gradients = new Map([["matrix", matrix], ["vector", vector]]);
      optimizer.apply(variables, gradients, { learningRate, step });
      return [step];
    };
    const run = compiled ? compile(update) : update;
    for (let k = 0; k < 10; k++) {
      run(
        tf.tensor(wave(`matrix${k}`, 12, 0.5), [3, 4]),
        tf.tensor(wave(`vector${k}`, 5, 0.5)),
        tf.scalar(0.02 / (k + 1)),
        tf.scalar(k + 1),
      );
    }
    // float32 against float64, ten steps
    const values = (name: string) => variables.get(name)!.read().dataSync();
    assert.ok(relativeError(values("matrix"), FIXTURE.adamw.matrix.flat()) < 1e-5);
    assert.ok(relativeError(values("vector"), FIXTURE.adamw.vector) < 1e-5);
  }
});

Deno.test("a parameter's updates are counted from its own first one, as PyTorch counts them", () => {
  const variables = new Map([
    ["matrix", new Variable(tf.tensor(wave("matrix", 12, 1), [3, 4]), "matrix")],
    ["vector", new Variable(tf.tensor(wave("vector", 5, 1)), "vector")],
  ]);
  const optimizer = new AdamW({ weightDecay: 0 });
  optimizer.prepare(variables);
  for (let k = 0; k < 10; k++) {
    const gradients = new Map<string, tf.Tensor>([[
      "vector",
      tf.tensor(wave(`vector${k}`, 5, 0.5)),
    ]]);
    if (k >= 3) gradients.set("matrix", tf.tensor(wave(`matrix${k}`, 12, 0.5), [3, 4]));
    optimizer.apply(variables, gradients, {
      learningRate: tf.scalar(0.02),
      step: tf.scalar(k + 1),
      before: (parameter) => parameter === "matrix" ? 3 : 0,
    });
  }
  // float32 against float64, ten steps
  const values = (name: string) => variables.get(name)!.read().dataSync();
  assert.ok(relativeError(values("matrix"), FIXTURE.adamwLate.matrix.flat()) < 1e-5);
  assert.ok(relativeError(values("vector"), FIXTURE.adamwLate.vector) < 1e-5);
});
