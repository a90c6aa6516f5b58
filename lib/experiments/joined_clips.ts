/**
 * What networks hear in clips of real recordings one after the other, where an instrument enters for three seconds: whether
 * one that takes the whole at once misses it (E24), and whether attention over time shows where it plays (M6).
 */
import { showProgress } from "../core/progress.ts";
import { projectPath } from "../core/paths.ts";
import { randomFrom } from "../core/random.ts";
import { mean } from "../core/statistics.ts";
import {
  heldOutIndices,
  type IrmasMels,
  loadIrmasMels,
  MEL_BANDS,
  MEL_FRAMES,
} from "../datasets/irmas_mels.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import { networkInputs } from "../datasets/mixtures.ts";
import { readFolds } from "../datasets/split.ts";
import { drawStrips, renderStrips, type Strips } from "../datasets/strips.ts";
import { type Interval, intervalText } from "../evaluation/bootstrap.ts";
import { type Difference, differenceInterval, meanDifference } from "../evaluation/difference.ts";
import { influenceOnMean, linearInterval, SharedGroups } from "../evaluation/influence.ts";
import { columnOf, rank } from "../evaluation/ranking.ts";
import { attentiveHeads } from "../inference/inner_view.ts";
import { compile, tf } from "../nn/engine/mod.ts";
import { INFERENCE } from "../nn/layer.ts";
import type { RunConfig } from "../train/config.ts";
import { buildNetwork } from "../train/model.ts";
import { loadWeights, weightsOf } from "../train/parameters.ts";
import type { RunFolder } from "./run_folder.ts";
import { runTraining } from "./run_training.ts";

/** Clips of a strip: 6, 12 and 21 s. */
const LENGTHS = [2, 4, 7];

/** How well what enters is told from what does not: means over instruments and runs. */
export interface BriefEntry {
  /** Length of the strips. */
  seconds: number;
  /** Area under the receiver operating characteristic of the network that takes a strip as one. */
  whole: number;
  /** Of the highest of its clips' scores, each scored alone, and of their mean. */
  maximum: number;
  mean: number;
  /** The area by the highest score less that of the whole. */
  difference: Difference;
}

/** Where an instrument's head looks: 1 at every moment where it looks at all of a strip alike. */
export interface EntryAttention {
  seconds: number;
  /** Attention of the head of the instrument that enters, while it does. */
  own: Interval;
  /** The same less that of the heads of instruments that are not in the strip, at that very moment. */
  difference: Difference;
}

/** One network's answers; intervals are over recordings, about these very runs. */
export interface JoinedClips {
  /** The runs' names. */
  runs: string[];
  entries: BriefEntry[];
  /** Left out: for networks whose heads do not attend. */
  attention?: EntryAttention[];
}

/** What a network says of strips. */
export interface StripScores {
  /** Logits, `[count, 11]`. */
  logits: Float32Array;
  /** For each instrument's head, with a sum of 1 over time, `[count, 11, steps]`. */
  attention?: { data: Float32Array; steps: number };
}

/** A network that hears strips of any number of clips. */
export type StripListener = (
  input: Float32Array,
  shape: { count: number; clips: number },
) => Promise<StripScores>;

/** A network that draws its columns out draws those of a longer spectrogram out as far. */
const forClips = (model: RunConfig["model"], clips: number): RunConfig["model"] =>
  model.width ? { ...model, width: model.width * clips } : model;

/** A finished run as a listener. @throws Error where its weights are not here */
export function stripListener(run: RunFolder): StripListener {
  const { config } = run.readRecord(), tensors = loadWeights(run.weights);
  const weights = weightsOf(tensors);
  const forLength = (clips: number) => {
    const network = buildNetwork(forClips(config.model, clips));
    const heads = attentiveHeads(network.head);
    return compile((x: tf.Tensor) => {
      if (!heads) return [network.apply(weights, x, INFERENCE)];
      const map = network.backbone.apply(weights, x, INFERENCE);
      const heard = [...heads.values()].map((head) => head.attend(weights, map));
      return [
        tf.concat(heard.map(({ logits }) => logits), -1),
        tf.concat(heard.map(({ attention }) => attention.expandDims(1)), 1),
      ];
    }, { name: "strips" });
  };
  const compiled = new Map<number, ReturnType<typeof forLength>>();
  return async (input, { count, clips }) => {
    if (!compiled.has(clips)) compiled.set(clips, forLength(clips));
    const x = tf.tensor4d(input, [count, MEL_BANDS, MEL_FRAMES * clips, 1]);
    const outputs = await compiled.get(clips)!.inBackground(x);
    const [logits, attention] = await Promise.all(outputs.map((y) => y.data()));
    const steps = outputs[1]?.shape[2];
    tf.dispose([x, ...outputs]);
    return {
      logits: logits as Float32Array,
      ...steps && { attention: { data: attention as Float32Array, steps } },
    };
  };
}

