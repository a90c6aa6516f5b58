/** Fits machines on one core: the worker of svm_study.ts. */
import { serveTasks } from "../core/parallel.ts";
import { keptStudyAnswer, type StudyTask } from "./svm_study_tasks.ts";

serveTasks(async (task: StudyTask) => ({ value: await keptStudyAnswer(task) }));
