/**
 * The data on which label quality is tried (D16): real clips, of which human ears heard 297 anew, and rendered ones, of
 * which 6 % are given a wrong label.
 */
import type { KnownTruth, LabelledClips } from "../curation/label_quality.ts";
import type { DemoSize } from "../datasets/demo/plan.ts";
import { demoFolder, wrongLabels } from "../datasets/demo/render.ts";
import { demoClips } from "../datasets/demo/truth.ts";
import { type IrmasMels, MEL_BANDS, MEL_FRAMES } from "../datasets/irmas_mels.ts";
import { instrumentIndex } from "../datasets/labels.ts";
import {
  clipName,
  type FeatureTableName,
  loadFeatures,
  loadRelabelledClips,
} from "../datasets/published.ts";
import { recordingOf } from "../datasets/split.ts";
import { featuresOf } from "../features/cache.ts";
import { chunk, type Chunks } from "../features/chunks.ts";
import { classicalTable } from "../features/classical_table.ts";
import { IRMAS_MELS_FRONT_END } from "../features/front_end.ts";
import { embedFiles } from "../nn/embed.ts";
import type { PretrainedName } from "../nn/pretrained.ts";
import { loadEmbedder, publishedEmbedder } from "../train/embedder.ts";
import type { Spectrogram } from "../dsp/mel.ts";
import type { Skipped } from "../features/extraction.ts";
import { finishedRuns, newestOf, type RunFolder } from "./run_folder.ts";

/** Clips with given labels, and what is known of the true ones. */
export interface QualitySet extends LabelledClips, KnownTruth {
  /** E.g. "demo, 28 features". */
  name: string;
  /** Whether the features come from a network that learnt from these clips and their labels (most of them). */
  seen: boolean;
  /** The true labels of all clips, where they are known. */
  truth?: Uint8Array;
}

/** Real clips by the published features; the 297 that human ears heard anew lack their label, or do not. */
export function realFeatures(
  table: Extract<FeatureTableName, `irmas_single${string}`> = "irmas_single_features_28",
): QualitySet {
  const { files, labels, features, values } = loadFeatures(table);
  return {
    name: `real, ${features.length} features`,
    seen: false,
    rows: { values, columns: features.length },
    labels: Uint8Array.from(labels, ([code]) => instrumentIndex(code)),
    files,
    recordings: files.map(recordingOf),
    ...heardAnew(files),
  };
}

/**
 * Real clips by what a network trained on real spectrograms makes of them: it learnt from most of them, but from none of
 * the 297's recordings.
 */
export async function realEmbeddings(mels: IrmasMels, run: RunFolder): Promise<QualitySet> {
  const { clips, chunks } = realClips(mels);
  const rows = await embedderOf(run)(chunks);
  return { name: `real, embeddings of ${run.name}`, seen: true, rows, ...clips };
}

/** Real clips by what YAMNet makes of them, which others trained on other data; its own input is approximated. */
export async function realPretrained(mels: IrmasMels): Promise<QualitySet> {
  const { clips, chunks } = realClips(mels);
  const embed = publishedEmbedder({
    // the head is not asked
    model: {
      backbone: "yamnet",
      pretrained: true,
      heard: "irmas-mels",
      head: "pooled",
      hidden: [],
      dropRate: 0,
    },
    frontEnd: IRMAS_MELS_FRONT_END,
  });
  const rows = await embed(chunks);
  return { name: `real, embeddings of ${PRETRAINED_TITLES.yamnet}`, seen: false, rows, ...clips };
}

/** Real spectrograms, as clips and as pieces. */
function realClips({ mel, count, names, labels, recordings }: IrmasMels) {
  const group = Int32Array.from({ length: count }, (_, k) => k);
  const files = names.map((name) => `${clipName(name)}.wav`);
  return {
    clips: { labels, files, recordings, ...heardAnew(files) },
    chunks: { data: mel, count, nMels: MEL_BANDS, chunkFrames: MEL_FRAMES, group },
  };
}

