/**
 * Does it help to leave the doubtful labels out (D16, E9)? Cheap classifiers are trained with and without them, on the
 * data sets of label quality.
 *
 * Recordings are dealt into folds; qualities of a training part's labels come from that part alone, so that nothing of
 * the held-out fold, its labels least of all, tells what to leave out.
 */
import { selectRows } from "../baselines/rows.ts";
import { dealFolds } from "../curation/label_quality.ts";
import { parallelMap } from "../core/parallel.ts";
import { showProgress } from "../core/progress.ts";
import { randomFrom } from "../core/random.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import { loadMultiClips } from "../datasets/published.ts";
import { bootstrapInterval, type Interval } from "../evaluation/bootstrap.ts";
import { type Difference, meanDifference } from "../evaluation/difference.ts";
import { bestLabels, rankingPrecisions, weightedMean } from "../evaluation/metrics.ts";
import type { ClassicalModel } from "./classical.ts";
import { type Arm, ARMS, armsOf, selectClips } from "./cleaned_sets.ts";
import type { RetrainingTask } from "./label_quality_retraining_worker.ts";
import { type QualitySet, realFeatures } from "./label_quality_sets.ts";
import { studyTest } from "./svm_study_tasks.ts";

/** The classifiers: one that averages errors out, one that copies them. */
const MODELS = ["logistic regression", "5 nearest neighbours"] as const satisfies ClassicalModel[];

/** How training sets compare, by one measure. */
export interface RetrainingResult {
  set: string;
  model: ClassicalModel;
  measure: "accuracy" | "LRAP";
  arms: { arm: Arm; clips: number; score: Interval }[];
  /** Below the cut left out, less all clips; and less as many at random left out. */
  gain: Difference;
  gainOverRandom: Difference;
}

/** A training set to fit, and the test rows that it answers for. */
interface Job {
  arm: Arm;
  clips: number;
  task: RetrainingTask;
  test: number[];
}

/** Scores of every row by every training set and classifier, `[rows, 11]` each. */
async function scoresOf(jobs: readonly Job[], rows: number) {
  const worker = new URL("./label_quality_retraining_worker.ts", import.meta.url);
  const outcomes = await parallelMap<RetrainingTask, Float64Array>(
    worker,
    jobs.map(({ task }) => task),
  );
  const scores = new Map<ClassicalModel, Map<Arm, { clips: number; scores: Float64Array }>>();
  jobs.forEach(({ arm, clips, task: { model }, test }, k) => {
    const outcome = outcomes[k];
    if (!outcome.ok) throw new Error(`cannot fit "${model}" with ${arm}: ${outcome.error}`);
    const byArm = scores.get(model) ?? new Map();
    scores.set(model, byArm);
    const own = byArm.get(arm) ??
      { clips: 0, scores: new Float64Array(rows * INSTRUMENTS.length) };
    byArm.set(arm, own);
    own.clips += clips;
    test.forEach((row, at) => {
      const answer = outcome.value.subarray(at * INSTRUMENTS.length, (at + 1) * INSTRUMENTS.length);
      own.scores.set(answer, row * INSTRUMENTS.length);
    });
  });
  return scores;
}

/** Results of every classifier from what each training set scores on each row. */
function compare(
  scores: Awaited<ReturnType<typeof scoresOf>>,
  { set, measure, folds, values, groups }: {
    set: string;
    measure: RetrainingResult["measure"];
    folds: number;
    /** A row's worth, from the scores of all rows. */
    values: (scores: Float64Array) => ArrayLike<number>;
    groups: string[];
  },
): RetrainingResult[] {
  return [...scores].map(([model, arms]) => {
    const worth = new Map([...arms].map(([arm, { scores }]) => [arm, values(scores)]));
    const [all, kept, random] = ARMS.map((arm) => [worth.get(arm)!]);
    return {
      set,
      model,
      measure,
      arms: [...arms].map(([arm, { clips }]) => ({
        arm,
        clips: Math.round(clips / folds),
        score: bootstrapInterval((weights) => weightedMean(worth.get(arm)!, weights), {
          groups,
          random: randomFrom("retraining", "bootstrap"),
        }),
      })),
      gain: meanDifference(kept, all, { groups }),
      gainOverRandom: meanDifference(kept, random, { groups }),
    };
  });
}

