/** Where data sets are on this machine: `data/places.json`, which is no part of the project. */
import { join, resolve } from "node:path";
import { exists, readJson, writeJson } from "../core/files.ts";
import { projectPath } from "../core/paths.ts";

/** The folder of archives that are not unpacked yet, in a data set's own. */
export const ARCHIVES = "archives";

const PLACES = projectPath("data", "places.json");

/** The folder that data sets are kept in which have no other place: `data/<name>`. */
export function ownPlace(name: string): string {
  return projectPath("data", name);
}

/**
 * Where a data set is: the place that was told, or `data/<name>` where it is there.
 *
 * @returns undefined where nobody told, and it is not there
 * @throws Error when the place that was told is gone
 */
export function placeOf(
  name: string,
  { file = PLACES }: { file?: string } = {},
): string | undefined {
  const told = readPlaces(file)[name];
  if (told !== undefined && !exists(told)) {
    throw new Error(
      `${name} was at ${told}, where nothing is now: say where it is with "./lumen data ${name} --root PATH"`,
    );
  }
  if (told !== undefined) return told;
  // archives that are still there are being fetched, or were and are not finished
  const own = ownPlace(name), begun = exists(join(own, ARCHIVES));
  return exists(own) && !begun ? own : undefined;
}

/** Remembers where a data set is. */
export function rememberPlace(
  name: string,
  path: string,
  { file = PLACES }: { file?: string } = {},
): void {
  writeJson(file, { ...readPlaces(file), [name]: resolve(path) });
}

function readPlaces(file: string): Record<string, string> {
  return exists(file) ? readJson<Record<string, string>>(file) : {};
}
