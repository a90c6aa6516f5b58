/**
 * Writes where the held-out clips lie in what a run's backbone makes of them (experiments/embeddings.json): on two principal
 * components, and in the plane of UMAP. Needs the run's weights and the real spectrograms.
 *
 *     ./lumen deno run -P=lumen tools/embed_held_out.ts irmas_yamnet-0bfa19f8-seed0     about two minutes
 */
import { neighbourAgreement } from "../lib/baselines/nearest_neighbours.ts";
import { fitPca, projectPca } from "../lib/baselines/pca.ts";
import { umap } from "../lib/baselines/umap.ts";
import { writeJson } from "../lib/core/files.ts";
import { projectPath } from "../lib/core/paths.ts";
import { randomFrom } from "../lib/core/random.ts";
import {
  heldOutIndices,
  loadIrmasMels,
  MEL_BANDS,
  MEL_FRAMES,
  MEL_SIZE,
} from "../lib/datasets/irmas_mels.ts";
import { readFolds } from "../lib/datasets/split.ts";
import { runWithWeights } from "../lib/experiments/run_folder.ts";
import { loadEmbedder } from "../lib/train/embedder.ts";

const [name] = Deno.args;
const run = runWithWeights(name);
const { config } = run.readRecord();
if (config.data.source !== "irmas-mels" || !config.data.foldsFile) {
  throw new Error(`${name} is no run on real spectrograms with listed folds`);
}
const mels = await loadIrmasMels(), { fold, foldsFile } = config.data;
const held = [...heldOutIndices(mels, { folds: readFolds(projectPath(foldsFile)), fold })];
const data = new Uint8Array(held.length * MEL_SIZE);
held.forEach((index, k) =>
  data.set(mels.mel.subarray(index * MEL_SIZE, (index + 1) * MEL_SIZE), k * MEL_SIZE)
);
const rows = await loadEmbedder(config, run.weights)({
  data,
  count: held.length,
  nMels: MEL_BANDS,
  chunkFrames: MEL_FRAMES,
  group: Int32Array.from(held.keys()),
});
const pca = fitPca(rows, 2);
const planes = { pca: projectPca(pca, rows), umap: umap(rows, { random: randomFrom("umap") }) };
const agreement = (plane: typeof rows) =>
  Number(
    neighbourAgreement(
      plane,
      held.map((index) => mels.labels[index]),
      held.map((index) => mels.recordings[index]),
    ).toFixed(4),
  );
const places = (k: number) =>
  [planes.pca, planes.umap].flatMap(({ values }) =>
    [...values.subarray(2 * k, 2 * k + 2)].map((x) => Number(x.toPrecision(4)))
  );
writeJson(projectPath("experiments", "embeddings.json"), {
  run: name,
  dimensions: rows.columns,
  explained: pca.explained.map((share) => Number(share.toFixed(4))),
  neighbours: { all: agreement(rows), pca: agreement(planes.pca), umap: agreement(planes.umap) },
  columns: ["pca 1", "pca 2", "umap 1", "umap 2"],
  clips: Object.fromEntries(held.map((index, k) => [mels.names[index], places(k)])),
});
