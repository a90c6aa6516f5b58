/**
 * Classical models on the real features of the single-instrument part (M19, M24): how well they recognise
 * the instrument in five folds, once with the clips dealt at random and once with all clips of a recording
 * in one fold. The difference is what a random split rewards that is no instrument.
 */
import { fitLogisticRegression } from "../baselines/logistic_regression.ts";
import { fitNearestNeighbours } from "../baselines/nearest_neighbours.ts";
import { fitRandomForest } from "../baselines/random_forest.ts";
import { type Classifier, type Rows, selectRows } from "../baselines/rows.ts";
import { applyScaler, fitStandard } from "../baselines/scaler.ts";
import { fitSvm } from "../baselines/svm.ts";
import { parallelMap } from "../core/parallel.ts";
import { type Random, randomFrom } from "../core/random.ts";
import { instrumentIndex, INSTRUMENTS } from "../datasets/labels.ts";
import { type FeatureTableName, loadFeatures } from "../datasets/published.ts";
import { recordingOf, splitByRecording } from "../datasets/split.ts";
import { bootstrapIntervals, type Interval } from "../evaluation/bootstrap.ts";
import { bestLabels, countOutcomes, macroF1, oneHot } from "../evaluation/metrics.ts";

type Fit = (rows: Rows, labels: ArrayLike<number>, random: Random) => Classifier;

const classes = INSTRUMENTS.length;

/** The models, each with the settings it is tried at; the features are standardised before. */
export const CLASSICAL_MODELS = {
  "5 nearest neighbours": (rows, labels) => fitNearestNeighbours(rows, labels, { classes, k: 5 }),
  "logistic regression": (rows, labels) => fitLogisticRegression(rows, labels, { classes }),
  "random forest": (rows, labels, random) => fitRandomForest(rows, labels, { classes, random }),
  "RBF SVM, C = 10": (rows, labels) => fitSvm(rows, labels, { classes, C: 10 }),
} satisfies Record<string, Fit>;

/** A model's name. */
export type ClassicalModel = keyof typeof CLASSICAL_MODELS;

/** How clips are dealt into folds. */
export type ClassicalSplit = "random" | "by recording";

/** One fit: the model, and the clips it learns from and answers for. */
export interface ClassicalTask {
  table: FeatureTableName;
  model: ClassicalModel;
  train: Int32Array;
  test: Int32Array;
  /** Key of the generator. */
  key: string;
}

/** Scores of a model on both splits, with intervals over recordings. */
export interface ClassicalScore {
  model: ClassicalModel | "most frequent instrument";
  accuracy: Record<ClassicalSplit, Interval>;
  macroF1: Record<ClassicalSplit, Interval>;
  /** Accuracy of the random split less that by recording. */
  leak: Interval;
}

/** What {@link compareClassical} found. */
export interface ClassicalResult {
  table: FeatureTableName;
  clips: number;
  recordings: number;
  folds: number;
  seed: number;
  scores: ClassicalScore[];
}

/** Does a task: fits on the training clips, scaler included, and answers for the others. */
export function answerTask({ table, model, train, test, key }: ClassicalTask): Uint8Array {
  const { values, features, labels } = loadFeatures(table);
  const rows = { values, columns: features.length };
  const own = Array.from(train, (row) => instrumentIndex(labels[row][0]));
  const scaler = fitStandard(selectRows(rows, train));
  const scaled = (indices: Int32Array) => applyScaler(scaler, selectRows(rows, indices));
  const fitted = CLASSICAL_MODELS[model](scaled(train), own, randomFrom(key));
  return bestLabels(fitted.scores(scaled(test)));
}

/** Options of {@link compareClassical}. */
export interface ClassicalOptions {
  table?: "irmas_single_features_28" | "irmas_single_features_25";
  models?: readonly ClassicalModel[];
  /** Default 0. */
  seed?: number;
  /** Default 5. */
  folds?: number;
  workers?: number;
  onProgress?: (finished: number, total: number) => void;
}

/**
 * Compares the models on both splits, on all cores. Every clip is answered for once in each split.
 *
 * @throws Error when a fit fails, with the model's name
 */
