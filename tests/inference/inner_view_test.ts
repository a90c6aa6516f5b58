import assert from "node:assert/strict";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { loadInnerView } from "lib/inference/inner_view.ts";
import { piecesOf } from "lib/inference/pieces.ts";
import { loadRecognizer } from "lib/inference/recognizer.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { gradCam } from "lib/nn/grad_cam.ts";
import { INFERENCE } from "lib/nn/layer.ts";
import { buildNetwork } from "lib/train/model.ts";
import { loadWeights, weightsOf } from "lib/train/parameters.ts";
import { untrainedRun } from "./untrained_run.ts";

const root = Deno.makeTempDirSync();
globalThis.addEventListener("unload", () => Deno.removeSync(root, { recursive: true }));

/** Seconds of a rising tone. */
function toneOf(seconds: number) {
  const sampleRate = 16000;
  const y = Float32Array.from(
    { length: seconds * sampleRate },
    (_, t) => 0.5 * Math.sin(200 * t / sampleRate * (1 + t / sampleRate)),
  );
  return { sampleRate, channels: [y] };
}

Deno.test("attention covers a sound and no more, is 1 on average in a piece, and its heads say what the run says", async () => {
  const run = untrainedRun("fluffy-attention", { root }), sound = toneOf(4);
  const { stepSeconds, stepsInPiece, attention, scores } = loadInnerView(run).attention(sound);
  const recognized = await loadRecognizer(run.name, root).recognize(sound);
  assert.ok(Math.abs(stepSeconds * stepsInPiece - 3) < 1e-12);
  for (const code of INSTRUMENTS) {
    assert.equal(attention[code].length, Math.ceil(4 / stepSeconds));
    const first = attention[code].slice(0, stepsInPiece).reduce((a, b) => a + b);
    // a softmax in single precision
    assert.ok(Math.abs(first - stepsInPiece) < 1e-4);
    assert.equal(scores[code].length, 2);
    assert.ok(Math.abs(Math.max(...scores[code]) - recognized.scores[code]) < 1e-5);
  }
});

Deno.test("maps are Grad-CAM of the last feature map, from 0 to 1, with other heads too", () => {
  for (const head of ["fluffy-attention", "pooled"]) {
    const run = untrainedRun(head, { root }), sound = toneOf(3), { config } = run.readRecord();
    const { values, count, rows, columns } = loadInnerView(run).gradCam(sound, "pia");
    const { input, bands, frames } = piecesOf(sound, config);
    const { backbone, head: classifier } = buildNetwork(config.model);
    const expected = gradCam(tf.tensor4d(input, [1, bands, frames, 1]), {
      weights: weightsOf(loadWeights(run.weights)),
      features: backbone,
      classifier,
      output: INSTRUMENTS.indexOf("pia"),
    });
    assert.deepEqual([count, rows, columns], expected.shape);
    const raw = expected.dataSync(), largest = Math.max(...raw);
    assert.ok(largest > 0);
    // one division in single precision
    values.forEach((value, k) => assert.ok(Math.abs(value - raw[k] / largest) < 1e-6));
  }
});

Deno.test("without nothing a sound has its logits, without all those of silence, and half goes by halves", () => {
  const run = untrainedRun("pooled", { root }), sound = toneOf(4), view = loadInnerView(run);
  const { config } = run.readRecord(), { input, count, bands, frames } = piecesOf(sound, config);
  const network = buildNetwork(config.model), weights = weightsOf(loadWeights(run.weights));
  const logitsOf = (values: Float32Array) =>
    network.apply(weights, tf.tensor4d(values, [count, bands, frames, 1]), INFERENCE)
      .slice([0, 10], [-1, 1]).dataSync();
  const without = (cells: number[]) =>
    view.logitsWithout(sound, "voi", {
      values: Float32Array.from([...cells, ...cells]),
      count,
      rows: 2,
      columns: 1,
    });
  const silence = -80 / 20 + 2; // (-80 dB - mean) / deviation, of -40 and 20
  const upper = input.map((x, k) => Math.floor(k / frames) % bands < bands / 2 ? silence : x);
  for (
    const [found, expected] of [
      [without([0, 0]), logitsOf(input)],
      [without([1, 1]), logitsOf(input.map(() => silence))],
      [without([1, 0]), logitsOf(upper)],
    ]
  ) {
    assert.equal(found.length, 2);
    // the same sums in the same order
    found.forEach((logit, piece) => assert.ok(Math.abs(logit - expected[piece]) < 1e-5));
  }
  assert.notDeepEqual(without([1, 0]), without([0, 1]));
});

Deno.test("heads without attention are refused", () => {
  const view = loadInnerView(untrainedRun("pooled", { root }));
  assert.throws(() => view.attention(toneOf(3)), /"pooled", which attend to nothing/);
});
