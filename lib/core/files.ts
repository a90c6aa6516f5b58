/** Files: whole or not at all. */
import { dirname } from "node:path";

/** Whether a file or folder is there; below a file is nothing. Other errors are passed on. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) return false;
    throw error;
  }
}

/**
 * Writes a file so that a reader sees the old content or the new one, never a part: into a temporary
 * file beside it, which is then renamed. Missing folders are made.
 */
export function writeAtomically(path: string, data: string | Uint8Array): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    if (typeof data === "string") Deno.writeTextFileSync(temporary, data);
    else Deno.writeFileSync(temporary, data);
    Deno.renameSync(temporary, path);
  } catch (error) {
    try {
      Deno.removeSync(temporary);
    } catch { /* it was never made */ }
    throw new Error(`cannot write ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Writes behind what a file holds; makes the file where there is none. @throws Error that names the file */
export function append(path: string, data: string | Uint8Array): void {
  try {
    if (typeof data === "string") Deno.writeTextFileSync(path, data, { append: true });
    else Deno.writeFileSync(path, data, { append: true });
  } catch (error) {
    throw new Error(`cannot write ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Writes a value as indented JSON, atomically; a list of numbers stays on one line. */
export function writeJson(path: string, value: unknown): void {
  const text = JSON.stringify(value, null, 2).replace(
    /\[\n([\s\d.,e+-]+)\]/g,
    (_, numbers: string) => `[${numbers.trim().replace(/\s+/g, " ")}]`,
  );
  writeAtomically(path, text + "\n");
}

/** Reads JSON. @throws Error that names the file, when it is missing or is not JSON. */
export function readJson<T>(path: string): T {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    throw new Error(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not valid JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** SHA-256 of bytes or text, as lower-case hex. */
export async function sha256(data: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (b) => b.toString(16).padStart(2, "0")).join("");
}
