/** `lumen bench`: our speed beside the peers', in one run. */
import os from "node:os";
import type { Command } from "commander";
import { type BenchRecord, type BenchRow, recordPath } from "../../bench/row.ts";
import { writeJson } from "../../lib/core/files.ts";

const BENCHES: Readonly<
  Record<string, () => Promise<{ rows(): BenchRow[] | Promise<BenchRow[]> }>>
> = {
  engine: () => import("../../bench/engine.ts"),
  inputs: () => import("../../bench/inputs.ts"),
  label_quality: () => import("../../bench/label_quality.ts"),
  pipeline: () => import("../../bench/pipeline.ts"),
  resampling: () => import("../../bench/resampling.ts"),
  sound: () => import("../../bench/sound.ts"),
  svm: () => import("../../bench/svm.ts"),
  train: () => import("../../bench/train.ts"),
};

const known = Object.keys(BENCHES).join(", ");

function table(rows: readonly BenchRow[]): string {
  const cells = rows.map(({ name, ours, peer, peerName, ratio, unit, ofPeak }) => [
    name,
    `${ours.toPrecision(3)} ${unit}`,
    `${peer.toPrecision(3)} ${unit}`,
    peerName,
    ratio.toFixed(2),
    ofPeak ? `${ofPeak.ours.toFixed(2)} and ${ofPeak.peer.toFixed(2)} of the peak` : "",
  ]);
  const all = [["what", "Lumen", "peer", "", "ratio", ""], ...cells];
  const widths = all[0].map((_, k) => Math.max(...all.map((row) => row[k].length)));
  return all.map((row) => row.map((cell, k) => cell.padEnd(widths[k])).join("  ").trimEnd()).join(
    "\n",
  );
}

/** The rows with where and when they were measured. */
function record(rows: BenchRow[]): BenchRecord {
  const cpus = os.cpus();
  const machine = `${cpus[0]?.model.trim() || Deno.build.arch}, ${cpus.length} cores`;
  return { machine, measured: new Date().toISOString().slice(0, 10), rows };
}

/** Adds the command. */
export function register(program: Command): void {
  program.command("bench")
    .description(
      "measure against PyTorch, librosa or scikit-learn, side by side (installs them at the first use)",
    )
    .argument("<name>", `one of ${known}`)
    .option("--json", "print a JSON list")
    .option("--save", "keep the rows in bench/results, from where the README's tables come")
    .action(async (name: string, { json, save }: { json?: boolean; save?: boolean }) => {
      if (!(name in BENCHES)) throw new Error(`there is no benchmark "${name}"; known: ${known}`);
      const rows = await (await BENCHES[name]()).rows();
      if (save) writeJson(recordPath(name), record(rows));
      console.log(json ? JSON.stringify(rows, null, 2) : table(rows));
    });
}