export async function compareClassical({
  table = "irmas_single_features_28",
  models = Object.keys(CLASSICAL_MODELS) as ClassicalModel[],
  seed = 0,
  folds = 5,
  workers,
  onProgress,
}: ClassicalOptions = {}): Promise<ClassicalResult> {
  const { files, labels } = loadFeatures(table);
  const truth = Uint8Array.from(labels, ([label]) => instrumentIndex(label));
  const targets = oneHot(truth), recordings = files.map(recordingOf);
  const deal = (split: ClassicalSplit) =>
    splitByRecording(split === "random" ? files : recordings, targets, {
      folds,
      random: randomFrom("classical", seed, split),
    });
  const foldOf = { random: deal("random"), "by recording": deal("by recording") };
  const splits = ["random", "by recording"] as const;
  const rowsWhere = (test: (fold: number) => boolean, of: Int32Array) =>
    Int32Array.from([...of.keys()].filter((row) => test(of[row])));

  const tasks = models.flatMap((model) =>
    splits.flatMap((split) =>
      Array.from({ length: folds }, (_, fold) => ({
        split,
        table,
        model,
        train: rowsWhere((own) => own !== fold, foldOf[split]),
        test: rowsWhere((own) => own === fold, foldOf[split]),
        key: `classical/${seed}/${model}/${split}/${fold}`,
      }))
    )
  );
  const worker = new URL("./classical_worker.ts", import.meta.url);
  const outcomes = await parallelMap<ClassicalTask, Uint8Array>(worker, tasks, {
    workers,
    onProgress,
  });

  const answersOf = (model: ClassicalModel, split: ClassicalSplit) => {
    const answers = new Uint8Array(files.length);
    tasks.forEach((task, k) => {
      if (task.model !== model || task.split !== split) return;
      const outcome = outcomes[k];
      if (!outcome.ok) throw new Error(`cannot fit "${model}" (${split}): ${outcome.error}`);
      task.test.forEach((row, at) => answers[row] = outcome.value[at]);
    });
    return answers;
  };
  const trivial = new Uint8Array(files.length).fill(mostFrequent(truth));
  const judge = (model: ClassicalScore["model"], answers: Record<ClassicalSplit, Uint8Array>) =>
    score(model, answers, { truth, targets, recordings, random: randomFrom("bootstrap", seed) });
  return {
    table,
    clips: files.length,
    recordings: new Set(recordings).size,
    folds,
    seed,
    scores: [
      judge("most frequent instrument", { random: trivial, "by recording": trivial }),
      ...models.map((model) =>
        judge(model, {
          random: answersOf(model, "random"),
          "by recording": answersOf(model, "by recording"),
        })
      ),
    ],
  };
}

function mostFrequent(truth: Uint8Array): number {
  const counts = new Array<number>(classes).fill(0);
  for (const label of truth) counts[label]++;
  return counts.indexOf(Math.max(...counts));
}

interface Truth {
  truth: Uint8Array;
  targets: Uint8Array;
  recordings: string[];
  random: Random;
}

/** Both splits' scores from the same resampled recordings, so that their difference has an interval too. */
function score(
  model: ClassicalScore["model"],
  answers: Record<ClassicalSplit, Uint8Array>,
  { truth, targets, recordings, random }: Truth,
): ClassicalScore {
  const decisions = {
    random: oneHot(answers.random),
    "by recording": oneHot(answers["by recording"]),
  };
  const accuracy = (split: ClassicalSplit, weights: Float64Array) => {
    let right = 0, all = 0;
    for (let row = 0; row < truth.length; row++) {
      all += weights[row];
      if (answers[split][row] === truth[row]) right += weights[row];
    }
    return right / all;
  };
  const f1 = (split: ClassicalSplit, weights: Float64Array) =>
    macroF1(countOutcomes(decisions[split], targets, { weights }));
  const intervals = bootstrapIntervals((weights) => {
    const [mixed, kept] = [accuracy("random", weights), accuracy("by recording", weights)];
    return {
      mixed,
      kept,
      leak: mixed - kept,
      mixedF1: f1("random", weights),
      keptF1: f1("by recording", weights),
    };
  }, { groups: recordings, random, samples: 1000 });
  return {
    model,
    accuracy: { random: intervals.mixed, "by recording": intervals.kept },
    macroF1: { random: intervals.mixedF1, "by recording": intervals.keptF1 },
    leak: intervals.leak,
  };
}

/** The scores as a text table. */
export function formatClassical({ scores, clips, recordings, folds }: ClassicalResult): string {
  const number = ({ value, low, high }: Interval) =>
    `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  const lines = scores.map((score) => [
    score.model,
    number(score.accuracy.random),
    number(score.accuracy["by recording"]),
    number(score.leak),
    number(score.macroF1["by recording"]),
  ]);
  const head = ["model", "accuracy, random", "accuracy, by recording", "difference", "macro-F1"];
  const widths = head.map((_, k) => Math.max(...[head, ...lines].map((line) => line[k].length)));
  return [
    `${clips} clips of ${recordings} recordings, ${folds} folds, 95 % intervals over recordings; ` +
    "macro-F1 by recording",
    ...[head, ...lines].map((line) =>
      line.map((text, k) => text.padEnd(widths[k])).join("  ").trimEnd()
    ),
  ].join("\n");
}
