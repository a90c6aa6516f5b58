/** What a killed run must be once it has been resumed. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { RunFolder } from "lib/experiments/run_folder.ts";
import { readSafetensors } from "lib/nn/safetensors.ts";
import { lossesOf, said, startTiny, tinyFolder, untilStep } from "./tiny_process.ts";

/** Asserts that two finished runs left the same weights. They are too many to be shown where they differ. */
export function assertSameWeights(...folders: [RunFolder, RunFolder]): void {
  const [a, b] = folders.map((folder) => readSafetensors(folder.weights).tensors);
  assert.deepEqual([...a.keys()], [...b.keys()]);
  for (const [name, { data }] of a) {
    assert.ok(data.every((value, k) => value === b.get(name)!.data[k]), `${name} differs`);
  }
}

/**
 * Asserts that the tiny run that is killed is the unbroken one bit for bit. Returns the unbroken one.
 *
 * @param options.kills steps after which it is killed, one after the other
 * @param options.steps of the unbroken run
 */
export async function assertResumes(
  root: string,
  settings: readonly string[],
  { kills, steps }: { kills: readonly number[]; steps: number },
): Promise<RunFolder> {
  const whole = await tinyFolder(join(root, "whole"), settings);
  const broken = await tinyFolder(join(root, "broken"), settings);
  assert.equal((await said(startTiny(join(root, "whole"), settings))).out, "finished");
  for (const [k, step] of kills.entries()) {
    const flags = k === 0 ? [] : ["--resume"];
    const child = startTiny(join(root, "broken"), [...flags, ...settings]);
    await untilStep(broken, step);
    child.kill("SIGKILL");
    await said(child);
    assert.equal(broken.isFinished, false);
  }
  const last = startTiny(join(root, "broken"), ["--resume", ...settings]);
  assert.equal((await said(last)).out, "finished");
  assert.equal(lossesOf(whole).length, steps);
  assert.deepEqual(broken.readMetrics(), whole.readMetrics());
  assert.deepEqual(broken.readResult(), whole.readResult());
  assertSameWeights(broken, whole);
  return whole;
}
