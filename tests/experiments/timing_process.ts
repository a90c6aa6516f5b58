/**
 * A study of inference time on a made-up stopwatch: `deno run -A timing_process.ts FOLDER`. A program of its own, so that a
 * test can kill it.
 */
import { Journal } from "lib/core/journal.ts";
import { pause } from "lib/core/pause.ts";
import type { TimingEntry, TimingPlan } from "lib/experiments/inference_plan.ts";
import { measureTimings } from "lib/experiments/inference_time.ts";

/** Two networks, 27 measurements each. */
export const PLANS: TimingPlan[] = ["first", "second"].map((network) => ({
  network,
  grid: { step: 50, runs: 2 },
  batch: 8,
  firstLook: 1e-3,
  parameters: 1,
  multiplyAccumulates: 1,
  pieceSeconds: 3,
}));

if (import.meta.main) {
  const journal = new Journal<TimingEntry>(`${Deno.args[0]}/cpu.jsonl`);
  if (journal.entries.length === 0) { for (const plan of PLANS) journal.append({ plan }); }
  await measureTimings(journal, PLANS, {
    prepare: () =>
      Promise.resolve({
        async time({ seconds }) {
          await pause(0.005);
          return 2 * seconds + 5;
        },
        [Symbol.dispose]() {},
      }),
  });
  Deno.exit(0);
}
