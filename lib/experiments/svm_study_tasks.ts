/** One fit of the study of support vector machines (M19): what it learns from, and what it answers. */
import { join } from "node:path";
import { fitLinearSvc } from "../baselines/linear_svc.ts";
import { type Rows, selectRows } from "../baselines/rows.ts";
import { applyScaler, fitMinMax, fitStandard, type Scaler } from "../baselines/scaler.ts";
import { fitMultilabelSvm } from "../baselines/svm.ts";
import { fitProbabilisticSvm } from "../baselines/svm_probability.ts";
import { type KernelChoice, searchSvm, type SvmChoice } from "../baselines/svm_search.ts";
import { exists, readJson, sha256, writeJson } from "../core/files.ts";
import { projectPath } from "../core/paths.ts";
import { randomFrom } from "../core/random.ts";
import { targetsOf } from "../datasets/clip.ts";
import { instrumentIndex } from "../datasets/labels.ts";
import { loadFeatures } from "../datasets/published.ts";
import { recordingOf, splitByRecording } from "../datasets/split.ts";
import { oneHot } from "../evaluation/metrics.ts";
import { rank } from "../evaluation/ranking.ts";
import { CLASSICAL_MODELS, type ClassicalModel } from "./classical.ts";

/** The document's machines. */
export interface SvmModel {
  kernel: "linear" | "rbf";
  scaling: "raw" | "min-max";
  C: number;
}

/** A fit: a label's machine, or a classifier of all labels. */
export type StudyTask =
  /** As the document's, decided at 0. */
  | { kind: "document"; model: SvmModel; label: number }
  /** RBF on standardised features, with probabilities. */
  | { kind: "probable"; C: number; label: number }
  /** The same with kernel and C that are chosen for the label, by average precision. */
  | { kind: "searched"; label: number; kernels: readonly KernelChoice[]; Cs: readonly number[] }
  /** Answers for the fold that it did not learn from; without one, for the test part. */
  | { kind: "classifier"; model: ClassicalModel; fold?: number }
  /** The same of the small network (svm_study_network.ts). */
  | { kind: "network"; fold?: number };

/** Tasks that workers do, which have no TensorFlow. */
export type WorkerTask = Exclude<StudyTask, { kind: "network" }>;

/** What a fit says; plain arrays, to be kept as JSON. */
export interface StudyAnswer {
  /** `[rows]` of a label's machine, `[rows, 11]` of a classifier. */
  scores: number[];
  /** The same where the test part is scaled by its own smallest and largest values: the original's fault. */
  byOwnScaler?: number[];
  /** Probabilities of the training part by machines that did not learn from a clip's recording. */
  outOfFold?: number[];
  choice?: SvmChoice;
}

/** Folds of the training part, from which thresholds, probabilities and choices come. */
export const STUDY_FOLDS = 5;

/** The training part: 25 features, label and fold of every clip; a recording is in one fold. */
export function studyTraining() {
  const { values, features, files, labels } = loadFeatures("irmas_single_features_25");
  const truth = Uint8Array.from(labels, ([label]) => instrumentIndex(label));
  const recordings = files.map(recordingOf);
  const folds = splitByRecording(recordings, oneHot(truth), {
    folds: STUDY_FOLDS,
    random: randomFrom("svm study", "folds"),
  });
  return { rows: { values, columns: features.length }, labels: truth, folds, recordings };
}

/** The test part: the same features, and its labels, `[rows, 11]`. */
export function studyTest() {
  const { values, features, files, labels } = loadFeatures("irmas_multi_features_25");
  const targets = targetsOf(labels.map((codes) => ({ labels: codes })));
  return { rows: { values, columns: features.length }, targets, files };
}

/** Does a task. */
export function answerStudyTask(task: WorkerTask): StudyAnswer {
  return ANSWERS[task.kind](task as never);
}

/** Raised whenever the same task gives another answer: kept ones are not used then. */
const ANSWERS_VERSION = 1;

/**
 * A task's answer: the one that was kept, or a new one, which is then kept in `data/cache/svm`
 * (`./lumen clean --cache` takes it away).
 */
