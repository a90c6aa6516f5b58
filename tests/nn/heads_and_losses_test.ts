/**
 * What every head and every loss must keep to, on the smallest ConvNeXt. Every head with binary cross-entropy and every
 * loss with the pooled head; with `./lumen test --full`, every head with every loss.
 */
import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { decide } from "lib/evaluation/metrics.ts";
import { binding, compile, type Compiled, tf } from "lib/nn/engine/mod.ts";
import { INFERENCE } from "lib/nn/layer.ts";
import { type Loss, type LossConfig, makeLoss } from "lib/nn/losses/loss.ts";
import { readSafetensors, writeSafetensors } from "lib/nn/safetensors.ts";
import { AdamW } from "lib/train/adamw.ts";
import { BASE_CONFIG, type RunConfig } from "lib/train/config.ts";
import { buildNetwork, type Network } from "lib/train/model.ts";
import { Parameters, weightsOf } from "lib/train/parameters.ts";
import { type TrainingStep, trainingStep } from "lib/train/step.ts";
import { relativeError } from "./wave.ts";

type HeadConfig = Pick<RunConfig["model"], "head" | "hidden">;

const HEADS: Record<HeadConfig["head"], HeadConfig> = {
  pooled: { head: "pooled", hidden: [] },
  deep: { head: "deep", hidden: [64] },
  attention: { head: "attention", hidden: [64] },
  "fluffy-deep": { head: "fluffy-deep", hidden: [] },
  "fluffy-attention": { head: "fluffy-attention", hidden: [] },
};

const LOSSES: Record<string, LossConfig> = {
  "binary cross-entropy": { name: "binary-cross-entropy" },
  "positive weights": { name: "binary-cross-entropy", positiveWeights: "balanced" },
  "focal loss": { name: "focal", gamma: 2, variant: "paper", alpha: 0.4 },
  "the document's focal loss": { name: "focal", gamma: 0.5, variant: "document" },
  "family loss": { name: "binary-cross-entropy", family: { factor: 0.8 } },
};

const CLIPS = 8, BANDS = 32, FRAMES = 64; // a feature map of 1 x 2
/** Steps in which eight clips are learnt by heart. */
const STEPS = 100;

/** Eight clips with two instruments each; an instrument has a band of its own. */
function eightClips(): { x: tf.Tensor; y: tf.Tensor; targets: Uint8Array } {
  const targets = new Uint8Array(CLIPS * INSTRUMENTS.length), random = randomFrom("eight clips");
  const values = Float32Array.from({ length: CLIPS * BANDS * FRAMES }, () => 0.3 * random.normal());
  for (let clip = 0; clip < CLIPS; clip++) {
    for (const label of [clip, (clip + 4) % INSTRUMENTS.length]) {
      targets[clip * INSTRUMENTS.length + label] = 1;
      for (let t = 0; t < FRAMES; t++) values[(clip * BANDS + 2 * label + 4) * FRAMES + t] += 2;
    }
  }
  return {
    x: tf.tensor4d(values, [CLIPS, BANDS, FRAMES, 1]),
    y: tf.tensor2d(targets, [CLIPS, INSTRUMENTS.length], "float32"),
    targets,
  };
}

/** Counts of tensors, JavaScript's and the library's. */
const tensors = () => [tf.memory().numTensors, binding!.getNumOfTensors()];

const size = (values: Float32Array) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));

/** What a tensor holds, which is then freed. */
function take(tensor: tf.Tensor): Float32Array {
  const values = tensor.dataSync() as Float32Array;
  tensor.dispose();
  return values;
}

/** A head and a loss on the network, with what takes memory in one place. */
class Trainee {
  readonly parameters: Parameters;
  readonly optimizer = new AdamW();
  readonly clips = eightClips();
  readonly loss: Loss;
  readonly #network: Network;
  readonly #update: TrainingStep;
  readonly #predict: Compiled<[tf.Tensor], [tf.Tensor]>;
  #steps = 0;

