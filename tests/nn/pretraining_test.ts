import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { randomFrom } from "lib/core/random.ts";
import { convNext } from "lib/nn/backbones/convnext.ts";
import { compile, tf } from "lib/nn/engine/mod.ts";
import { poolToGrid, tileHeads } from "lib/nn/heads/tiles.ts";
import { INFERENCE, type Layer, sequence } from "lib/nn/layer.ts";
import { crossEntropyOfAsked, squaredErrorOfAsked } from "lib/nn/losses/asked.ts";
import type { Loss } from "lib/nn/losses/loss.ts";
import { encodeVisible, maskedAutoencoder } from "lib/nn/masked_autoencoder.ts";
import { Parameters, weightsOf } from "lib/train/parameters.ts";
import { lossAndGradients } from "lib/train/step.ts";
import { names, weights } from "./timm_fixture.ts";
import { relativeError, wave } from "./wave.ts";

interface LossFixture {
  value: number;
  gradient: number[];
}
const FIXTURE = readJson<{
  masked: { hidden: number[]; maps: number[][]; target: number[] };
  grid: number[];
  losses: { cross: LossFixture; squared: LossFixture };
}>("tests/fixtures/pretraining/pretraining.json");

const BANDS = 64, FRAMES = 96, PATCH = 16;
const backbone = convNext({ size: "atto", inputChannels: 1 });
const timmWeights = weightsOf(new Map(names.map((name, k) => [name, weights[k]])));

/** The fixture's picture with some squares of 16 x 16 hidden. */
function picture(hidden: readonly number[], clip = wave("input", BANDS * FRAMES, 1)): tf.Tensor {
  const columns = FRAMES / PATCH;
  const squareOf = (at: number) =>
    Math.floor(Math.floor(at / FRAMES) / PATCH) * columns + Math.floor(at % FRAMES / PATCH);
  return tf.tensor4d(clip.map((value, at) => hidden.includes(squareOf(at)) ? NaN : value), [
    1,
    BANDS,
    FRAMES,
    1,
  ]);
}

Deno.test("the encoder of a masked picture is SparK's sparse ConvNeXt", () => {
  const x = picture(FIXTURE.masked.hidden);
  const maps = encodeVisible(backbone, { weights: timmWeights, x, mode: INFERENCE });
  assert.deepEqual(maps.map(({ features }) => features.shape), [
    [1, 16, 24, 40],
    [1, 8, 12, 80],
    [1, 4, 6, 160],
    [1, 2, 3, 320],
  ]);
  maps.forEach(({ features, visible }, stage) => {
    const ours = features.dataSync().filter((_, k) => k % 7 === 0);
    // float32 through up to 24 layers against float64
    assert.ok(relativeError(ours, FIXTURE.masked.maps[stage]) < 1e-4, `stage ${stage}`);
    const hiddenSum = features.mul(visible.neg().add(1)).abs().sum().dataSync()[0];
    assert.equal(hiddenSum, 0, `stage ${stage} has something where nothing is visible`);
  });
  // a position of the last stage covers four squares: it is empty where all four are hidden
  assert.deepEqual([...maps[3].visible.dataSync()], [0, 1, 1, 1, 1, 1]);
});

Deno.test("with nothing hidden it is the backbone", () => {
  const x = picture([]);
  const maps = encodeVisible(backbone, { weights: timmWeights, x, mode: INFERENCE });
  const plain = backbone.apply(timmWeights, x, INFERENCE);
  // factors of 1, and the same operations
  assert.deepEqual(maps.at(-1)!.features.dataSync(), plain.dataSync());
});

Deno.test("a visible square that is far away, and every hidden one, is not seen", () => {
  const hidden = [...Array(24).keys()].filter((square) => square % 6 !== 0); // the first column is visible
  const clip = wave("input", BANDS * FRAMES, 1);
  const outside = clip.map((value, at) => at % FRAMES < PATCH ? value : -3 * value + 1);
  const answer = (values: Float32Array) =>
    encodeVisible(backbone, {
      weights: timmWeights,
      x: picture(hidden, values),
      mode: INFERENCE,
    }).flatMap(({ features }) => [...features.dataSync()]);
  const before = answer(clip);
  assert.deepEqual(answer(outside), before);
  assert.ok(before.every(Number.isFinite));
  const inside = clip.map((value, at) => at % FRAMES < PATCH ? -3 * value + 1 : value);
  assert.ok(relativeError(answer(inside), before) > 0.1);
});

/** A loss and its gradient by the first argument, compiled as in training. */
function differentiate(loss: Loss, z: tf.Tensor, y: tf.Tensor) {
  const run = compile((z: tf.Tensor, y: tf.Tensor) => {
    const { value, grads } = tf.valueAndGrads((z: tf.Tensor) => loss(z, y))([z]);
    return [value, grads[0]];
  });
  const [value, gradient] = run(z, y);
  return { value: value.dataSync()[0], gradient: [...gradient.dataSync()] };
}