/** Strips in one call of a network, by their length: as much spectrogram as 64 clips have. */
const stripsInBatch = (clips: number) => Math.max(1, Math.floor(64 / clips));

const LABELS = INSTRUMENTS.length;

/** What a listener says of every strip: of the whole, of its clips alone, and where it looked. */
async function hear(
  listen: StripListener,
  { mels, strips, alone, onProgress }: {
    mels: IrmasMels;
    strips: Strips;
    /** Logits of single clips, by their numbers in the pack. */
    alone: ReadonlyMap<number, Float32Array>;
    onProgress: (strips: number) => void;
  },
) {
  const { clips, count, members } = strips;
  const whole = new Float32Array(count * LABELS);
  /** Attention to the clip that enters, of each instrument's head, `[count, 11]`. */
  let looks: Float64Array | undefined;
  const batch = stripsInBatch(clips);
  for (let start = 0; start < count; start += batch) {
    const rows = Math.min(batch, count - start);
    const input = renderStrips(mels, strips, { start, count: rows });
    const { logits, attention } = await listen(input, { count: rows, clips });
    whole.set(logits, start * LABELS);
    if (attention) {
      looks ??= new Float64Array(count * LABELS);
      for (let row = 0; row < rows; row++) {
        for (let label = 0; label < LABELS; label++) {
          const { data, steps } = attention, from = (row * LABELS + label) * steps;
          looks[(start + row) * LABELS + label] = densityAt(
            data.subarray(from, from + steps),
            { clips, place: strips.places[start + row] },
          );
        }
      }
    }
    onProgress(rows);
  }
  const pieces = (join: (scores: number[]) => number) =>
    Float32Array.from({ length: count * LABELS }, (_, k) => {
      const strip = Math.floor(k / LABELS),
        own = members.subarray(strip * clips, (strip + 1) * clips);
      return join(Array.from(own, (clip) => alone.get(clip)![k % LABELS]));
    });
  return { whole, maximum: pieces((scores) => Math.max(...scores)), mean: pieces(mean), looks };
}

/**
 * Attention to one clip of a strip by its share of the time: 1 where all moments are looked at alike, `clips` where no other
 * is. A step that two clips share counts for each by the time that it lies in.
 *
 * @param attention at each step of the strip, with sum 1
 */
export function densityAt(
  attention: ArrayLike<number>,
  { clips, place }: { clips: number; place: number },
): number {
  const steps = attention.length, inClip = steps / clips;
  const from = place * inClip, to = from + inClip;
  let sum = 0;
  for (let step = Math.floor(from); step < Math.min(steps, to); step++) {
    const covered = Math.min(step + 1, to) - Math.max(step, from);
    sum += attention[step] * Math.max(0, covered);
  }
  return sum * clips;
}

/**
 * How well scores tell strips that an instrument enters in from those that lack it, mean over instruments and runs, by the
 * strips' weights. Strips in which it is the other instrument are left out.
 *
 * @param runs scores, `[strips, 11]` of each run
 * @throws RangeError where an instrument enters in no strip
 */
export function entryArea(
  runs: readonly Float32Array[],
  { entering, lasting }: Pick<Strips, "entering" | "lasting">,
): (weights: ArrayLike<number>) => number {
  const rankings = INSTRUMENTS.flatMap((_, label) => {
    const rows = [...entering.keys()].filter((row) => lasting[row] !== label);
    const targets = rows.map((row) => entering[row] === label ? 1 : 0);
    return runs.map((scores) => {
      const own = columnOf(scores, label);
      return { rows, ranking: rank(rows.map((row) => own[row]), targets) };
    });
  });
  return (weights) =>
    mean(rankings.map(({ rows, ranking }) => ranking.rocArea(rows.map((row) => weights[row]))));
}

/** How much the heads of what enters look at it, and those of what is not there, mean over runs, one value a strip. */
function attentionOf(
  looks: readonly Float64Array[],
  { entering, lasting, count }: Strips,
): { own: number[]; others: number[] } {
  const average = looks[0].map((_, k) => mean(looks.map((run) => run[k])));
  const rows = Array.from({ length: count }, (_, row) => {
    const of = [...average.subarray(row * LABELS, (row + 1) * LABELS)];
    const absent = of.filter((_, label) => label !== entering[row] && label !== lasting[row]);
    return { own: of[entering[row]], others: mean(absent) };
  });
  return { own: rows.map(({ own }) => own), others: rows.map(({ others }) => others) };
}

/**
 * The study on clips that none of the runs was trained on.
 *
 * @param listeners of runs that differ in their seeds
 * @param options.indices the clips, by their numbers in the pack
 * @param options.lengths clips of a strip. Default: 2, 4 and 7
 */
