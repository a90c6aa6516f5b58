/** What is in a folder. */
import { join } from "node:path";

/** Every file below a folder, by its path in it with "/". */
export function filesBelow(folder: string, path = ""): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const { name, isDirectory } of Deno.readDirSync(join(folder, path))) {
    const below = path === "" ? name : `${path}/${name}`;
    if (isDirectory) Object.assign(files, filesBelow(folder, below));
    else files[below] = Deno.readFileSync(join(folder, below));
  }
  return files;
}
