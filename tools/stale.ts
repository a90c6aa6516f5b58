/** Whether something was already made from what is there now: a key of contents beside what was made. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { exists, readJson, writeJson } from "../lib/core/files.ts";
import { projectPath } from "../lib/core/paths.ts";

const KEYS = projectPath("data", "cache", "keys");

/** Files of a folder and all folders in it, sorted; a file is itself. Weights are left out: a run's result tells them apart. */
function filesOf(path: string): string[] {
  if (!exists(path)) return [];
  if (Deno.statSync(path).isFile) return [path];
  return [...Deno.readDirSync(path)]
    .filter(({ name }) => !name.endsWith(".safetensors"))
    .flatMap(({ name }) => filesOf(join(path, name))).sort();
}

/** SHA-256 of the contents of files and folders, and of some text. */
export function contentKey(paths: readonly string[], text = ""): string {
  const hash = createHash("sha256").update(text);
  for (const file of paths.flatMap(filesOf)) hash.update(file).update(Deno.readFileSync(file));
  return hash.digest("hex");
}

/**
 * Runs an action unless it ran to its end under the same key and its result is still there.
 *
 * @param options.keys folder of the keys. Default: the project's
 */
export async function unlessFresh(
  name: string,
  { key, result, keys = KEYS }: { key: string; result: string; keys?: string },
  action: () => Promise<void>,
): Promise<"made" | "fresh"> {
  const path = join(keys, `${name}.json`);
  if (exists(result) && exists(path) && readJson<{ key: string }>(path).key === key) return "fresh";
  await action();
  writeJson(path, { key });
  return "made";
}
