/** A task of a job array of tiny runs: `deno run -A task.ts ROOT SUBMISSION`. Its process is in ROOT/SEED.task, the run's in ROOT/SEED.run. */
import { join } from "node:path";
import { runTask } from "lib/experiments/slurm_task.ts";
import { startTinyRun, tinyConfigOf } from "./tiny_runs.ts";

const [root, file] = Deno.args;
const status = await runTask(file, {
  resolve: (_, seed) => tinyConfigOf(seed),
  roots: { shared: root, local: root },
  start({ seed }) {
    const child = startTinyRun(root, seed);
    Deno.writeTextFileSync(join(root, `${seed}.task`), String(Deno.pid));
    Deno.writeTextFileSync(join(root, `${seed}.run`), String(child.pid));
    return child;
  },
});
Deno.exit(status);
