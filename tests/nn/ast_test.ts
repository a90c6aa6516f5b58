import assert from "node:assert/strict";
import { projectPath } from "lib/core/paths.ts";
import { randomFrom } from "lib/core/random.ts";
import { ast, AST_SIZES, astNames } from "lib/nn/backbones/ast.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { pretrained } from "lib/nn/pretrained.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { truncatedNormal } from "lib/nn/initializers.ts";
import { INFERENCE, parameterCount } from "lib/nn/layer.ts";
import { multiHeadAttention } from "lib/nn/layers/multi_head_attention.ts";
import { readSafetensors } from "lib/nn/safetensors.ts";
import { weightsOf } from "lib/train/parameters.ts";
import { compareAst, SMALL_AST, spectrogram, withClassifier } from "./ast_fixture.ts";
import { relativeError } from "./wave.ts";

const FOLDER = projectPath("tests", "fixtures", "nn");

Deno.test("AST: embedding, logits and gradients are the original's", () => {
  const errors = compareAst(FOLDER, SMALL_AST, 5);
  // float32 against float64 through two blocks
  assert.ok(errors.y < 1e-4 && errors.logits < 1e-4, JSON.stringify(errors));
  for (const part of ["dx", "first", "last"] as const) {
    assert.ok(errors[part] < 1e-3, `${part}: ${errors[part]}`);
  }
});

Deno.test("AST: of other lengths, positions are those in the middle, or stretched, as torch does it", () => {
  const io = readSafetensors(`${FOLDER}/ast.io.safetensors`);
  const { backbone, values } = withClassifier(SMALL_AST, 5, `${FOLDER}/ast.safetensors`);
  for (const name of ["long", "short"]) {
    const x = spectrogram(io, `x_${name}`);
    const y = backbone.apply(weightsOf(values), x, INFERENCE).mean([1, 2]);
    assert.ok(relativeError(y.dataSync(), io.tensors.get(`y_${name}`)!.data) < 1e-4, name);
  }
});

Deno.test("AST: a map of patches has a place for each, in the order of bands and frames", () => {
  const { values } = withClassifier(SMALL_AST, 5, `${FOLDER}/ast.safetensors`);
  const backbone = ast({ size: { ...SMALL_AST, layers: 0 }, map: "patches" });
  const x = tf.randomNormal([2, 36, 66, 1], 0, 1, "float32", 7);
  const map = backbone.apply(weightsOf(values), x, INFERENCE);
  assert.deepEqual(map.shape, [2, 3, 6, 24]);
  // without layers a place sees nothing but its own patch: that of bands 10 to 25, frames 20 to 35
  const other = x.mul(tf.scalar(0)).add(0).arraySync() as number[][][][];
  const given = x.arraySync() as number[][][][];
  for (let band = 10; band < 26; band++) {
    for (let t = 20; t < 36; t++) other[1][band][t][0] = given[1][band][t][0];
  }
  const alone = backbone.apply(weightsOf(values), tf.tensor4d(other), INFERENCE);
  const place = (map: tf.Tensor) => (map.arraySync() as number[][][][])[1][1][2];
  assert.ok(relativeError(place(alone), place(map)) < 1e-6);
});

const initial = truncatedNormal(0.3);

Deno.test("attention: tokens in another order come out in that order", () => {
  const layer = multiHeadAttention("a", { channels: 12, heads: 3, initial });
  const random = randomFrom("attention");
  const values = new Map(
    layer.parameters.map((
      { name, shape, initial },
    ) => [name, tf.tensor(initial(shape, random), shape)]),
  );
  const x = tf.randomNormal([1, 5, 12], 0, 1, "float32", 3),
    order = tf.tensor1d([3, 0, 4, 1, 2], "int32");
  const of = (x: tf.Tensor) => layer.apply(weightsOf(values), x, INFERENCE);
  const expected = tf.gather(of(x), order, 1).dataSync();
  assert.ok(relativeError(of(tf.gather(x, order, 1)).dataSync(), expected) < 1e-5); // sums in another order
  assert.throws(
    () => multiHeadAttention("a", { channels: 12, heads: 5, initial }),
    /5 heads do not divide 12/,
  );
});

Deno.test("AST: names of published files, and sizes", () => {
  assert.ok(
    astNames("layers.3.attention.o_proj.bias").includes(
      "audio_spectrogram_transformer.encoder.layer.3.attention.output.dense.bias",
    ),
  );
  // ASTModel of transformers with the base configuration has 86,187,264; the biases of the keys are not there
  assert.equal(parameterCount(ast({ size: "base" })), 86_187_264 - 12 * 768);
  assert.equal(AST_SIZES["base-16"].stride, 16);
  const small = ast({ size: SMALL_AST });
  assert.throws(
    () => small.apply(() => tf.zeros([1]), tf.zeros([1, 12, 40, 1]), INFERENCE),
    /at least 16 x 16 values, not 12 x 40/,
  );
});

Deno.test("AST as it listens: the eleven have the places of the document among 527 classes", () => {
  const { classes, instruments, dimensions } = pretrained("ast");
  assert.deepEqual([classes.length, dimensions], [527, 768]);
  // AudioSet's places of the eleven, as the study's own network had them
  const places = [193, 198, 196, 143, 141, 155, 153, 197, 187, 191, 27];
  assert.deepEqual(INSTRUMENTS.map((code) => classes.indexOf(instruments[code]![0])), places);
});