/** Rendered clips by their 28 features. */
export async function demoFeatures(size: DemoSize): Promise<QualitySet> {
  const clips = plantedClips(size);
  const { values, features, skipped } = await classicalTable(clips.paths);
  requireAll(skipped, size);
  const rows = { values, columns: features.length };
  return { name: `demo, ${features.length} features`, seen: false, rows, ...clips };
}

/** Rendered clips by what a trained network makes of them. One trained on the demo learnt from nine tenths, truly labelled. */
export async function demoEmbeddings(size: DemoSize, run: RunFolder): Promise<QualitySet> {
  const clips = plantedClips(size), { frontEnd, data } = run.readRecord().config;
  const { mels, skipped } = await featuresOf(clips.paths, frontEnd);
  requireAll(skipped, size);
  const chunks: Chunks<Uint8Array> = chunk(mels as Spectrogram<Uint8Array>[], frontEnd);
  const rows = await embedderOf(run)(chunks);
  const seen = data.source === "demo";
  return { name: `demo, embeddings of ${run.name}`, seen, rows, ...clips };
}

/** Rendered clips by what a network makes of them that others trained, on other data (M25, M26). */
export async function demoPretrained(size: DemoSize, network: PretrainedName): Promise<QualitySet> {
  const clips = plantedClips(size);
  const { embeddings, dimensions, skipped } = await embedFiles(clips.paths, network);
  requireAll(skipped, size);
  const rows = { values: Float64Array.from(embeddings), columns: dimensions };
  return { name: `demo, embeddings of ${PRETRAINED_TITLES[network]}`, seen: false, rows, ...clips };
}

const PRETRAINED_TITLES: Readonly<Record<PretrainedName, string>> = {
  yamnet: "YAMNet",
  musicnn: "musicnn",
};

/** The newest finished run of a recipe whose weights are here. */
export function trainedRun(recipe: string): RunFolder | undefined {
  return newestOf(
    finishedRuns({ withWeights: true })
      .filter((run) => run.readRecord().config.recipe === recipe),
  );
}

function embedderOf(run: RunFolder) {
  return loadEmbedder(run.readRecord().config, run.weights);
}

/** What human ears say: the original label is wrong where it was not heard. */
function heardAnew(files: readonly string[]): KnownTruth {
  const heard = new Map(loadRelabelledClips().map((clip) => [clip.file, clip]));
  const known = [...files.keys()].filter((k) => heard.has(files[k]));
  const wrong = known.map((k) => {
    const { original, labels } = heard.get(files[k])!;
    return labels.includes(original) ? 0 : 1;
  });
  return { known, wrong };
}

/** Faultless training clips with the planted wrong labels. */
function plantedClips(size: DemoSize) {
  const folder = demoFolder(size);
  const clips = demoClips(folder).filter(({ fault, part }) => !fault && part === "train");
  const patch = new Map(wrongLabels(folder).map(({ file, wrong }) => [file, wrong]));
  return {
    paths: clips.map(({ path }) => path),
    files: clips.map(({ file }) => file),
    recordings: clips.map(({ recording }) => recording),
    labels: Uint8Array.from(
      clips,
      ({ file, labels: [own] }) => instrumentIndex(patch.get(file) ?? own),
    ),
    truth: Uint8Array.from(clips, ({ labels: [own] }) => instrumentIndex(own)),
    known: [...clips.keys()],
    wrong: clips.map(({ file }) => patch.has(file) ? 1 : 0),
  };
}

/** @throws Error where a rendered file could not be read: rows and clips would no longer belong together */
function requireAll(skipped: readonly Skipped[], size: DemoSize): void {
  if (skipped.length === 0) return;
  throw new Error(
    `${skipped.length} rendered files cannot be read (above); delete them, ` +
      `and "./lumen data demo --size ${size}" renders them anew`,
  );
}
