import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { randomFrom } from "lib/core/random.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { compile, RandomStream, tf } from "lib/nn/engine/mod.ts";
import { attentionHead } from "lib/nn/heads/attention.ts";
import { deepHead } from "lib/nn/heads/deep.ts";
import { fluffy } from "lib/nn/heads/fluffy.ts";
import { INFERENCE, type Layer, sequence } from "lib/nn/layer.ts";
import { relu } from "lib/nn/layers/activations.ts";
import { batchNorm } from "lib/nn/layers/batch_norm.ts";
import { convolution } from "lib/nn/layers/convolution.ts";
import { binaryCrossEntropy } from "lib/nn/losses/binary_cross_entropy.ts";
import { AdamW } from "lib/train/adamw.ts";
import { Parameters, weightsOf } from "lib/train/parameters.ts";
import { trainingStep } from "lib/train/step.ts";
import { relativeError, wave } from "./wave.ts";

const FIXTURE = readJson<{
  head: "deep" | "attention";
  hidden: number[];
  shape: number[];
  logits: number[];
  attention?: number[];
  inputGradient: number[];
  gradients: Record<string, number[]>;
}[]>("tests/fixtures/heads/heads.json");

const HEADS = { deep: deepHead, attention: attentionHead };
const values = (x: tf.Tensor) => Array.from(x.dataSync());

/** A formula's values in a parameter's shape, as in the fixture: its names have no beginning of ours. */
function waveOf(name: string, shape: number[]): tf.Tensor {
  const offset = name.endsWith("norm.weight") ? 1 : 0;
  const count = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(wave(name, count, 0.6, offset), shape);
}

for (const { head, hidden, shape, ...expected } of FIXTURE) {
  Deno.test(`${head} head, hidden [${hidden}]: output and gradients are PyTorch's`, () => {
    const layer: Layer = HEADS[head]("h", { features: 6, outputs: 3, hidden });
    const names = layer.parameters.map(({ name }) => name);
    const theirs = names.map((name) => name.slice("h.".length));
    assert.deepEqual([...theirs].sort(), Object.keys(expected.gradients).sort());
    const x = tf.tensor(wave("input", shape.reduce((a, b) => a * b), 1), shape);
    const parameters = layer.parameters.map(({ shape }, k) => waveOf(theirs[k], shape));
    const logits = (x: tf.Tensor, ...given: tf.Tensor[]) =>
      layer.apply(weightsOf(new Map(names.map((name, k) => [name, given[k]]))), x, INFERENCE);
    const y = logits(x, ...parameters);
    assert.ok(relativeError(values(y), expected.logits) < 1e-5);
    const direction = tf.tensor(wave("direction", y.size, 1), y.shape);
    const [byInput, ...gradients] = tf.grads((...all: tf.Tensor[]) =>
      logits(all[0], ...all.slice(1)).mul(direction).sum() as tf.Scalar
    )([x, ...parameters]);
    // float32 against float64, through a norm whose variance may be small
    assert.ok(relativeError(values(byInput), expected.inputGradient) < 1e-4, "input");
    gradients.forEach((gradient, k) =>
      assert.ok(
        relativeError(values(gradient), expected.gradients[theirs[k]]) < 1e-4,
        theirs[k],
      )
    );
  });
}

Deno.test("attention is PyTorch's, comes with the logits, and follows the clip in time", () => {
  for (const { head, hidden, shape, attention, logits } of FIXTURE) {
    if (head !== "attention") continue;
    const layer = attentionHead("h", { features: 6, outputs: 3, hidden });
    const weights = weightsOf(
      new Map(layer.parameters.map(({ name, shape }) => [name, waveOf(name.slice(2), shape)])),
    );
    const x = tf.tensor(wave("input", shape.reduce((a, b) => a * b), 1), shape);
    const read = compile((x: tf.Tensor) => {
      const { logits, attention } = layer.attend(weights, x);
      return [logits, attention];
    });
    const [y, over] = read(x);
    assert.deepEqual(over.shape, [2, 7]);
    assert.ok(relativeError(values(y), logits) < 1e-5);
    assert.ok(relativeError(values(over), attention!) < 1e-5);
    assert.ok(values(over).every((a) => a > 0));
    for (const sum of values(over.sum(1))) assert.ok(Math.abs(sum - 1) < 1e-6);
    const [, reversed] = read(x.reverse(2));
    assert.ok(relativeError(values(reversed.reverse(1)), values(over)) < 1e-6);
  }
});

Deno.test("with one linear layer Fluffy's heads are one head for all: with its weights they give what it gives", () => {
  const shape = { features: 6, outputs: INSTRUMENTS.length };
  const one = deepHead("one", shape);
  const eleven = fluffy(INSTRUMENTS, (name) => deepHead(name, { ...shape, outputs: 1 }));
  const own = new Map(one.parameters.map(({ name, shape }) => [name, waveOf(name, shape)]));
  const columns = tf.split(own.get("one.0.linear.weight")!, INSTRUMENTS.length, 1);
  const biases = tf.split(own.get("one.0.linear.bias")!, INSTRUMENTS.length);
  const taken = new Map(eleven.parameters.map(({ name }) => {
    const [, code, ...part] = name.split("."), k = INSTRUMENTS.indexOf(code as "cel");
    const last = part.join(".");
    if (last === "0.linear.weight") return [name, columns[k]] as const;
    return [name, last === "0.linear.bias" ? biases[k] : own.get(`one.${last}`)!] as const;
  }));
  const x = tf.tensor(wave("input", 4 * 6, 1), [4, 6]);
  const expected = values(one.apply(weightsOf(own), x, INFERENCE));
  assert.ok(relativeError(values(eleven.apply(weightsOf(taken), x, INFERENCE)), expected) < 1e-6);
  assert.ok(new Set(expected).size > 40);
});

