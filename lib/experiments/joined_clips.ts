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

/** Clips of a strip: 6, 12 and 18 s. */
const LENGTHS = [2, 4, 6];

/** Which instrument is asked for: the one that enters for 3 s, or the one that plays for the rest. */
export type Asked = "enters" | "lasts";

/**
 * How a strip is heard: as one, as one that is squeezed to a clip's width, or clip by clip, whose scores' mean or maximum it has.
 */
export type Hearing = "whole" | "squeezed" | "mean" | "maximum";

/** How well an instrument is told from those that are not in the strip: means over instruments and runs. */
export interface StripAreas {
  /** Length of the strips. */
  seconds: number;
  asked: Asked;
  /** Areas under the receiver operating characteristic. */
  areas: Partial<Record<Hearing, number>>;
  /** The area by the maximum of the clips' scores less the others; about these very runs. */
  leads: Partial<Record<Hearing, Difference>>;
  /**
   * The area by the maximum of the first network's less that of this one's whole; about ways to train them, where there are
   * several runs. Left out: of the first network.
   */
  leadOfFirst?: Difference;
}

/** Where an instrument's head looks: 1 at every moment where it looks at all of a strip alike. */
export interface EntryAttention {
  seconds: number;
  /** Attention of the head of the instrument that enters, while it does. */
  own: Interval;
  /** The same less that of the heads of instruments that are not in the strip, at that very moment. */
  difference: Difference;
}

