/**
 * Writes what a run with attentive heads looks at in the songs of the small demo (experiments/inner_view.json): the attention
 * of all heads over time, Grad-CAM of the songs of two instruments that it knows best, and what the logit of an instrument
 * that plays loses where the quarter that Grad-CAM marks falls silent, or the loudest quarter does, or any other. Needs the
 * run's weights.
 *
 *     ./lumen deno run -P=lumen tools/look_inside.ts demo-7c5c82d1-seed0     about four minutes
 */
import { decodeFile } from "../lib/audio/decode.ts";
import type { Sound } from "../lib/audio/sound.ts";
import { writeJson } from "../lib/core/files.ts";
import { projectPath } from "../lib/core/paths.ts";
import { showProgress } from "../lib/core/progress.ts";
import { type Random, randomFrom } from "../lib/core/random.ts";
import { mean } from "../lib/core/statistics.ts";
import { demoFolder, renderDemo } from "../lib/datasets/demo/render.ts";
import { demoClips } from "../lib/datasets/demo/truth.ts";
import { type Instrument, INSTRUMENTS } from "../lib/datasets/labels.ts";
import { runWithWeights } from "../lib/experiments/run_folder.ts";
import { loadInnerView, type SoundMap } from "../lib/inference/inner_view.ts";
import { piecesOf } from "../lib/inference/pieces.ts";
import { tf } from "../lib/nn/engine/mod.ts";

/** Songs with maps, the share of a map's places that falls silent, and how many other shares are drawn. */
const MAPS = 3, SHARE = 1 / 4, DRAWS = 4;

const [name] = Deno.args;
const run = runWithWeights(name);
const view = loadInnerView(run);
await renderDemo({ size: "small" });
const clips = demoClips(demoFolder("small")).filter(({ part, fault }) =>
  part !== "train" && !fault
);
const rounded = (values: ArrayLike<number>) => Array.from(values, (x) => Number(x.toFixed(2)));
const byInstrument = (of: Record<Instrument, number[]>) =>
  Object.fromEntries(INSTRUMENTS.map((code) => [code, rounded(of[code])]));

const progress = showProgress("songs", clips.length);
const timelines = clips.map(({ path }, k) => {
  const timeline = view.attention(decodeFile(path));
  progress.update(k + 1);
  return timeline;
});
progress.done();
const songs = clips.map(({ file, labels }, k) => {
  const { attention, scores } = timelines[k];
  return { file, labels, attention: byInstrument(attention), scores: byInstrument(scores) };
});

const { config } = run.readRecord();

/** The mean level of each place of a map of so many rows and columns, `[count, rows, columns]`. */
function levels(sound: Sound, { rows, columns }: SoundMap): Float32Array {
  const { input, count, bands, frames } = piecesOf(sound, config);
  return tf.tidy(() => {
    const x = tf.tensor4d(input, [count, bands, frames, 1]);
    const size: [number, number] = [Math.floor(bands / rows), Math.floor(frames / columns)];
    return tf.avgPool(x, size, size, "valid").dataSync() as Float32Array;
  });
}

/** What an instrument's logit loses without some quarters of the places; means over pieces. */
function losses(sound: Sound, instrument: Instrument, random: Random) {
  const map = view.gradCam(sound, instrument), places = map.rows * map.columns;
  const silent = Math.round(SHARE * places), all = [...Array(places).keys()];
  const without = (choose: (piece: number) => readonly number[]) => {
    const values = new Float32Array(map.values.length);
    for (let piece = 0; piece < map.count; piece++) {
      for (const place of choose(piece)) values[piece * places + place] = 1;
    }
    return mean(view.logitsWithout(sound, instrument, { ...map, values }));
  };
  const highest = (of: Float32Array) => (piece: number) =>
    all.toSorted((a, b) => of[piece * places + b] - of[piece * places + a]).slice(0, silent);
  const before = without(() => []);
  const any = Array.from(
    { length: DRAWS },
    () => without(() => random.shuffle(all).slice(0, silent)),
  );
  return {
    marked: before - without(highest(map.values)),
    loudest: before - without(highest(levels(sound, map))),
    any: before - mean(any),
  };
}

const silencing = showProgress("silenced places", clips.length);
const silenced = clips.flatMap(({ file, path, labels, recording }, k) => {
  const sound = decodeFile(path);
  silencing.update(k + 1);
  return labels.map((instrument) => {
    const lost = losses(sound, instrument, randomFrom("silenced", file, instrument));
    const [marked, loudest, any] = rounded([lost.marked, lost.loudest, lost.any]);
    return { song: recording, instrument, marked, loudest, any };
  });
});
silencing.done();

const known = clips.map((clip, k) => ({
  ...clip,
  score: mean(clip.labels.map((code) => mean(timelines[k].scores[code]))),
})).filter(({ labels }) => labels.length === 2).sort((a, b) => b.score - a.score);
// one excerpt of a song: the others sound alike
const chosen = known.filter(({ recording }, k) =>
  known.findIndex((other) => other.recording === recording) === k
).slice(0, MAPS);
const maps = chosen.flatMap(({ file, path, labels }) =>
  labels.map((instrument) => {
    const { values, rows, columns } = view.gradCam(decodeFile(path), instrument);
    return { file, instrument, rows, columns, values: rounded(values.slice(0, rows * columns)) };
  })
);
const { stepSeconds, stepsInPiece } = timelines[0];
writeJson(projectPath("experiments", "inner_view.json"), {
  run: name,
  stepSeconds,
  stepsInPiece,
  songs,
  maps,
  silenced,
});
