/** Logits of a network with weights from a formula, and what training says: as JSON. `LUMEN_BACKEND` chooses the backend. */
import { randomFrom } from "lib/core/random.ts";
import { runTraining } from "lib/experiments/run_training.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { buildNetwork } from "lib/train/model.ts";
import { makePredictor } from "lib/train/predictor.ts";
import { tinyConfig } from "../train/tiny_run.ts";

const network = buildNetwork({ ...tinyConfig().model, head: "fluffy-attention" });
const weights = new Map(
  network.parameters.map(({ name, shape, initial }) => [
    name,
    tf.tensor(initial(shape, randomFrom(name)), shape),
  ]),
);
const input = Float32Array.from({ length: 64 * 94 }, (_, k) => Math.sin(k));
const logits = await makePredictor(network, () => weights)(input, {
  count: 1,
  bands: 64,
  frames: 94,
});
const trained = tf.getBackend() === "tensorflow"
  ? "possible"
  : await runTraining(tinyConfig()).then(() => "done", (error) => error.message);
console.log(JSON.stringify({ backend: tf.getBackend(), logits: [...logits], trained }));
Deno.exit(0);
