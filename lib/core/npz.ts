/** NumPy's .npz: a zip file of arrays by name. */
import {
  configure,
  type FileEntry,
  Uint8ArrayReader,
  Uint8ArrayWriter,
  ZipReader,
  ZipWriter,
} from "@zip.js/zip.js";
import { type ArrayContent, decodeNpy, encodeNpy, type NpyArray } from "./npy.ts";
import { writeAtomically } from "./files.ts";

export type { ArrayContent, NpyArray } from "./npy.ts";

// zip.js's own workers are blob: modules, which Deno cannot load.
configure({ useWebWorkers: false });

/**
 * Reads the arrays of a .npz file, checksums tested.
 *
 * @param only names of the arrays that are wanted; default: all
 * @throws Error that names the file, when it is missing, no .npz, cut short, corrupt, or lacks a wanted array
 */
export async function readNpz(
  path: string,
  { only }: { only?: readonly string[] } = {},
): Promise<Map<string, NpyArray>> {
  try {
    const zip = new ZipReader(new Uint8ArrayReader(await Deno.readFile(path)));
    const arrays = new Map<string, NpyArray>();
    for (const entry of await zip.getEntries()) {
      if (entry.directory || !entry.filename.endsWith(".npy")) continue;
      const name = entry.filename.slice(0, -".npy".length);
      if (!only || only.includes(name)) arrays.set(name, await readEntry(entry, name));
    }
    await zip.close();
    const missing = only?.filter((name) => !arrays.has(name)) ?? [];
    if (missing.length > 0) throw new Error(`there is no array "${missing.join('", "')}" in it`);
    return arrays;
  } catch (error) {
    throw new Error(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

async function readEntry(entry: FileEntry, name: string): Promise<NpyArray> {
  try {
    return decodeNpy(await entry.getData(new Uint8ArrayWriter(), { checkSignature: true }));
  } catch (error) {
    throw new Error(`array "${name}": ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Writes arrays as a compressed .npz that NumPy reads, atomically and with equal bytes for equal content.
 *
 * @param arrays by name; values in C order
 */
export async function writeNpz(
  path: string,
  arrays: Readonly<Record<string, ArrayContent>> | ReadonlyMap<string, ArrayContent>,
): Promise<void> {
  const zip = new ZipWriter(new Uint8ArrayWriter(), {
    // The oldest date that zip knows: the time of writing is no part of the content.
    lastModDate: new Date(1980, 0, 1),
    extendedTimestamp: false,
  });
  const named = arrays instanceof Map ? arrays : Object.entries(arrays);
  for (const [name, content] of named) {
    await zip.add(`${name}.npy`, new Uint8ArrayReader(encodeNpy(content)));
  }
  writeAtomically(path, await zip.close());
}
