/** Logits of three networks with weights from a formula, and what training says: as JSON. `LUMEN_BACKEND` chooses the backend. */
import { randomFrom } from "lib/core/random.ts";
import { runTraining } from "lib/experiments/run_training.ts";
import { resNeXt } from "lib/nn/backbones/resnext.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { pooledHead } from "lib/nn/heads/pooled.ts";
import { sequence } from "lib/nn/layer.ts";
import { buildNetwork } from "lib/train/model.ts";
import { makePredictor } from "lib/train/predictor.ts";
import { tinyConfig } from "../train/tiny_run.ts";

const backbone = resNeXt({
  size: { depths: [1, 1, 1, 1], groups: 4, groupWidth: 2, base: 4 },
  inputChannels: 1,
});
const networks = [
  buildNetwork({ ...tinyConfig().model, head: "fluffy-attention" }),
  sequence(backbone, pooledHead({ features: backbone.features, outputs: 11 })),
  // one operation for all steps of an LSTM is TensorFlow's alone
  buildNetwork({
    backbone: "lstm",
    bands: 64,
    units: 8,
    layers: 2,
    head: "deep",
    hidden: [],
    dropRate: 0,
  }),
];
const input = Float32Array.from({ length: 64 * 94 }, (_, k) => Math.sin(k));
const logits: number[][] = [];
for (const network of networks) {
  const weights = new Map(
    network.parameters.map(({ name, shape, initial }) => [
      name,
      tf.tensor(initial(shape, randomFrom(name)), shape),
    ]),
  );
  const predict = makePredictor(network, () => weights);
  logits.push([...await predict(input, { count: 1, bands: 64, frames: 94 })]);
}
const trained = tf.getBackend() === "tensorflow"
  ? "possible"
  : await runTraining(tinyConfig()).then(() => "done", (error) => error.message);
console.log(JSON.stringify({ backend: tf.getBackend(), logits, trained }));
Deno.exit(0);