Deno.test("a DeepHead drops a fifth of what a hidden layer gives, and nothing behind the last", () => {
  const width = 10_000, x = tf.ones([1, 2]);
  const seed = tf.tensor1d([5, 0], "int32");
  const outputs = (hidden: number[]) => {
    const head = deepHead("h", { features: 2, outputs: 1, hidden });
    // the hidden layer gives ones, the last one the mean of what comes through the norm and ReLU between them
    const weights = weightsOf(
      new Map(head.parameters.map(({ name, shape }) => {
        const isMean = name === `h.${hidden.length}.linear.weight`;
        const isOne = name === "h.0.linear.bias" || name.endsWith("norm.weight");
        return [name, tf.fill(shape, isMean ? 1 / shape[0] : isOne ? 1 : 0)];
      })),
    );
    const random = new RandomStream(seed);
    return [INFERENCE, { training: true, random } as const].map((mode) =>
      head.apply(weights, x, mode).dataSync()[0]
    );
  };
  // of share k kept, the norm makes sqrt((1 - k) / k), and the rest is negative: the mean is sqrt(k (1 - k))
  const [whole, dropped] = outputs([width]);
  assert.equal(whole, 0);
  // k has the deviation of a binomial share, 0.004, of which the root takes 0.75; four of them
  assert.ok(Math.abs(dropped - Math.sqrt(0.8 * 0.2)) < 4 * 0.75 * 0.004, `${dropped}`);
  const [inference, training] = outputs([]);
  assert.deepEqual([inference, training], [1, 1]);
});

/** Trains with a constant rate, some parameters or all. */
function fit(
  model: Layer,
  parameters: Parameters,
  { x, y, steps, trainable }: {
    x: tf.Tensor;
    y: tf.Tensor;
    steps: number;
    trainable?: (name: string) => boolean;
  },
): void {
  const optimizer = new AdamW({ weightDecay: 0.01 }), rate = tf.scalar(0.02);
  const parts = { model, parameters, optimizer, loss: binaryCrossEntropy, trainable };
  const update = trainingStep(parts);
  for (let step = 0; step < steps; step++) {
    update(x, y, rate, tf.scalar(step + 1), tf.tensor1d([1, step], "int32"));
  }
}

/** Heads on a backbone with a batch norm, whose statistics would move if they were measured. */
const MAKERS = {
  deep: (name: string) => deepHead(name, { features: 6, outputs: 1, hidden: [5] }),
  attention: (name: string) => attentionHead(name, { features: 6, outputs: 1, hidden: [5] }),
};

for (const [kind, make] of Object.entries(MAKERS)) {
  Deno.test(`a twelfth ${kind} head is trained alone: the eleven give what they gave, bit for bit`, () => {
    const backbone = sequence(
      convolution("stem", { inputs: 1, outputs: 6, size: 3, stride: 2 }),
      batchNorm("stem.norm", { channels: 6 }),
      relu,
    );
    const pooled: Layer = { parameters: [], apply: (_, x) => x.mean([1, 2]) };
    const network = (instruments: readonly string[]) =>
      sequence(backbone, ...kind === "deep" ? [pooled] : [], fluffy(instruments, make));
    const x = tf.randomNormal([8, 8, 12, 1], 0, 1, "float32", 3);
    const labels = (columns: number) =>
      tf.tensor2d(Array.from({ length: 8 * columns }, (_, k) => k % 3 === 0 ? 1 : 0), [8, columns]);

    const eleven = network(INSTRUMENTS);
    const old = new Parameters(eleven.parameters, randomFrom("eleven"));
    fit(eleven, old, { x, y: labels(11), steps: 3 });
    const predict = (model: Layer, parameters: Parameters) =>
      values(
        compile((x: tf.Tensor) => [model.apply(weightsOf(parameters.read()), x, INFERENCE)])(x)[0],
      );
    const before = predict(eleven, old);

    const twelve = network([...INSTRUMENTS, "oboe"]);
    const grown = new Parameters(twelve.parameters, randomFrom("twelve"));
    grown.set(old.values());
    const untrained = predict(twelve, grown);
    fit(twelve, grown, {
      x,
      y: labels(12),
      steps: 5,
      trainable: (name) => name.startsWith("head.oboe."),
    });
    const after = predict(twelve, grown);
    const column = (logits: number[], k: number) => logits.filter((_, at) => at % 12 === k);
    for (let k = 0; k < 11; k++) {
      assert.deepEqual(column(after, k), before.filter((_, at) => at % 11 === k), INSTRUMENTS[k]);
    }
    assert.notDeepEqual(column(after, 11), column(untrained, 11), "the new head learns");
    for (const [name, { data }] of old.values()) {
      assert.deepEqual(grown.values().get(name)!.data, data, name);
    }
  });
}
