import assert from "node:assert/strict";
import { readNpz } from "lib/core/npz.ts";
import { projectPath } from "lib/core/paths.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { decodeFile } from "lib/audio/decode.ts";
import { logMel, patchesOf } from "lib/features/log_mel.ts";
import { embed, embedFiles } from "lib/nn/embed.ts";
import { compile, tf } from "lib/nn/engine/mod.ts";
import { INFERENCE } from "lib/nn/layer.ts";
import { pretrained, PRETRAINED_NAMES, pretrainedWeights } from "lib/nn/pretrained.ts";
import { weightsOf } from "lib/train/parameters.ts";
import { chirp, noise } from "../mel_signals.ts";
import { relativeError } from "./wave.ts";

const SIGNALS = {
  yamnet: { chirp: chirp(24000), noise: noise(15600) },
  musicnn: { chirp: chirp(97000), noise: noise(48000) },
};

const fixture = (name: string) =>
  readNpz(projectPath("tests", "fixtures", "pretrained", `${name}.npz`));

/** Largest difference. */
const difference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, v, k) => Math.max(most, Math.abs(v - b[k])), 0);

for (const name of PRETRAINED_NAMES) {
  for (const [signal, y] of Object.entries(SIGNALS[name])) {
    Deno.test(`${name}, ${signal}: spectrogram, embeddings and scores are the original's`, async () => {
      const network = pretrained(name), expected = await fixture(name);
      const values = (what: string) => expected.get(`${signal}_${what}`)!.data as Float32Array;

      const mel = logMel(y, network.input);
      const everyFifth = mel.data.filter((_, k) => k % mel.frames % 5 === 0);
      assert.equal(everyFifth.length, values("log_mel").length);
      // ours is double precision, kept in single; logarithms are of the order of 1
      assert.ok(difference(everyFifth, values("log_mel")) < 1e-5);

      const { data, count, bands, frames } = patchesOf(mel, network.input);
      const weights = weightsOf(
        new Map([...pretrainedWeights(name)].map(([key, { data, shape }]) => [
          key,
          tf.tensor(data, shape),
        ])),
      );
      const run = compile((x: tf.Tensor) => {
        const map = network.backbone.apply(weights, x, INFERENCE);
        const embedding = network.embedding.apply(weights, map, INFERENCE);
        return [embedding, network.classifier.apply(weights, embedding, INFERENCE).sigmoid(), map];
      });
      const [embeddings, scores, map] = run(tf.tensor4d(data, [count, bands, frames, 1]));
      // float32 through 28 layers; musicnn's oracle is float32 too
      assert.ok(relativeError(embeddings.dataSync(), values("embeddings")) < 1e-4);
      assert.ok(difference(scores.dataSync(), values("scores")) < 1e-4);
      if (name === "musicnn") {
        const [front] = map.arraySync() as number[][][][];
        const picked = (from: number, to: number) =>
          front[0].filter((_, t) => t % 11 === 0)
            .flatMap((row) => row.slice(from, to).filter((_, k) => k % 17 === 0));
        assert.ok(relativeError(picked(0, 408), values("timbral")) < 1e-4);
        assert.ok(relativeError(picked(408, 561), values("temporal")) < 1e-4);
        assert.ok(relativeError(picked(689, 753), values("last")) < 1e-4);
      }

      // of a clip: the means over its patches
      const clip = await embed([y], name), width = network.dimensions;
      const means = Float32Array.from({ length: width }, (_, k) => {
        const column = values("embeddings").filter((_, at) => at % width === k);
        return column.reduce((sum, v) => sum + v, 0) / count;
      });
      assert.ok(relativeError(clip.embeddings, means) < 1e-4);
    });
  }

  Deno.test(`${name}: its file has the parameters of the network, and the classes name instruments`, () => {
    const { backbone, embedding, classifier, classes, instruments } = pretrained(name);
    const specs = [backbone, embedding, classifier].flatMap(({ parameters }) => parameters);
    const weights = pretrainedWeights(name);
    assert.deepEqual([...weights.keys()].sort(), specs.map((spec) => spec.name).sort());
    for (const { name, shape } of specs) assert.deepEqual(weights.get(name)!.shape, shape, name);
    for (const names of Object.values(instruments)) {
      for (const known of names) assert.ok(classes.includes(known), known);
    }
  });
}

Deno.test("files give what their sounds give, in their order; one that cannot be read is skipped", async () => {
  const folder = Deno.makeTempDirSync();
  const sounds = ["mono.flac", "pcm16.wav", "mono.ogg"].map((file) =>
    projectPath("tests", "fixtures", "audio", file)
  );
  const broken = `${folder}/broken.wav`;
  Deno.writeTextFileSync(broken, "no sound");
  const paths = [sounds[0], broken, sounds[1], sounds[2]];
  const files = await embedFiles(paths, "yamnet", { folder, workers: 2 });
  assert.deepEqual(files.paths, sounds);
  assert.deepEqual(files.skipped.map(({ path }) => path), [broken]);
  const alone = await embed(sounds.map((path) => decodeFile(path)), "yamnet");
  assert.deepEqual(files.embeddings, alone.embeddings);
  const [first] = await Promise.all([embed([decodeFile(sounds[2])], "yamnet")]);
  // other batches, other sums
  assert.ok(relativeError(first.embeddings, alone.embeddings.subarray(2 * 1024)) < 1e-5);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("an instrument's score is the highest of its classes; NaN where there is none", async () => {
  const { scores, classScores, classes } = await embed([noise(48000)], "musicnn");
  const of = (tag: string) => classScores[classes.indexOf(tag)];
  const score = (code: typeof INSTRUMENTS[number]) => scores[INSTRUMENTS.indexOf(code)];
  assert.equal(score("cel"), of("cello"));
  assert.equal(score("gac"), of("guitar"));
  assert.equal(
    score("voi"),
    Math.max(
      ...["vocal", "vocals", "singing", "voice"].map(of),
      ...[
        "male vocal",
        "female vocal",
        "male voice",
        "female voice",
      ].map(of),
    ),
  );
  for (const code of ["cla", "org", "sax", "tru"] as const) assert.ok(Number.isNaN(score(code)));
});

Deno.test("a sound shorter than a patch: YAMNet hears silence behind it, musicnn hears it again", () => {
  const short = noise(8000);
  const { input } = pretrained("yamnet"), silent = new Float32Array(15600);
  silent.set(short);
  assert.deepEqual(logMel(short, input), logMel(silent, input));
  const musicnn = pretrained("musicnn").input, mel = logMel(short, musicnn);
  assert.equal(mel.frames, 32);
  const { data, count, frames } = patchesOf(mel, musicnn);
  assert.equal(count, 1);
  for (const t of [0, 31, 32, 186]) assert.equal(data[5 * frames + t], mel.data[5 * 32 + t % 32]);
  assert.throws(() => logMel(new Float32Array(), input), /empty signal/);
});

Deno.test("patches follow one another by the hop; what does not fill one is silence, or left out", () => {
  const yamnet = pretrained("yamnet").input, { musicnn } = SIGNALS;
  for (const [samples, count] of [[15600, 1], [15601, 2], [23280, 2], [23281, 3]]) {
    assert.equal(patchesOf(logMel(noise(samples), yamnet), yamnet).count, count, `${samples}`);
  }
  const input = pretrained("musicnn").input, mel = logMel(musicnn.chirp, input);
  const { data, count, frames } = patchesOf(mel, input);
  assert.equal(count, 2);
  assert.equal(data[(1 * 96 + 3) * frames + 10], mel.data[3 * mel.frames + 187 + 10]);
});
