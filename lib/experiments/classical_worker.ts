/** Fits classical models on one core: the worker of classical.ts. */
import { serveTasks } from "../core/parallel.ts";
import { answerTask, type ClassicalTask } from "./classical.ts";

serveTasks((task: ClassicalTask) => {
  const answers = answerTask(task);
  return { value: answers, transfer: [answers.buffer] };
});
