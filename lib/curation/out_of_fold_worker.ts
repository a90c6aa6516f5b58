/** Fits a fold's model on one core: the worker of out_of_fold.ts. */
import { serveTasks } from "../core/parallel.ts";
import { type FoldTask, judgeFold } from "./out_of_fold.ts";

serveTasks((task: FoldTask) => {
  const value = judgeFold(task);
  return Promise.resolve({ value, transfer: [value.probabilities.buffer] });
});