/** One network's answers; intervals are over recordings. */
export interface JoinedClips {
  /** The runs' names. */
  runs: string[];
  areas: StripAreas[];
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

/** A network that hears strips of any number of clips, or strips that are squeezed to one clip's width. */
export type StripListener = (
  input: Float32Array,
  shape: { count: number; clips: number; squeezed?: boolean },
) => Promise<StripScores>;

/** Runs of one setting. */
export interface StripNetwork {
  name: string;
  listeners: readonly StripListener[];
  /** Whether strips are squeezed too: not where a canvas waits for what is longer. */
  squeezes: boolean;
}

/** A network that draws its columns out draws those of a longer spectrogram out as far, unless it is to be squeezed. */
function forStrips(
  model: RunConfig["model"],
  { clips, squeezed }: { clips: number; squeezed: boolean },
): RunConfig["model"] {
  if (squeezed) return { ...model, width: model.width ?? MEL_FRAMES };
  return model.width ? { ...model, width: model.width * clips } : model;
}

/** A finished run as a listener. @throws Error where its weights are not here */
export function stripListener(run: RunFolder): StripListener {
  const { config } = run.readRecord(), weights = weightsOf(loadWeights(run.weights));
  const forLength = (strips: { clips: number; squeezed: boolean }) => {
    const network = buildNetwork(forStrips(config.model, strips));
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
  const compiled = new Map<string, ReturnType<typeof forLength>>();
  return async (input, { count, clips, squeezed = false }) => {
    const key = `${clips} ${squeezed}`;
    if (!compiled.has(key)) compiled.set(key, forLength({ clips, squeezed }));
    const x = tf.tensor4d(input, [count, MEL_BANDS, MEL_FRAMES * clips, 1]);
    const outputs = await compiled.get(key)!.inBackground(x);
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

/** What a listener says of every strip, and where it looked. */
interface Heard {
  /** Logits, `[count, 11]`. */
  scores: Partial<Record<Hearing, Float32Array>>;
  /** Attention to the clip that enters, of each instrument's head, `[count, 11]`. */
  looks?: Float64Array;
}

/** Asks a listener for every strip. */
async function hear(
  listen: StripListener,
  { mels, strips, alone, squeezes, onProgress }: {
    mels: IrmasMels;
    strips: Strips;
    /** Logits of single clips, by their numbers in the pack. */
    alone: ReadonlyMap<number, Float32Array>;
    squeezes: boolean;
    onProgress: (strips: number) => void;
  },
): Promise<Heard> {
  const { clips, count, members } = strips, batch = stripsInBatch(clips);
  const whole = new Float32Array(count * LABELS);
  const squeezed = squeezes ? new Float32Array(count * LABELS) : undefined;
  let looks: Float64Array | undefined;
  for (let start = 0; start < count; start += batch) {
    const rows = Math.min(batch, count - start), shape = { count: rows, clips };
    const input = renderStrips(mels, strips, { start, count: rows });
    const { logits, attention } = await listen(input, shape);
    whole.set(logits, start * LABELS);
    if (squeezed) {
      squeezed.set((await listen(input, { ...shape, squeezed: true })).logits, start * LABELS);
    }
    if (attention) {
      looks ??= new Float64Array(count * LABELS);
      const { data, steps } = attention;
      for (let k = 0; k < rows * LABELS; k++) {
        looks[start * LABELS + k] = densityAt(data.subarray(k * steps, (k + 1) * steps), {
          clips,
          place: strips.places[start + Math.floor(k / LABELS)],
        });
      }
    }
    onProgress(rows);
  }
  const pieces = (join: (scores: number[]) => number) =>
    Float32Array.from({ length: count * LABELS }, (_, k) => {
      const strip = Math.floor(k / LABELS);
      const own = members.subarray(strip * clips, (strip + 1) * clips);
      return join(Array.from(own, (clip) => alone.get(clip)![k % LABELS]));
    });
  return {
    scores: {
      whole,
      ...squeezed && { squeezed },
      mean: pieces(mean),
      maximum: pieces((scores) => Math.max(...scores)),
    },
    ...looks && { looks },
  };
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
 * How well scores tell strips that have an instrument in the place that is asked for from those that lack it, mean over
 * instruments, by the strips' weights. Strips that have it in the other place are left out.
 *
 * @param scores `[strips, 11]`
 * @throws RangeError where an instrument is in that place of no strip
 */
export function stripArea(
  scores: Float32Array,
  { entering, lasting, asked }: Pick<Strips, "entering" | "lasting"> & { asked: Asked },
): (weights: ArrayLike<number>) => number {
  const [wanted, other] = asked === "enters" ? [entering, lasting] : [lasting, entering];
  const rankings = INSTRUMENTS.map((_, label) => {
    const rows = [...wanted.keys()].filter((row) => other[row] !== label);
    const own = columnOf(scores, label);
    const ranking = rank(rows.map((row) => own[row]), rows.map((row) => +(wanted[row] === label)));
    return { rows, ranking };
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
 * @param options.networks of each the runs that differ in their seeds
 * @param options.indices the clips, by their numbers in the pack
 * @param options.lengths clips of a strip. Default: 2, 4 and 6
 * @returns for each network its answers
 */
export async function studyJoinedClips(
  mels: IrmasMels,
  { networks, indices, lengths = LENGTHS }: {
    networks: readonly StripNetwork[];
    indices: ArrayLike<number>;
    lengths?: readonly number[];
  },
): Promise<Omit<JoinedClips, "runs">[]> {
  const runs = networks.reduce((sum, { listeners }) => sum + listeners.length, 0);
  const progress = showProgress("strips", (lengths.length + 1) * runs * indices.length);
  let done = 0;
  const onProgress = (strips: number) => progress.update(done += strips);
  const ready = [];
  for (const network of networks) {
    const alone: Map<number, Float32Array>[] = [];
    for (const listen of network.listeners) {
      alone.push(await hearAlone(listen, { mels, indices, onProgress }));
    }
    ready.push({ ...network, alone });
  }
  const answers = networks.map(() => ({
    areas: [] as StripAreas[],
    attention: [] as EntryAttention[],
  }));
  for (const clips of lengths) {
    const strips = drawStrips(mels, { indices, clips, random: randomFrom("strips", clips) });
    const heard: Heard[][] = [];
    for (const { listeners, alone, squeezes } of ready) {
      const own: Heard[] = [];
      for (const [k, listen] of listeners.entries()) {
        own.push(await hear(listen, { mels, strips, alone: alone[k], squeezes, onProgress }));
      }
      heard.push(own);
    }
    const groups = recordingsOf(mels, strips);
    for (const [k, own] of heard.entries()) {
      const first = k > 0 ? heard[0] : undefined;
      for (const asked of ["enters", "lasts"] as const) {
        answers[k].areas.push(areasOf(own, { strips, asked, groups, first }));
      }
      const looks = own.flatMap((run) => run.looks ? [run.looks] : []);
      if (looks.length === 0) continue;
      const { own: looked, others } = attentionOf(looks, strips);
      answers[k].attention.push({
        seconds: CLIP_SECONDS * clips,
        own: linearInterval(influenceOnMean(looked), { shared: new SharedGroups(groups) }),
        difference: meanDifference([looked], [others], { groups }),
      });
    }
  }
  progress.done();
  return answers.map(({ areas, attention }) => ({
    areas,
    ...attention.length > 0 && { attention },
  }));
}

const CLIP_SECONDS = 3;

/** What a listener says of single clips, by their numbers in the pack. */
async function hearAlone(
  listen: StripListener,
  { mels, indices, onProgress }: {
    mels: IrmasMels;
    indices: ArrayLike<number>;
    onProgress: (clips: number) => void;
  },
): Promise<Map<number, Float32Array>> {
  const scores = new Map<number, Float32Array>(), batch = stripsInBatch(1);
  for (let start = 0; start < indices.length; start += batch) {
    const own = Array.from(indices).slice(start, start + batch), count = own.length;
    const { logits } = await listen(networkInputs(mels, own), { count, clips: 1 });
    own.forEach((clip, k) => scores.set(clip, logits.slice(k * LABELS, (k + 1) * LABELS)));
    onProgress(count);
  }
  return scores;
}

/** The recordings in each strip. */
const recordingsOf = ({ recordings }: IrmasMels, { clips, count, members }: Strips): string[][] =>
  Array.from({ length: count }, (_, strip) =>
    Array.from(
      members.subarray(strip * clips, (strip + 1) * clips),
      (clip) => recordings[clip],
    ));

/** One network's areas. @param options.first what the first network's runs heard */
function areasOf(
  runs: readonly Heard[],
  { strips, asked, groups, first }: {
    strips: Strips;
    asked: Asked;
    groups: string[][];
    first?: readonly Heard[];
  },
): StripAreas {
  const statistics = (heard: readonly Heard[], hearing: Hearing) =>
    heard.map(({ scores }) => stripArea(scores[hearing]!, { ...strips, asked }));
  /** The same runs are on both sides, so that their mean is one system's answer. */
  const average = (hearing: Hearing) => {
    const seeds = statistics(runs, hearing);
    return (weights: Float64Array) => mean(seeds.map((seed) => seed(weights)));
  };
  const hearings = Object.keys(runs[0].scores) as Hearing[];
  const equal = new Float64Array(strips.count).fill(1);
  return {
    seconds: CLIP_SECONDS * strips.clips,
    asked,
    areas: Object.fromEntries(hearings.map((hearing) => [hearing, average(hearing)(equal)])),
    leads: Object.fromEntries(
      hearings.filter((hearing) => hearing !== "maximum").map((hearing) => [
        hearing,
        differenceInterval([[average("maximum")], [average(hearing)]], { groups }),
      ]),
    ),
    ...first && {
      leadOfFirst: differenceInterval(
        [statistics(first, "maximum"), statistics(runs, "whole")],
        { groups },
      ),
    },
  };
}

/**
 * The study with recipes on real spectrograms, on their held-out fold; runs whose weights are not here are trained.
 *
 * @param recipes of each the configurations that differ in their seeds
 * @throws Error that says how to get the spectrograms, where they are not there
 */
export async function studyJoinedClipsOf(
  recipes: readonly (readonly RunConfig[])[],
): Promise<Record<string, JoinedClips>> {
  const [[{ data }]] = recipes;
  for (const [{ recipe, data: { source } }] of recipes) {
    if (source === "irmas-mels") continue;
    throw new Error(`cannot join real clips for "${recipe}", which is trained on ${source}`);
  }
  if (data.source !== "irmas-mels" || !data.foldsFile) {
    throw new Error("cannot join real clips without a list of the folds (data.foldsFile)");
  }
  const mels = await loadIrmasMels();
  const indices = heldOutIndices(mels, {
    folds: readFolds(projectPath(data.foldsFile)),
    fold: data.fold,
  });
  const networks: (StripNetwork & { runs: string[] })[] = [];
  for (const configs of recipes) {
    const folders: RunFolder[] = [];
    for (const config of configs) {
      const options = { needWeights: true, resume: true, wait: true, local: true };
      folders.push((await runTraining(config, options)).folder);
    }
    networks.push({
      name: configs[0].recipe,
      runs: folders.map(({ name }) => name),
      listeners: folders.map(stripListener),
      squeezes: configs[0].model.canvas === undefined,
    });
  }
  const answers = await studyJoinedClips(mels, { networks, indices });
  return Object.fromEntries(
    networks.map(({ name, runs }, k) => [name, { runs, ...answers[k] }]),
  );
}

/** The study as lines of text. */
export function formatJoinedClips(study: Readonly<Record<string, JoinedClips>>): string {
  return Object.entries(study).flatMap(([recipe, { runs, areas, attention = [] }]) => [
    `${recipe}, ${runs.length} runs: area, and that of the highest of pieces less it`,
    ...areas.flatMap(({ seconds, asked, areas, leads, leadOfFirst }) => [
      ...Object.entries(areas).map(([hearing, area]) => {
        const lead = leads[hearing as Hearing];
        return `  what ${asked} in ${seconds} s, ${hearing}`.padEnd(34) +
          `${area.toFixed(3)}${lead ? `  ${intervalText(lead)}` : ""}`;
      }),
      ...leadOfFirst
        ? [`  the first network's pieces less this one's whole: ${intervalText(leadOfFirst)}`]
        : [],
    ]),
    ...attention.map(({ seconds, own, difference }) =>
      `  attention to what enters in ${seconds} s: ${
        intervalText(own)
      }, above that of heads of absent instruments ${intervalText(difference)}`
    ),
  ]).join("\n");
}
