import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { randomFrom } from "lib/core/random.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { takeRows } from "lib/evaluation/threshold.ts";
import { compile, tf } from "lib/nn/engine/mod.ts";
import { INFERENCE } from "lib/nn/layer.ts";
import { binaryCrossEntropy } from "lib/nn/losses/binary_cross_entropy.ts";
import { familyLoss } from "lib/nn/losses/family.ts";
import { focalLoss } from "lib/nn/losses/focal.ts";
import { type Loss, type LossConfig, makeLoss } from "lib/nn/losses/loss.ts";
import { positiveWeights } from "lib/nn/losses/positive_weights.ts";
import { ReadyBatches } from "lib/train/batches.ts";
import { parseConfig, withSettings } from "lib/train/config.ts";
import { train } from "lib/train/loop.ts";
import { buildNetwork } from "lib/train/model.ts";
import { Parameters, weightsOf } from "lib/train/parameters.ts";
import { recipeConfig } from "experiments/recipes/mod.ts";
import { tinyConfig, tinyData } from "../train/tiny_run.ts";
import { relativeError } from "./wave.ts";

const FIXTURE = readJson<{
  logits: number[][];
  labels: number[][];
  positiveWeights: number[];
  cases: { loss: LossConfig; mean: number; gradient: number[] }[];
}>("tests/fixtures/losses/losses.json");

const logits = tf.tensor2d(FIXTURE.logits), labels = tf.tensor2d(FIXTURE.labels);
const targets = FIXTURE.labels.flat();

/** A loss and its gradient by the logits, compiled as in training. */
function differentiate(loss: Loss, z: tf.Tensor, y: tf.Tensor) {
  const run = compile((z: tf.Tensor, y: tf.Tensor) => {
    const { value, grads } = tf.valueAndGrads((z: tf.Tensor) => loss(z, y))([z]);
    return [value, grads[0]];
  });
  const [value, gradient] = run(z, y);
  return { value: value.dataSync()[0], gradient: Array.from(gradient.dataSync()) };
}

for (const { loss, mean, gradient } of FIXTURE.cases) {
  Deno.test(`${JSON.stringify(loss)}: value and gradient are PyTorch's`, () => {
    const ours = differentiate(makeLoss(loss, { targets }), logits, labels);
    // float32 against float64: a few roundings of numbers up to 15
    assert.ok(Math.abs(ours.value / mean - 1) < 1e-5, `${ours.value} against ${mean}`);
    assert.ok(relativeError(ours.gradient, gradient) < 1e-5);
    // small gradients are as good: what is easy decides how a focal loss trains
    ours.gradient.forEach((g, k) =>
      assert.ok(Math.abs(g - gradient[k]) <= 1e-4 * Math.abs(gradient[k]) + 1e-9, `logit ${k}`)
    );
  });
}

Deno.test("positive weights are negatives/positives", () => {
  // the document's example: 200 with a guitar, 50 with guitar and piano, 100 with a piano, 300 with a violin
  const rows = [[200, [1, 0, 0]], [50, [1, 1, 0]], [100, [0, 1, 0]], [300, [0, 0, 1]]] as const;
  const songs = rows.flatMap(([count, row]) => Array.from({ length: count }, () => row).flat());
  const weights = positiveWeights(songs, { instruments: 3 });
  assert.deepEqual(weights, [400 / 250, 500 / 150, 350 / 300]);
  assert.equal(weights[0], 1.6);
  assert.deepEqual(positiveWeights([1, 0, 1, 0], { instruments: 2 }), [0, 1], "all and none");
  assert.deepEqual(positiveWeights(targets), FIXTURE.positiveWeights);
});

Deno.test("gamma 0, weights of 1, alpha 1/2 and families of one are binary cross-entropy", () => {
  const plain = differentiate(binaryCrossEntropy, logits, labels);
  const half = { value: plain.value / 2, gradient: plain.gradient.map((g) => g / 2) };
  const ones = INSTRUMENTS.map(() => 1);
  const alone = Object.fromEntries(INSTRUMENTS.map((code) => [code, [code]]));
  const same: [Loss, typeof plain][] = [
    [(z, y) => focalLoss(z, y, { gamma: 0, variant: "paper" }), plain],
    [(z, y) => focalLoss(z, y, { gamma: 0, variant: "document" }), plain],
    [(z, y) => focalLoss(z, y, { gamma: 0, variant: "paper", alpha: 0.5 }), half],
    [(z, y) => binaryCrossEntropy(z, y, { positiveWeights: ones }), plain],
    [(z, y) => familyLoss(z, y, alone), plain],
  ];
  same.forEach(([loss, expected], k) => {
    const ours = differentiate(loss, logits, labels);
    // one more factor of 1 is exact; sums may be taken in another order
    assert.ok(Math.abs(ours.value / expected.value - 1) < 1e-6, `${k}`);
    assert.ok(relativeError(ours.gradient, expected.gradient) < 1e-6, `${k}`);
  });
});

