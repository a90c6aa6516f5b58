/** A tiny run in a process of its own, so that a test can kill it. */
import { projectPath } from "lib/core/paths.ts";
import { RunFolder, runName } from "lib/experiments/run_folder.ts";
import { withSettings } from "lib/train/config.ts";
import { tinyConfig } from "./tiny_run.ts";

/** The folder of the tiny run with some settings, below a root. */
export async function tinyFolder(
  root: string,
  settings: readonly string[] = [],
): Promise<RunFolder> {
  return new RunFolder(await runName(withSettings(tinyConfig(), settings)), root);
}

/** Starts it, with sums in a fixed order. @param args `--resume`, and settings */
export function startTiny(root: string, args: readonly string[] = []): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", projectPath("tests", "train", "tiny_run.ts"), root, ...args],
    cwd: projectPath(),
    env: { LUMEN_DETERMINISTIC: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** What it wrote until it ended. */
export async function said(child: Deno.ChildProcess): Promise<{ out: string; errors: string }> {
  const { stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { out: text(stdout), errors: text(stderr) };
}

/** Waits for something. @throws Error after a minute */
export async function until(what: string, holds: () => boolean, pause = 10): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`${what}: not after a minute`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Waits until a run has taken so many steps. */
export const untilStep = (folder: RunFolder, step: number) =>
  until(`step ${step}`, () => (folder.readMetrics().at(-1)?.step ?? 0) >= step);

/** The losses of a run, step by step. */
export const lossesOf = (folder: RunFolder) =>
  folder.readMetrics().filter(({ name }) => name === "train/loss").map(({ value }) => value);
