/** A file that grows by a line for each thing that is done, so that a killed process loses nothing but its last one. */
import { append, exists, writeAtomically } from "./files.ts";

/** Entries in the order in which they were written, one line of JSON each. */
export class Journal<T> {
  readonly #path: string;
  readonly #entries: T[] = [];

  /**
   * Reads what is there; a last line that was cut when its writer was killed is taken out.
   *
   * @throws Error for another that is no JSON
   */
  constructor(path: string) {
    this.#path = path;
    const text = exists(path) ? Deno.readTextFileSync(path) : "";
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    for (const [k, line] of whole.split("\n").entries()) {
      if (line === "") continue;
      try {
        this.#entries.push(JSON.parse(line));
      } catch {
        throw new Error(`line ${k + 1} of ${path} is no JSON: mend it, or delete the file`);
      }
    }
    if (whole.length < text.length || !exists(path)) writeAtomically(path, whole);
  }

  get entries(): readonly T[] {
    return this.#entries;
  }

  append(entry: T): void {
    append(this.#path, JSON.stringify(entry) + "\n");
    this.#entries.push(entry);
  }
}
