/** The transformer that tests/fixtures/nn/make_ast.py made, and how far ours is from what it should give. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { ast, astClassifier, type AstLayout, type AstSize } from "lib/nn/backbones/ast.ts";
import { compile, RandomStream, tf } from "lib/nn/engine/mod.ts";
import { type Backbone, INFERENCE, type Mode } from "lib/nn/layer.ts";
import { publishedWeights } from "lib/nn/published.ts";
import { readSafetensors } from "lib/nn/safetensors.ts";
import { weightsOf } from "lib/train/parameters.ts";
import { relativeError } from "./wave.ts";

/** The small one. */
export const SMALL_AST: AstLayout = {
  channels: 24,
  layers: 2,
  heads: 3,
  hidden: 40,
  stride: 10,
  bands: 36,
  frames: 66,
};

/** A network with a classifier behind it, and their weights from a file. */
export function withClassifier(size: AstLayout | AstSize, classes: number, path: string) {
  const backbone = ast({ size });
  const classifier = astClassifier({ channels: backbone.features, classes });
  const all: Backbone = {
    ...backbone,
    parameters: [...backbone.parameters, ...classifier.parameters],
  };
  const values = new Map(
    [...publishedWeights(path, all)].map(([k, { shape, data }]) => [k, tf.tensor(data, shape)]),
  );
  return { backbone, classifier, values };
}

/** Spectrograms of a file, [batch, bands, frames, 1]. */
export function spectrogram(io: ReturnType<typeof readSafetensors>, name: string): tf.Tensor {
  const { data, shape } = io.tensors.get(name)!;
  return tf.tensor(data, [...shape, 1]);
}

/** Relative errors of the embedding, the logits and the gradients. @param folder with ast.safetensors, ast.io.safetensors */
export function compareAst(folder: string, size: AstLayout | AstSize, classes: number) {
  const io = readSafetensors(join(folder, "ast.io.safetensors"));
  const { backbone, classifier, values } = withClassifier(
    size,
    classes,
    join(folder, "ast.safetensors"),
  );
  const layers = typeof size === "string" ? 12 : size.layers;
  const first = "embeddings.patch_embeddings.projection.weight";
  const last = `layers.${layers - 1}.mlp.fc2.weight`;
  const seed = tf.tensor1d([0, 0], "int32");
  const run = compile((x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => {
    const embedding = (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor, mode: Mode) =>
      backbone.apply(weightsOf(new Map([...values, [first, a], [last, b]])), x, mode)
        .mean([1, 2]);
    const y = embedding(x, a, b, INFERENCE);
    const logits = classifier.apply(weightsOf(values), y, INFERENCE);
    const learning = { training: true, random: new RandomStream(seed) } as const;
    const sign = tf.range(0, y.size).mod(2).mul(-2).add(1).div(y.size).reshape(y.shape);
    const gradients = tf.grads((x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) =>
      embedding(x, a, b, learning).mul(sign).sum()
    )([x, a, b]);
    return [y, logits, ...gradients];
  });
  const [y, logits, dx, d1, d2] = run(
    spectrogram(io, "x"),
    values.get(first)!,
    values.get(last)!,
  );
  const error = (name: string, ours: tf.Tensor) => {
    const { shape, data } = io.tensors.get(name)!;
    assert.deepEqual(ours.shape, shape, name);
    return relativeError(ours.dataSync(), data);
  };
  return {
    y: error("y", y),
    logits: error("logits", logits),
    dx: error("dx", dx.squeeze([3])),
    first: error("first", d1.transpose([3, 2, 0, 1])),
    last: error("last", d2.transpose()),
  };
}

if (import.meta.main) {
  // deno run -A tests/nn/ast_fixture.ts FOLDER: the published size, from make_ast.py FOLDER
  console.log("ast", JSON.stringify(compareAst(Deno.args[0], "base", 527)));
}