  constructor(head: HeadConfig, loss: LossConfig) {
    this.#network = buildNetwork({ ...BASE_CONFIG.model, ...head });
    this.parameters = new Parameters(this.#network.parameters, randomFrom("contract"));
    this.loss = makeLoss(loss, this.clips);
    const { parameters, optimizer } = this;
    this.#update = trainingStep({ model: this.#network, parameters, optimizer, loss: this.loss });
    this.#predict = compile((x: tf.Tensor) => [this.#forward(x)]);
  }

  #forward(x: tf.Tensor): tf.Tensor {
    return this.#network.apply(weightsOf(this.parameters.read()), x, INFERENCE);
  }

  logits(): Float32Array {
    const [logits] = this.#predict(this.clips.x);
    assert.deepEqual(logits.shape, [CLIPS, INSTRUMENTS.length]);
    return take(logits);
  }

  /** The same, and their loss, operation by operation. */
  eager(): Float32Array[] {
    return tf.tidy(() => {
      const logits = this.#forward(this.clips.x), loss = this.loss(logits, this.clips.y);
      assert.deepEqual(loss.shape, []);
      return [logits, loss].map((value) => value.dataSync() as Float32Array);
    });
  }

  /** The loss before an update. */
  step(): number {
    const { x, y } = this.clips, step = this.#steps++;
    return tf.tidy(() =>
      this.#update(
        x,
        y,
        tf.scalar(2e-3),
        tf.scalar(step + 1),
        tf.tensor1d([1, step], "int32"),
      )[0].dataSync()[0]
    );
  }

  dispose(): void {
    const { parameters, optimizer, clips: { x, y } } = this;
    for (const one of [parameters, optimizer, x, y, this.#update, this.#predict]) one.dispose();
  }
}

function checkContract(head: HeadConfig, loss: LossConfig): void {
  const before = tensors(), trainee = new Trainee(head, loss);
  const { parameters, optimizer, clips: { targets } } = trainee;

  const [expected, first] = trainee.eager();
  assert.ok(size(expected) > 0 && first[0] > 0 && Number.isFinite(first[0]));
  // the same sums, in oneDNN's own operations: float32 through 30 layers
  assert.ok(relativeError(trainee.logits(), expected) < 1e-4, "compiled equals eager");

  const losses = [trainee.step()];
  for (const name of parameters.trainable.keys()) {
    // after one update the first moment is a tenth of the gradient; under 1e-9 is what rounding leaves of nothing
    const gradient = size(take(optimizer.moments.get(`${name}.m`)!.read()));
    assert.ok(
      gradient > 1e-9 && Number.isFinite(gradient),
      `the gradient of ${name} is ${gradient}`,
    );
  }

  const isLearnt = () => decide(trainee.logits(), 0).every((label, k) => label === targets[k]);
  while (!isLearnt() && losses.length < STEPS) losses.push(trainee.step());
  assert.ok(isLearnt(), `F1 below 1 after ${STEPS} steps: ${losses}`);

  const file = Deno.makeTempFileSync(), learnt = trainee.logits();
  writeSafetensors(file, { tensors: parameters.values(), metadata: {} });
  trainee.step();
  assert.notDeepEqual(trainee.logits(), learnt);
  parameters.load(readSafetensors(file).tensors);
  assert.deepEqual(trainee.logits(), learnt, "saved and loaded");
  Deno.removeSync(file);

  trainee.dispose();
  assert.deepEqual(tensors(), before, "no tensor is left");
}

const isFull = Deno.env.has("LUMEN_FULL_TESTS");
for (const [headName, head] of Object.entries(HEADS)) {
  for (const [lossName, loss] of Object.entries(LOSSES)) {
    const isUsual = head === HEADS.pooled || loss === LOSSES["binary cross-entropy"];
    if (!isFull && !isUsual) continue;
    Deno.test(`${headName} head, ${lossName}: the contract`, () => checkContract(head, loss));
  }
}
