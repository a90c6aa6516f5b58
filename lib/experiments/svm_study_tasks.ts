/** One fit of the study of support vector machines: what it learns from, and what it answers. */
import { fitLinearSvc } from "../baselines/linear_svc.ts";
import { rowCount, type Rows, selectRows } from "../baselines/rows.ts";
import { applyScaler, fitMinMax, fitStandard, type Scaler } from "../baselines/scaler.ts";
import { fitMultilabelSvm } from "../baselines/svm.ts";
import { randomFrom } from "../core/random.ts";
import { instrumentIndex, INSTRUMENTS } from "../datasets/labels.ts";
import { loadFeatures } from "../datasets/published.ts";
import { recordingOf, splitByRecording } from "../datasets/split.ts";
import { oneHot } from "../evaluation/metrics.ts";
import { CLASSICAL_MODELS, type ClassicalModel } from "./classical.ts";

/** What is done to features before they are learnt from. */
export type Scaling = "raw" | "min-max" | "standardised";

/** A machine for every label. */
export interface SvmModel {
  kernel: "linear" | "rbf";
  scaling: Scaling;
  C: number;
}

/** A fit and its answers. */
export interface StudyTask {
  model: SvmModel | ClassicalModel;
  /** The label that a machine finds; undefined of a classifier, which scores all of them. */
  label?: number;
  /** The fold that is held out of the training part and answered for; undefined: all is learnt from, and the test part answered for. */
  fold?: number;
}

/** Folds of the training part that thresholds and probabilities come from. */
export const STUDY_FOLDS = 5;

/**
 * Scores of the rows that a task answers for, `[rows]` of a machine and `[rows, 11]` of a classifier: scaled by the
 * training rows' scaler, and, where the test part is scaled to [0, 1], once more by its own, which was the original's fault.
 */
export interface StudyAnswer {
  scores: Float64Array;
  byOwnScaler?: Float64Array;
}

const SCALERS: Record<Scaling, (rows: Rows) => Scaler> = {
  raw: ({ columns }) => ({
    offset: new Float64Array(columns),
    scale: new Float64Array(columns).fill(1),
  }),
  "min-max": fitMinMax,
  standardised: fitStandard,
};

/** The training part: 25 features, the label and the fold of every clip. Folds keep recordings together. */
export function studyTraining() {
  const { values, features, files, labels } = loadFeatures("irmas_single_features_25");
  const truth = Uint8Array.from(labels, ([label]) => instrumentIndex(label));
  const folds = splitByRecording(files.map(recordingOf), oneHot(truth), {
    folds: STUDY_FOLDS,
    random: randomFrom("svm study", "folds"),
  });
  return { rows: { values, columns: features.length }, labels: truth, folds };
}

/** The test part: the same features, and the labels `[rows, 11]`. */
export function studyTest() {
  const { values, features, files, labels } = loadFeatures("irmas_multi_features_25");
  const targets = new Uint8Array(files.length * INSTRUMENTS.length);
  labels.forEach((codes, row) => {
    for (const code of codes) targets[row * INSTRUMENTS.length + instrumentIndex(code)] = 1;
  });
  return { rows: { values, columns: features.length }, targets, files };
}

/** Does a task. */
export function answerStudyTask({ model, label, fold }: StudyTask): StudyAnswer {
  const { rows, labels, folds } = studyTraining(), all = [...labels.keys()];
  const members = all.filter((row) => folds[row] !== fold);
  const train = selectRows(rows, members);
  const test = fold === undefined
    ? studyTest().rows
    : selectRows(rows, all.filter((row) => folds[row] === fold));
  const fitScaler = SCALERS[typeof model === "string" ? "standardised" : model.scaling];
  const scaler = fitScaler(train), scaled = applyScaler(scaler, train);
  const own = members.map((row) => labels[row]);
  const score = typeof model === "string"
    ? fitClassifier(model, scaled, own)
    : fitMachine(model, scaled, own.map((name) => name === label ? 1 : 0));
  const answer: StudyAnswer = { scores: score(applyScaler(scaler, test)) };
  if (fold === undefined && typeof model !== "string" && model.scaling === "min-max") {
    answer.byOwnScaler = score(applyScaler(fitScaler(test), test));
  }
  return answer;
}

function fitClassifier(model: ClassicalModel, rows: Rows, labels: number[]) {
  const fitted = CLASSICAL_MODELS[model](rows, labels, randomFrom("svm study", model));
  return (test: Rows) => fitted.scores(test);
}

function fitMachine({ kernel, C }: SvmModel, rows: Rows, targets: number[]) {
  if (kernel === "rbf") {
    const machine = fitMultilabelSvm(rows, Uint8Array.from(targets), { labels: 1, C });
    return (test: Rows) => machine.decisions(test);
  }
  const { weights, intercept } = fitLinearSvc(rows, targets.map((y) => y ? 1 : -1), { C });
  return ({ values, columns }: Rows) =>
    Float64Array.from({ length: rowCount({ values, columns }) }, (_, row) => {
      let sum = intercept;
      for (let k = 0; k < columns; k++) sum += weights[k] * values[row * columns + k];
      return sum;
    });
}