Deno.test("at logits of +-100 losses are |z| where wrong and 0 where right, with gradients as steep", () => {
  const z = tf.tensor2d([[-100, -100, 100, 100]]), y = tf.tensor2d([[0, 1, 0, 1]]);
  const wrong = [0, 100, 100, 0], slope = [0, -1, 1, 0];
  const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const weights = { positiveWeights: [1, 3, 3, 3] }, tripled = [1, 3, 1, 3];
  const times = (values: number[], factors: number[]) => values.map((v, k) => v * factors[k]);
  // the document's: (1 - p)^gamma is 1 at -100 and 0 at 100, so what is wrongly heard is forgiven
  const heard = [1, 1, 0, 0];
  const cases: [string, Loss, number[]][] = [
    ["cross-entropy", binaryCrossEntropy, [1, 1, 1, 1]],
    ["weights", (z, y) => binaryCrossEntropy(z, y, weights), tripled],
    ...[0.1, 0.5, 2].flatMap((gamma): [string, Loss, number[]][] => [
      [`focal ${gamma}`, (z, y) => focalLoss(z, y, { gamma, variant: "paper" }), [1, 1, 1, 1]],
      [
        `weighted focal ${gamma}`,
        (z, y) => focalLoss(z, y, { gamma, variant: "paper", ...weights }),
        tripled,
      ],
      [`document ${gamma}`, (z, y) => focalLoss(z, y, { gamma, variant: "document" }), heard],
    ]),
  ];
  for (const [name, loss, factors] of cases) {
    const { value, gradient } = differentiate(loss, z, y);
    // what is left of exp(-gamma 100), with 100 in front: 5e-3 for gamma 0.1
    const rest = name === "document 0.1" ? 100 * Math.exp(-10) : 1e-6;
    assert.ok(Math.abs(value - mean(times(wrong, factors))) <= rest, `${name}: ${value}`);
    times(slope, factors).forEach((expected, k) =>
      assert.ok(Math.abs(gradient[k] - expected / 4) <= rest, `${name}, ${k}: ${gradient[k]}`)
    );
  }
});

Deno.test("a configuration chooses the loss; a run that says nothing new keeps its own", () => {
  const config = recipeConfig("demo");
  assert.deepEqual(config.loss, { name: "binary-cross-entropy" });
  const focal = { name: "focal", gamma: 0.5, variant: "document", positiveWeights: "balanced" };
  const family = { factor: 0.3, families: { low: ["cel"], high: ["flu", "vio"] } };
  for (const loss of [focal, { ...config.loss, family }]) {
    const set = withSettings(config, [`loss=${JSON.stringify(loss)}`]);
    assert.deepEqual(set.loss, loss);
  }
  const refused = (loss: unknown, message: RegExp) =>
    assert.throws(() => parseConfig({ ...config, loss }), message);
  refused({ ...focal, gamma: -1 }, /loss\.gamma/);
  refused({ ...focal, variant: "other" }, /loss\.variant.*"paper"\|"document"/);
  refused({ ...config.loss, gamma: 1 }, /"gamma"/);
  refused({ ...config.loss, family: { factor: 1, families: { x: ["harp"] } } }, /families\.x\.0/);
});

Deno.test("a run is trained by its loss, with the weights of its training examples", async () => {
  const folder = Deno.makeTempDirSync(), data = tinyData(), stop = new AbortController();
  const loss = { name: "focal", gamma: 0.5, variant: "paper", positiveWeights: "balanced" };
  const config = withSettings(tinyConfig(), [
    `loss=${JSON.stringify(loss)}`,
    "model.dropRate=0", // the first step computes what inference would
    "model.stochasticDepthRate=0",
  ]);
  const examples = data.train.filter((clip) => clip % 11 < 5 || clip < 22); // some instruments are rarer
  const batches = new ReadyBatches(data.clips, { train: examples, config });
  const losses: number[] = [];
  await train({
    config,
    batches,
    checkpoint: `${folder}/checkpoint.safetensors`,
    signal: stop.signal,
    validate: data.validate,
    onMetric: ({ value }) => {
      losses.push(value);
      stop.abort();
    },
  });
  const network = buildNetwork(config.model);
  const parameters = new Parameters(network.parameters, randomFrom(config.seed, "parameters"));
  const { input, labels } = await batches.at(0);
  const x = tf.tensor4d(input, [config.batchSize, data.clips.bands, data.clips.frames, 1]);
  const y = tf.tensor2d(labels, [config.batchSize, INSTRUMENTS.length]);
  const expected = makeLoss(config.loss, { targets: takeRows(data.clips.targets, examples) })(
    network.apply(weightsOf(parameters.read()), x, INFERENCE),
    y,
  ).dataSync()[0];
  // float32 through 30 layers, in two orders of sums
  assert.ok(Math.abs(losses[0] / expected - 1) < 1e-4, `${losses[0]} against ${expected}`);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("the document's focal loss makes a false alarm that is sure enough surer still, the paper's never", () => {
  // q = 1 - p: q^gamma (-log q) falls with p where log q < -1 / gamma; with gamma 0.5 from p = 0.865, z = 1.85
  const gamma = 0.5, q = Math.exp(-1 / gamma), turn = Math.log((1 - q) / q);
  const slopes = (variant: "paper" | "document") => {
    const loss = (z: tf.Tensor) => focalLoss(z, tf.zerosLike(z), { gamma, variant });
    return [...tf.grad(loss)(tf.tensor2d([[turn - 0.1, turn + 0.1, turn + 3]])).dataSync()];
  };
  assert.deepEqual(slopes("document").map(Math.sign), [1, -1, -1]);
  assert.deepEqual(slopes("paper").map(Math.sign), [1, 1, 1]);
});
