/** What a classifier says of rows that it did not learn from: each fold is judged by a model of all the others. */
import { fitLogisticRegression } from "../baselines/logistic_regression.ts";
import { rowCount, type Rows, selectRows } from "../baselines/rows.ts";
import { applyScaler, fitStandard } from "../baselines/scaler.ts";
import { parallelMap } from "../core/parallel.ts";

/** How a fold's model is fitted. */
export interface FoldModelOptions {
  /** Number of classes. */
  classes: number;
  /** Weight of the data against the penalty. Default: 0.01, as in the study. */
  C?: number;
  /**
   * Where the fit ends: the largest entry of the gradient of the mean loss. Default: 0.1 over the number of training
   * rows, which is the study's rule (its scikit-learn took the gradient of the sum).
   */
  tolerance?: number;
  /** Default: 3000, as in the study. */
  maxIterations?: number;
  /** Whether columns are brought to mean 0 and deviation 1 of the training rows first. Default: true. */
  standardize?: boolean;
}

/** Options of {@link outOfFold}. */
export interface OutOfFoldOptions extends FoldModelOptions {
  /** Each row's fold, a whole number. */
  folds: ArrayLike<number>;
  /** Workers at the most. Default: one a core. */
  workers?: number;
  onProgress?: (finished: number, total: number) => void;
}

/** How a fold's fit ended. */
export interface FoldFit {
  fold: number;
  /** Mean loss and penalty on the training rows (scikit-learn's objective over C times the number of rows). */
  objective: number;
  iterations: number;
  converged: boolean;
}

/** Probabilities of rows by models that did not learn from them. */
export interface OutOfFold {
  /** `[rows, classes]` */
  probabilities: Float64Array;
  fits: FoldFit[];
}

/** One fold's work. */
export interface FoldTask {
  rows: Rows;
  labels: ArrayLike<number>;
  /** Rows to learn from, and rows to judge. */
  train: Int32Array;
  test: Int32Array;
  model: FoldModelOptions;
}

/** What one fold gives. */
export interface FoldAnswer extends Omit<FoldFit, "fold"> {
  /** `[test rows, classes]` */
  probabilities: Float64Array;
}

/** Fits a fold's model, scaler included, and judges the rows that it did not see. */
export function judgeFold({ rows, labels, train, test, model }: FoldTask): FoldAnswer {
  const { classes, C = 0.01, standardize = true, maxIterations = 3000 } = model;
  const { tolerance = 0.1 / train.length } = model;
  let [seen, unseen] = [train, test].map((indices) => selectRows(rows, indices));
  if (standardize) {
    const scaler = fitStandard(seen);
    [seen, unseen] = [seen, unseen].map((part) => applyScaler(scaler, part));
  }
  const own = Array.from(train, (row) => labels[row]);
  const fitted = fitLogisticRegression(seen, own, { classes, C, tolerance, maxIterations });
  const { objective, iterations, converged } = fitted;
  return { probabilities: fitted.scores(unseen), objective, iterations, converged };
}

/** A copy that workers read without one of their own. */
function shared(values: ArrayLike<number>): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(8 * values.length));
  copy.set(values);
  return copy;
}

/**
 * Judges every row by an L2 logistic regression of the other folds' rows, the folds on all cores.
 *
 * @param labels class numbers, one a row
 * @throws RangeError when labels, folds and rows do not fit, or there is only one fold
 * @throws Error when a fit fails, with the fold
 */
export async function outOfFold(
  rows: Rows,
  labels: ArrayLike<number>,
  { folds, workers, onProgress, ...model }: OutOfFoldOptions,
): Promise<OutOfFold> {
  const count = rowCount(rows), numbers = [...new Set(Array.from(folds))].sort((a, b) => a - b);
  if (labels.length !== count || folds.length !== count) {
    throw new RangeError(
      `cannot judge ${count} rows with ${labels.length} labels in ${folds.length} rows' folds`,
    );
  }
  if (numbers.length < 2) throw new RangeError("cannot judge rows out of fold with a single fold");
  const all = { rows: { ...rows, values: shared(rows.values) }, labels: shared(labels) };
  const rowsWhere = (test: (fold: number) => boolean) =>
    Int32Array.from(Array.from({ length: count }, (_, k) => k).filter((row) => test(folds[row])));
  const tasks = numbers.map((fold): FoldTask => ({
    ...all,
    train: rowsWhere((own) => own !== fold),
    test: rowsWhere((own) => own === fold),
    model,
  }));
  const worker = new URL("./out_of_fold_worker.ts", import.meta.url);
  const outcomes = await parallelMap<FoldTask, FoldAnswer>(worker, tasks, { workers, onProgress });
  const probabilities = new Float64Array(count * model.classes);
  const fits = outcomes.map((outcome, k): FoldFit => {
    const fold = numbers[k];
    if (!outcome.ok) throw new Error(`cannot fit the model of fold ${fold}: ${outcome.error}`);
    const { probabilities: judged, ...fit } = outcome.value;
    tasks[k].test.forEach((row, at) => {
      const own = judged.subarray(at * model.classes, (at + 1) * model.classes);
      probabilities.set(own, row * model.classes);
    });
    return { fold, ...fit };
  });
  return { probabilities, fits };
}