/** Folds by recording (5 by default); held-out clips have their true labels where these are known, the given ones elsewhere. */
export async function retrainByRecording(
  set: QualitySet,
  { folds = 5 }: { folds?: number } = {},
): Promise<RetrainingResult[]> {
  const random = randomFrom("retraining", set.name);
  const dealt = dealFolds(set, { kind: "by recording", random, folds });
  const truth = set.truth ?? set.labels, all = [...truth.keys()];
  const jobs: Job[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const train = all.filter((k) => dealt[k] !== fold), test = all.filter((k) => dealt[k] === fold);
    const planted = set.truth && train.map((k) => set.truth![k] === set.labels[k] ? 0 : 1);
    const part = { ...selectClips(set, train), planted };
    for (const [arm, kept] of await armsOf(part, random.fork(fold))) {
      const { rows, labels } = selectClips(part, kept);
      for (const model of MODELS) {
        const task = { train: rows, labels, test: selectRows(set.rows, test), model };
        jobs.push({ arm, clips: kept.length, task, test });
      }
    }
  }
  return compare(await scoresOf(jobs, truth.length), {
    set: set.name,
    measure: "accuracy",
    folds,
    values: (scores) => bestLabels(scores).map((label, k) => label === truth[k] ? 1 : 0),
    groups: set.recordings,
  });
}

/** Trained on the single-instrument part, tried on the whole multi-instrument part: the 25 features that both have. */
export async function retrainForTestPart(): Promise<RetrainingResult[]> {
  const clips = realFeatures("irmas_single_features_25");
  const { rows: test, targets, files } = studyTest();
  const songs = new Map(loadMultiClips().map(({ file, song }) => [file, song]));
  const rows = [...files.keys()];
  const jobs = (await armsOf(clips, randomFrom("retraining", "test part"))).flatMap(
    ([arm, kept]) => {
      const { rows: train, labels } = selectClips(clips, kept);
      return MODELS.map((model): Job => ({
        arm,
        clips: kept.length,
        task: { train, labels, test, model },
        test: rows,
      }));
    },
  );
  return compare(await scoresOf(jobs, files.length), {
    set: "real, 25 features, the test part",
    measure: "LRAP",
    folds: 1,
    values: (scores) => rankingPrecisions(scores, targets),
    groups: files.map((file) => songs.get(file)!),
  });
}

/**
 * Trains with and without the doubtful clips of every set, then for the real test part. Sets of a network that learnt from
 * the clips are passed over: it knows the held-out ones too.
 */
export async function studyRetraining(all: readonly QualitySet[]): Promise<RetrainingResult[]> {
  const sets = all.filter(({ seen }) => !seen);
  const progress = showProgress("retraining without doubtful labels", sets.length + 1);
  const results: RetrainingResult[] = [];
  for (const [done, set] of sets.entries()) {
    progress.update(done, set.name);
    results.push(...await retrainByRecording(set));
  }
  progress.update(sets.length, "the test part");
  results.push(...await retrainForTestPart());
  progress.update(sets.length + 1);
  progress.done();
  return results;
}

/** The results as a text table. */
export function formatRetraining(results: readonly RetrainingResult[]): string {
  const text = ({ value, low, high }: Interval, digits = 3) =>
    `${value.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
  return results.flatMap(({ set, model, measure, arms, gain, gainOverRandom }) => [
    `${set}, ${model}: ${measure}`,
    ...arms.map(({ arm, clips, score }) =>
      `  ${arm.padEnd(36)} ${String(clips).padStart(5)} clips  ${text(score)}`
    ),
    `  gain of the cut ${text(gain)}, over leaving out at random ${text(gainOverRandom)}`,
  ]).join("\n");
}