export async function keptStudyAnswer<Task extends StudyTask>(
  task: Task,
  answerTask: (task: Task) => StudyAnswer | Promise<StudyAnswer>,
): Promise<StudyAnswer> {
  const name = (await sha256(JSON.stringify({ version: ANSWERS_VERSION, task }))).slice(0, 16);
  const path = join(projectPath("data", "cache", "svm"), `${name}.json`);
  if (exists(path)) return readJson<StudyAnswer>(path);
  const answer = await answerTask(task);
  writeJson(path, answer);
  return answer;
}

type Of<Kind extends WorkerTask["kind"]> = Extract<WorkerTask, { kind: Kind }>;

const ANSWERS: { [Kind in WorkerTask["kind"]]: (task: Of<Kind>) => StudyAnswer } = {
  document: answerAsDocument,
  probable: ({ C, label }) => answerProbably(label, () => ({ C })),
  searched: ({ label, kernels, Cs }) =>
    answerProbably(label, (rows, targets, folds) => {
      const score = (decisions: Float64Array, own: Uint8Array) =>
        rank(decisions, own).averagePrecision();
      return searchSvm(rows, targets, { labels: 1, kernels, Cs, folds, score })[0];
    }),
  classifier: answerByClassifier,
};

/** The targets of one label's machine. */
const isLabel = (labels: Uint8Array, label: number) => labels.map((own) => own === label ? 1 : 0);

function answerAsDocument({ model: { kernel, scaling, C }, label }: Of<"document">): StudyAnswer {
  const { rows, labels } = studyTraining(), test = studyTest().rows;
  const scaled = (by: Scaler, part: Rows) => scaling === "raw" ? part : applyScaler(by, part);
  const scaler = fitMinMax(rows), targets = isLabel(labels, label);
  const learn = scaled(scaler, rows);
  const decide = kernel === "rbf"
    ? fitMultilabelSvm(learn, targets, { labels: 1, C }).decisions
    : linear(learn, targets, C);
  return {
    scores: [...decide(scaled(scaler, test))],
    ...scaling === "raw" ? {} : { byOwnScaler: [...decide(scaled(fitMinMax(test), test))] },
  };
}

function linear(rows: Rows, targets: Uint8Array, C: number) {
  const { weights, intercept } = fitLinearSvc(rows, Int8Array.from(targets, (y) => 2 * y - 1), {
    C,
  });
  return ({ values, columns }: Rows) => {
    const decisions = new Float64Array(values.length / columns).fill(intercept);
    values.forEach((x, k) => decisions[Math.floor(k / columns)] += weights[k % columns] * x);
    return decisions;
  };
}

function answerProbably(
  label: number,
  choose: (
    rows: Rows,
    targets: Uint8Array,
    folds: Int32Array,
  ) => { C: number } | SvmChoice,
): StudyAnswer {
  const { rows, labels, folds } = studyTraining(), scaler = fitStandard(rows);
  const learn = applyScaler(scaler, rows), targets = isLabel(labels, label);
  const choice = choose(learn, targets, folds);
  const machine = fitProbabilisticSvm(learn, targets, { ...choice, labels: 1, folds });
  return {
    scores: [...machine.probabilities(applyScaler(scaler, studyTest().rows))],
    outOfFold: [...machine.outOfFold],
    ..."score" in choice ? { choice } : {},
  };
}

function answerByClassifier({ model, fold }: Of<"classifier">): StudyAnswer {
  const { learn, labels, test } = standardisedFold(fold);
  const fitted = CLASSICAL_MODELS[model](learn, labels, randomFrom("svm study", model));
  return { scores: [...fitted.scores(test)] };
}

/**
 * Standardised features to learn from, with their labels, and those to answer for: a fold of the training part, or
 * without one the test part.
 */
export function standardisedFold(fold?: number): { learn: Rows; labels: number[]; test: Rows } {
  const { rows, labels, folds } = studyTraining(), all = [...labels.keys()];
  const members = all.filter((row) => folds[row] !== fold);
  const test = fold === undefined
    ? studyTest().rows
    : selectRows(rows, all.filter((row) => folds[row] === fold));
  const learn = selectRows(rows, members), scaler = fitStandard(learn);
  return {
    learn: applyScaler(scaler, learn),
    labels: members.map((row) => labels[row]),
    test: applyScaler(scaler, test),
  };
}
