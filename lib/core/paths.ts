/** Where things are, whatever the working directory. */
import { fileURLToPath } from "node:url";
import { join } from "node:path";

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");

/** A path below the project's folder. */
export function projectPath(...parts: string[]): string {
  return join(ROOT, ...parts);
}
