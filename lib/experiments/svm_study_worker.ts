/** Fits machines on one core: the worker of svm_study.ts. */
import { serveTasks } from "../core/parallel.ts";
import { answerStudyTask, keptStudyAnswer, type WorkerTask } from "./svm_study_tasks.ts";

serveTasks(async (task: WorkerTask) => ({
  value: await keptStudyAnswer(task, answerStudyTask),
}));
