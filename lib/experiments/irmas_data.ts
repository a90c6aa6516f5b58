/** Real IRMAS spectrograms as a run's data: one fold held out by recording, and the relabelled test that no run sees. */
import { projectPath } from "../core/paths.ts";
import { type Random, randomFrom } from "../core/random.ts";
import {
  heldOutIndices,
  type IrmasMels,
  loadIrmasMels,
  MEL_BANDS,
  MEL_FRAMES,
  relabelledTest,
  trainingIndices,
} from "../datasets/irmas_mels.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import { clipName, loadSingleClips } from "../datasets/published.ts";
import { type FrontEnd, IRMAS_MELS_FRONT_END } from "../features/front_end.ts";
import { assertNoLeak, readFolds, splitByRecording } from "../datasets/split.ts";
import { oneHot } from "../evaluation/metrics.ts";
import { evaluateIrmas, type MixtureScores } from "../evaluation/report.ts";
import type { Clips } from "../train/batches.ts";
import type { RunConfig } from "../train/config.ts";
import { sigmoid } from "../train/predictor.ts";
import { type Arm, armsOf, selectClips } from "./cleaned_sets.ts";
import { haveCopyAmong } from "./copies.ts";
import { mixturesFile, readMixtures } from "./irmas_mixtures.ts";
import { realPretrained } from "./label_quality_sets.ts";
import { scoreInNoise } from "./noise_robustness.ts";
import { scoreRows } from "./score_rows.ts";
import { fingerprintOf, logitsOf, type TrainingData, validationMeasures } from "./training_data.ts";

/** The data of a run on real IRMAS spectrograms. */
export async function irmasData(config: RunConfig): Promise<TrainingData> {
  if (config.data.source !== "irmas-mels") throw new TypeError("not a run on IRMAS spectrograms");
  checkFrontEnd(config.frontEnd);
  const mels = await loadIrmasMels();
  const { fold, foldsFile, folds: count } = config.data;
  const folds = foldsFile
    ? readFolds(projectPath(foldsFile))
    : ownFolds(mels, count, randomFrom("irmas folds"));
  const relabelled = relabelledTest(mels);
  const all = [...trainingIndices(mels, { folds, fold, exclude: relabelled.recordings })];
  const held = [...heldOutIndices(mels, { folds, fold })];
  const own = config.data.withoutCopies
    ? withoutCopies(mels, { indices: all, tested: [...held, ...relabelled.indices] })
    : all;
  const part = shareOf(mels, { indices: own, share: config.data.share ?? 1 });
  const train = await withoutDoubtful(mels, { indices: part, config });
  const recordings = (indices: Iterable<number>) => Array.from(indices, (k) => mels.recordings[k]);
  assertNoLeak(recordings(train), recordings(held));
  assertNoLeak(recordings(train), relabelled.recordings, {
    sides: ["training", "the relabelled test"],
  });
  const clips: Clips = {
    bytes: mels.mel,
    bands: MEL_BANDS,
    frames: MEL_FRAMES,
    targets: oneHot(mels.labels),
    names: mels.names,
    recordings: mels.recordings,
    ...musicOf(mels),
  };
  const heldTargets = oneHot(held.map((k) => mels.labels[k]));
  return {
    clips,
    train,
    held,
    fingerprint: fingerprintOf(clips),
    validate: async (predict) =>
      validationMeasures(await logitsOf(predict, clips, { indices: held, config }), heldTargets),
    async evaluate(network) {
      const predict = async (batch: Float32Array, count: number) =>
        sigmoid(await network(batch, { count, bands: MEL_BANDS, frames: MEL_FRAMES }));
      const { report, heldOut, relabelled: scores, ...mixtures } = await evaluateIrmas(mels, {
        folds,
        fold,
        relabelled,
        random: randomFrom("irmas evaluation"),
        predict,
      });
      const { thresholds } = report.mixturesOfTwo;
      return {
        threshold: report.relabelled.thresholds[0],
        ...report,
        noise: await scoreInNoise(mels, { predict, heldOut, thresholds, ...mixtures }),
        scores: {
          heldOut: scoreTable(mels, heldOut.indices, heldOut.probabilities),
          relabelled: scoreTable(mels, scores.indices, scores.probabilities),
          ...mixtureScores(mels, { ...mixtures, data: config.data }),
        },
      };
    },
  };
}

/** What the authors' table says of each clip that it knows. */
function musicOf({ names }: IrmasMels): Required<Pick<Clips, "genres" | "tempi">> {
  const known = new Map(loadSingleClips().map((clip) => [clip.file, clip]));
  const rows = names.map((name) => known.get(`${clipName(name)}.wav`));
  return { genres: rows.map((row) => row?.genre), tempi: rows.map((row) => row?.tempo) };
}

