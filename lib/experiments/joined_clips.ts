/**
 * What networks hear in clips of real recordings one after the other, where an instrument enters for three seconds: whether
 * one that takes the whole at once misses it (E24), and whether attention over time shows where it plays (M6).
 */
import { showProgress } from "../core/progress.ts";
import { projectPath } from "../core/paths.ts";
import { randomFrom } from "../core/random.ts";
import { mean } from "../core/statistics.ts";
import {
  CLIP_SECONDS,
  heldOutIndices,
  type IrmasMels,
  loadIrmasMels,
} from "../datasets/irmas_mels.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import { readFolds } from "../datasets/split.ts";
import { drawStrips, type Strips } from "../datasets/strips.ts";
import { type Interval, intervalText } from "../evaluation/bootstrap.ts";
import { type Difference, meanDifference } from "../evaluation/difference.ts";
import { influenceOnMean, linearInterval, SharedGroups } from "../evaluation/influence.ts";
import type { RunConfig } from "../train/config.ts";
import type { RunFolder } from "./run_folder.ts";
import { runTraining } from "./run_training.ts";
import { areasOf, type StripAreas } from "./strip_areas.ts";
import {
  hear,
  hearAlone,
  type Heard,
  type Hearing,
  type StripListener,
  stripListener,
} from "./strip_listener.ts";

/** Clips of a strip: 6, 12 and 18 s. */
const LENGTHS = [2, 4, 6];

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

/** Runs of one setting. */
export interface StripNetwork {
  name: string;
  listeners: readonly StripListener[];
  /** Whether strips are squeezed too: not where a canvas waits for what is longer. */
  squeezes: boolean;
}

/** How much the heads of what enters look at it, and those of what is not there, mean over runs, one value a strip. */
function attentionOf(
  looks: readonly Float64Array[],
  { entering, lasting, count }: Strips,
): { own: number[]; others: number[] } {
  const average = looks[0].map((_, k) => mean(looks.map((run) => run[k])));
  const labels = INSTRUMENTS.length;
  const rows = Array.from({ length: count }, (_, row) => {
    const of = [...average.subarray(row * labels, (row + 1) * labels)];
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

/** The recordings in each strip. */
const recordingsOf = ({ recordings }: IrmasMels, { clips, count, members }: Strips): string[][] =>
  Array.from({ length: count }, (_, strip) =>
    Array.from(
      members.subarray(strip * clips, (strip + 1) * clips),
      (clip) => recordings[clip],
    ));

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
