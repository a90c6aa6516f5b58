/** `lumen data NAME`: reads a data set, says what is in it, and remembers where it is. */
import { resolve } from "node:path";
import {
  CATALOG,
  type CatalogEntry,
  type DataSetName,
  loadDataSet,
} from "../../lib/datasets/catalog.ts";
import { assertWhole, type DataSet } from "../../lib/datasets/clip.ts";
import { KNOWN_PATCHES } from "../../lib/datasets/known_patches.ts";
import { applyPatch, readPatch } from "../../lib/datasets/patch.ts";
import { rememberPlace } from "../../lib/datasets/places.ts";
import { obtain } from "./obtain.ts";
import { describeDataSet, describePatch, differences } from "./report.ts";

/** How a data set is looked at. */
export interface InspectOptions {
  root?: string;
  /** Whether what is not here is fetched. */
  download?: boolean;
  /** Problems and counts that differ are an error, and nothing is remembered. */
  check?: boolean;
  /** Problems are an error. */
  strict?: boolean;
  /** A patch's file, or the name of a known one. */
  patch?: string;
}

/**
 * Reads a data set and prints what is in it.
 *
 * @throws Error when it is not there or cannot be read, or what is asked for is not fulfilled
 */
export async function inspectDataSet(
  name: DataSetName,
  { root, download, check = false, strict = false, patch }: InspectOptions,
): Promise<void> {
  const entry: CatalogEntry = CATALOG[name];
  const here = root ?? (download ? undefined : entry.find());
  const place = here ?? await obtain(name, { download });
  const dataSet = await loadDataSet(name, { root: place });
  console.log(describeDataSet(name, dataSet, { root: place }));
  if (strict || check) assertWhole(dataSet);
  if (check) assertComplete(name, dataSet);
  if (patch !== undefined) {
    const patched = applyPatch(dataSet, KNOWN_PATCHES[patch]?.() ?? readPatch(patch));
    console.log(`\n${describePatch(patched)}`);
    if (strict || check) assertWhole({ name: patch, problems: patched.unmatched });
  }
  if (root !== undefined && !check) {
    rememberPlace(name, root);
    console.log(`\nremembered: ${name} is at ${resolve(root)}`);
  }
}

function assertComplete(name: string, dataSet: DataSet): void {
  const differing = differences(name, dataSet);
  if (differing.length === 0) return console.log("\nall published counts are met");
  const { what, here, published } = differing[0];
  throw new Error(
    `${name} is not whole: ${what} ${here}, not ${published} as published` +
      (differing.length > 1 ? `, and ${differing.length - 1} other counts` : "") +
      "; unpack or download again what is missing",
  );
}
