/** What lies in folders, in a fixed order. */
import { join } from "node:path";
import { exists } from "../core/files.ts";

const SOUND_FILE = /\.(wav|flac|ogg|mp3)$/i;

/** Whether a name is a sound file's. */
export function isSoundFile(name: string): boolean {
  return SOUND_FILE.test(name);
}

/**
 * The entries of a folder by name; hidden ones are left out, such as the `._` files that macOS puts beside the true ones.
 *
 * @throws Error that names the folder, when it cannot be read
 */
export function listFolder(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)].filter(({ name }) => !name.startsWith("."))
      .sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    throw new Error(`cannot read the folder ${folder}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Whether a path is a folder, or a link to one. */
export function isFolder(path: string): boolean {
  return exists(path) && Deno.statSync(path).isDirectory;
}

/** Sound files of a folder and the folders in it: paths, sorted. @throws Error as {@link listFolder} */
export function listSounds(folder: string): string[] {
  return listFolder(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory || entry.isSymlink && isFolder(path)) return listSounds(path);
    return isSoundFile(entry.name) ? [path] : [];
  });
}