export async function studyJoinedClips(
  mels: IrmasMels,
  { listeners, indices, lengths = LENGTHS, title = "strips" }: {
    listeners: readonly StripListener[];
    indices: ArrayLike<number>;
    lengths?: readonly number[];
    title?: string;
  },
): Promise<Omit<JoinedClips, "runs">> {
  const progress = showProgress(title, (lengths.length + 1) * listeners.length * indices.length);
  let done = 0;
  const onProgress = (strips: number) => progress.update(done += strips);
  const alone: Map<number, Float32Array>[] = [];
  for (const listen of listeners) {
    const scores = new Map<number, Float32Array>(), batch = stripsInBatch(1);
    for (let start = 0; start < indices.length; start += batch) {
      const own = Array.from(indices).slice(start, start + batch), count = own.length;
      const { logits } = await listen(networkInputs(mels, own), { count, clips: 1 });
      own.forEach((clip, k) => scores.set(clip, logits.slice(k * LABELS, (k + 1) * LABELS)));
      onProgress(count);
    }
    alone.push(scores);
  }
  const entries: BriefEntry[] = [], attention: EntryAttention[] = [];
  for (const clips of lengths) {
    const strips = drawStrips(mels, { indices, clips, random: randomFrom("strips", clips) });
    const heard: Awaited<ReturnType<typeof hear>>[] = [];
    for (const [k, listen] of listeners.entries()) {
      heard.push(await hear(listen, { mels, strips, alone: alone[k], onProgress }));
    }
    const groups = Array.from({ length: strips.count }, (_, row) =>
      Array.from(
        strips.members.subarray(row * clips, (row + 1) * clips),
        (clip) => mels.recordings[clip],
      ));
    const area = (of: "whole" | "maximum" | "mean") =>
      entryArea(heard.map((run) => run[of]), strips);
    const equal = new Float64Array(strips.count).fill(1), seconds = 3 * clips;
    entries.push({
      seconds,
      whole: area("whole")(equal),
      maximum: area("maximum")(equal),
      mean: area("mean")(equal),
      difference: differenceInterval([[area("maximum")], [area("whole")]], { groups }),
    });
    const looks = heard.flatMap((run) => run.looks ? [run.looks] : []);
    if (looks.length === 0) continue;
    const { own, others } = attentionOf(looks, strips);
    attention.push({
      seconds,
      own: linearInterval(influenceOnMean(own), { shared: new SharedGroups(groups) }),
      difference: meanDifference([own], [others], { groups }),
    });
  }
  progress.done();
  return { entries, ...attention.length > 0 && { attention } };
}

/**
 * The study with all seeds of a recipe on real spectrograms, on its held-out fold; runs whose weights are not here are
 * trained.
 *
 * @param configs of one recipe, which differ in their seeds
 * @throws Error that says how to get the spectrograms, where they are not there
 */
export async function studyJoinedClipsOf(configs: readonly RunConfig[]): Promise<JoinedClips> {
  const [{ data, recipe }] = configs;
  if (data.source !== "irmas-mels" || !data.foldsFile) {
    throw new Error(`cannot join real clips for "${recipe}", which is trained on ${data.source}`);
  }
  const mels = await loadIrmasMels();
  const indices = heldOutIndices(mels, {
    folds: readFolds(projectPath(data.foldsFile)),
    fold: data.fold,
  });
  const folders: RunFolder[] = [];
  for (const config of configs) {
    const options = { needWeights: true, resume: true, wait: true, local: true };
    folders.push((await runTraining(config, options)).folder);
  }
  const study = await studyJoinedClips(mels, {
    listeners: folders.map(stripListener),
    indices,
    title: recipe,
  });
  return { runs: folders.map(({ name }) => name), ...study };
}

/** The study as lines of text. */
export function formatJoinedClips(study: Readonly<Record<string, JoinedClips>>): string {
  const number = (x: number) => x.toFixed(3);
  return Object.entries(study).flatMap(([recipe, { runs, entries, attention = [] }]) => [
    `${recipe}, ${runs.length} runs: area of what enters for 3 s, whole, highest and mean of pieces (highest less whole)`,
    ...entries.map(({ seconds, whole, maximum, mean, difference }) =>
      `  ${`${seconds} s`.padEnd(6)}${number(whole)}  ${number(maximum)}  ${number(mean)}  ${
        intervalText(difference)
      }`
    ),
    ...attention.map(({ seconds, own, difference }) =>
      `  ${`${seconds} s`.padEnd(6)}attention to what enters ${
        intervalText(own)
      }, above that of heads of absent instruments ${intervalText(difference)}`
    ),
  ]).join("\n");
}
