/**
 * What every network and loss must keep to: right shapes, finite, every parameter has a gradient, eight clips are learnt
 * by heart, saved and loaded the same, compiled the same as eager, no tensor is left.
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
import type { RunConfig } from "lib/train/config.ts";
import { buildNetwork, type Network } from "lib/train/model.ts";
import { Parameters, weightsOf } from "lib/train/parameters.ts";
import { type TrainingStep, trainingStep } from "lib/train/step.ts";
import { relativeError } from "../nn/wave.ts";

const CLIPS = 8;
/** Mel bands of the clips. */
export const BANDS = 32;
/** A gradient smaller than that is what rounding leaves of nothing. */
const NOTHING = 1e-9;
/** Steps in which eight clips are learnt by heart, where a contract says nothing else. */
const STEPS = 400;
/** Steps after which is looked whether they are. */
const STEPS_TO_LOOK = 5;

/** A value of a clip. */
interface Place {
  band: number;
  frame: number;
  bands: number;
}

/** What a clip of an instrument is made of, besides noise. */
const SOUNDS = {
  /** A band of its own, [bands, frames]; of more than 32 bands some that lie together. */
  spectrogram: (label: number, { band, bands }: Place) =>
    Math.floor(band * BANDS / bands) === 2 * label + 4 ? 2 : 0,
  /** A tone of its own, [1, frames], 16 kHz. */
  waveform: (label: number, { frame }: Place) =>
    Math.sin(2 * Math.PI * frame * (300 + 400 * label) / 16000),
};

/** Eight clips with two instruments each. */
function eightClips(
  { input = "spectrogram", frames = 64, bands = input === "waveform" ? 1 : BANDS }: Clips,
) {
  const targets = new Uint8Array(CLIPS * INSTRUMENTS.length), random = randomFrom("eight clips");
  const values = new Float32Array(CLIPS * bands * frames);
  for (let clip = 0; clip < CLIPS; clip++) {
    const labels = [clip, (clip + 4) % INSTRUMENTS.length];
    for (const label of labels) targets[clip * INSTRUMENTS.length + label] = 1;
    for (let k = 0; k < bands * frames; k++) {
      const place = { band: Math.floor(k / frames), frame: k % frames, bands };
      values[clip * bands * frames + k] = labels.reduce(
        (sum, label) => sum + SOUNDS[input](label, place),
        0.3 * random.normal(),
      );
    }
  }
  return {
    x: tf.tensor4d(values, [CLIPS, bands, frames, 1]),
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

/** What a network reads. */
interface Clips {
  /** Default: spectrograms */
  input?: keyof typeof SOUNDS;
  /** Of a spectrogram. Default: 32 */
  bands?: number;
  /** Length of the clips. Default: 64, of which ConvNeXt leaves two. */
  frames?: number;
}

/** Who must keep to it. */
export interface Contract extends Clips {
  model: RunConfig["model"];
  loss: LossConfig;
  /**
   * Names of parameters whose gradient is nothing: a constant that is added in front of a convolution and a batch norm
   * of the batch's own statistics is taken away again. Default: there are none.
   */
  takenAway?: RegExp;
  /** In which eight clips are learnt by heart. Default: 400 */
  steps?: number;
  /** A logit beyond which the loss pulls an absent instrument further up, so that it stays. Default: there is none. */
  stuckAbove?: number;
}

/** A network and a loss, with what takes memory in one place. */
class Trainee {
  readonly parameters: Parameters;
  readonly optimizer = new AdamW();
  readonly clips: ReturnType<typeof eightClips>;
  readonly loss: Loss;
  readonly #network: Network;
  readonly #update: TrainingStep;
  readonly #predict: Compiled<[tf.Tensor], [tf.Tensor]>;
  #steps = 0;

  constructor({ model, loss, ...input }: Contract) {
    this.clips = eightClips(input);
    this.#network = buildNetwork(model);
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

/** Checks it. */
export function checkContract(contract: Contract): void {
  const before = tensors(), trainee = new Trainee(contract);
  const { parameters, optimizer, clips: { targets } } = trainee;
  const { takenAway, steps = STEPS, stuckAbove = Infinity } = contract;

  const [expected, first] = trainee.eager();
  assert.ok(size(expected) > 0 && first[0] > 0 && Number.isFinite(first[0]));
  // the same sums, in oneDNN's own operations: float32 through 30 layers
  assert.ok(relativeError(trainee.logits(), expected) < 1e-4, "compiled equals eager");

  const losses = [trainee.step()];
  for (const name of parameters.trainable.keys()) {
    // after one update the first moment is a tenth of the gradient
    const gradient = size(take(optimizer.moments.get(`${name}.m`)!.read()));
    assert.ok(
      (gradient > NOTHING || takenAway?.test(name)) && Number.isFinite(gradient),
      `the gradient of ${name} is ${gradient}`,
    );
  }

  const isLearnt = () => {
    const logits = trainee.logits();
    return decide(logits, 0).every((label, k) => label === targets[k] || logits[k] > stuckAbove);
  };
  while (!isLearnt() && losses.length < steps) {
    for (let k = 0; k < STEPS_TO_LOOK; k++) losses.push(trainee.step());
  }
  assert.ok(isLearnt(), `F1 below 1 after ${steps} steps: ${losses}`);

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