/** The spectrograms are there already: no other front end can be had. @throws Error that lists what differs */
function checkFrontEnd(frontEnd: FrontEnd): void {
  const fields = Object.keys({ ...IRMAS_MELS_FRONT_END, ...frontEnd }) as (keyof FrontEnd)[];
  const differing = fields.filter((field) => frontEnd[field] !== IRMAS_MELS_FRONT_END[field])
    .map((field) => `${field} is ${IRMAS_MELS_FRONT_END[field]}, not ${frontEnd[field]}`);
  if (differing.length > 0) {
    throw new Error(
      `the IRMAS spectrograms have a front end of their own, which cannot be set: ${
        differing.join("; ")
      }`,
    );
  }
}

/** The clips that are no copies of those that a network is tested on. */
function withoutCopies(
  mels: IrmasMels,
  { indices, tested }: { indices: number[]; tested: number[] },
): number[] {
  const names = (some: number[]) => some.map((k) => mels.names[k]);
  const copied = haveCopyAmong(names(indices), names(tested));
  return indices.filter((_, row) => !copied[row]);
}

/** What a way of cleaning is called among the training sets of the study of label quality. */
const CLEANED = {
  cut: "below the document's cut left out",
  share: "the document's share left out",
  random: "as many at random left out",
} as const satisfies Record<string, Arm>;

/** The clips whose labels are kept: doubts come from YAMNet's embeddings, and from these clips alone. */
async function withoutDoubtful(
  mels: IrmasMels,
  { indices, config: { data, seed } }: { indices: number[]; config: RunConfig },
): Promise<number[]> {
  if (data.source !== "irmas-mels" || !data.cleaning) return indices;
  const clips = selectClips(await realPretrained(mels), indices);
  const sets = new Map(await armsOf(clips, randomFrom("doubtful labels", data.fold, seed)));
  return sets.get(CLEANED[data.cleaning])!.map((k) => indices[k]);
}

/** The clips of a share of the recordings of every instrument: the first ones of an order that is the same for all shares. */
function shareOf(
  mels: IrmasMels,
  { indices, share }: { indices: number[]; share: number },
): number[] {
  if (share === 1) return indices;
  const kept = new Set<string>();
  for (const label of INSTRUMENTS.keys()) {
    const own = indices.filter((k) => mels.labels[k] === label).map((k) => mels.recordings[k]);
    const order = randomFrom("share of the recordings", label).shuffle(new Set(own));
    for (const recording of order.slice(0, Math.ceil(share * order.length))) kept.add(recording);
  }
  return indices.filter((k) => kept.has(mels.recordings[k]));
}

/** The project's own folds, for whoever has no file of them. */
function ownFolds(mels: IrmasMels, count: number, random: Random): string[][] {
  const folds = splitByRecording(mels.recordings, oneHot(mels.labels), { folds: count, random });
  const names = Array.from({ length: count }, () => new Set<string>());
  mels.recordings.forEach((recording, k) => names[folds[k]].add(recording));
  return names.map((set) => [...set]);
}

/** Scores by clip, four decimals, for comparisons of runs on the same clips. */
function scoreTable(mels: IrmasMels, indices: Int32Array, probabilities: Float32Array) {
  const rows = scoreRows(probabilities, { decimals: 4 });
  return Object.fromEntries(Array.from(indices, (index, row) => [mels.names[index], rows[row]]));
}

/** Scores of the listed mixtures, in the list's order. @throws Error where others were drawn */
function mixtureScores(
  mels: IrmasMels,
  { mixturesOfTwo, mixturesOfThree, data }: {
    mixturesOfTwo: MixtureScores;
    mixturesOfThree: MixtureScores;
    data: RunConfig["data"];
  },
) {
  const listed = readMixtures(data);
  if (!listed) return {};
  const drawn = { mixturesOfTwo, mixturesOfThree };
  for (const part of ["mixturesOfTwo", "mixturesOfThree"] as const) {
    drawn[part].members.forEach((members, row) => {
      if (members.some((k, place) => mels.names[k] !== listed[part][row]?.[place])) {
        throw new Error(
          `mixture ${row} of the evaluation is not the one in ${
            mixturesFile(data)
          }: results of runs could not be compared`,
        );
      }
    });
  }
  return {
    mixturesOfTwo: scoreRows(mixturesOfTwo.probabilities, { digits: 3 }),
    mixturesOfThree: scoreRows(mixturesOfThree.probabilities, { digits: 3 }),
  };
}