Deno.test("losses are PyTorch's means over what is asked; what is not asked has no gradient", () => {
  const logits = tf.tensor3d(wave("logits", 144, 4), [3, 16, 3]);
  const states = Float32Array.from({ length: 48 }, (_, k) => k % 4 === 3 ? NaN : k % 4);
  const values = tf.tensor2d(wave("values", 80, 2), [2, 40]);
  const target = wave("target", 80, 1).map((value, k) => k % 3 === 0 ? NaN : value);
  const cases = [
    ["cross", crossEntropyOfAsked, logits, tf.tensor2d(states, [3, 16]), 3],
    ["squared", squaredErrorOfAsked, values, tf.tensor2d(target, [2, 40]), 1],
  ] as const;
  for (const [name, loss, z, y, width] of cases) {
    const ours = differentiate(loss, z, y), expected = FIXTURE.losses[name];
    // float32 against float64: sums of some 50 numbers
    assert.ok(Math.abs(ours.value / expected.value - 1) < 1e-5, name);
    assert.ok(relativeError(ours.gradient, expected.gradient) < 1e-5, name);
    const asked = y.dataSync();
    ours.gradient.forEach((g, k) =>
      assert.ok(!Number.isNaN(asked[Math.floor(k / width)]) || g === 0, `${name} ${k}: ${g}`)
    );
  }
  const nothing = tf.tensor2d(new Float32Array(80).fill(NaN), [2, 40]);
  assert.equal(differentiate(squaredErrorOfAsked, values, nothing).value, 0);
});

Deno.test("a feature map is pooled to the tiles' grid as PyTorch's adaptive pooling does", () => {
  const x = tf.tensor4d(wave("map", 180, 1), [2, 5, 6, 3]).transpose([0, 2, 3, 1]);
  const pooled = poolToGrid(x, { rows: 4, columns: 4 });
  assert.deepEqual(pooled.shape, [2, 4, 4, 5]);
  // means of up to six numbers in float32
  assert.ok(relativeError(pooled.dataSync(), FIXTURE.grid) < 1e-6);
});

Deno.test("each tile has a head of its own, on what lies where the tile does", () => {
  const heads = tileHeads("head", { features: 2, outputs: 3, grid: { rows: 4, columns: 4 } });
  const parameters = new Parameters(heads.parameters, randomFrom("tiles"));
  const apply = (map: Float32Array) =>
    heads.apply(weightsOf(parameters.read()), tf.tensor4d(map, [2, 4, 4, 2]), INFERENCE);
  const map = wave("tiles", 64, 1), before = apply(map).arraySync() as number[][][];
  const changed = map.slice();
  changed[32 + 2 * 6] += 1; // the second picture's seventh cell
  const after = apply(changed).arraySync() as number[][][];
  const moved = before.map((picture, b) =>
    picture.map((tile, t) => tile.some((z, k) => z !== after[b][t][k]) ? t : -1).filter((t) =>
      t >= 0
    )
  );
  assert.deepEqual(moved, [[], [6]]);
  parameters.dispose();
});

const tiles: Layer = sequence(
  backbone,
  tileHeads("head.tiles", {
    features: backbone.features,
    outputs: 3,
    grid: { rows: 4, columns: 4 },
  }),
);
const states = tf.tensor2d(Float32Array.from({ length: 16 }, (_, k) => k % 5 === 4 ? NaN : k % 3), [
  1,
  16,
]);
for (
  const [name, network, loss, x, labels] of [
    ["patches", tiles, crossEntropyOfAsked, picture([]), states],
    [
      "masked",
      maskedAutoencoder(backbone),
      squaredErrorOfAsked,
      picture(FIXTURE.masked.hidden),
      tf.tensor2d(wave("input", BANDS * FRAMES, 1), [1, BANDS * FRAMES]),
    ],
  ] as const
) {
  Deno.test(`${name}: every parameter has a finite gradient, compiled as eager`, () => {
    const parameters = new Parameters(network.parameters, randomFrom("pretraining"));
    const all = [...parameters.trainable.keys()];
    const run = (x: tf.Tensor, labels: tf.Tensor) => {
      const seed = tf.tensor1d([1, 2], "int32");
      const { loss: value, gradients } = lossAndGradients({ model: network, parameters, loss }, {
        input: x,
        labels,
        seed,
      });
      return [value, ...all.map((name) => gradients.get(name)!)];
    };
    const compiled = compile(run, { name })(x, labels), eager = run(x, labels);
    compiled.forEach((value, k) => {
      const norm = value.norm().dataSync()[0], what = k === 0 ? "the loss" : all[k - 1];
      assert.ok(Number.isFinite(norm) && norm > 0, `${what}: ${norm}`);
      // the same operations in another order
      assert.ok(relativeError(value.dataSync(), eager[k].dataSync()) < 1e-3, what);
    });
    parameters.dispose();
  });
}
