/** The worker's side of `extraction.ts`. */
import { createHash } from "node:crypto";
import { decodeSound, readBytes, type Sound } from "../audio/decode.ts";
import { type Reading, settledState } from "../core/content_index.ts";
import { exists, writeAtomically } from "../core/files.ts";
import { type ArrayContent, encodeNpy } from "../core/npy.ts";
import { serveTasks } from "../core/parallel.ts";
import { entryOf, type Task } from "./extraction.ts";

/** Computes an array from each sound file that the worker is given, and writes it where there is none of its content. */
export function serveExtraction<Settings>(
  extract: (sound: Sound, settings: Settings) => ArrayContent,
): void {
  serveTasks<Task<Settings>, Reading>(({ path, settings, shelf }) => {
    const state = settledState(path); // before it is read: a change meanwhile then shows
    const bytes = readBytes(path);
    const content = createHash("sha256").update(bytes).digest("hex");
    const entry = entryOf(shelf, content);
    if (!exists(entry)) {
      writeAtomically(entry, encodeNpy(extract(decodeSound(bytes), settings)));
    }
    return { value: { state, content } };
  });
}
