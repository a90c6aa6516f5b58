/** Tiny runs that take long enough to be killed in the middle, on one thread each. */
import { projectPath } from "lib/core/paths.ts";
import { type RunConfig, withSettings } from "lib/train/config.ts";
import { tinyConfig } from "../train/tiny_run.ts";

const settingsOf = (seed: number) => [`seed=${seed}`, "epochs=5"];

/** 60 steps: some seconds. */
export const tinyConfigOf = (seed: number): RunConfig =>
  withSettings(tinyConfig(), settingsOf(seed));

/** Starts a run, or goes on with it. */
export function startTinyRun(root: string, seed: number): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", projectPath("tests/train/tiny_run.ts"), root, "--resume"]
      .concat(settingsOf(seed)),
    cwd: projectPath(),
    env: { LUMEN_DETERMINISTIC: "1", LUMEN_THREADS: "1" },
  }).spawn();
}
