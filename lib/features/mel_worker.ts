/** One sound file's mel spectrogram, in a worker. */
import { decodeFile } from "../audio/decode.ts";
import { writeAtomically } from "../core/files.ts";
import { encodeNpy } from "../core/npy.ts";
import { serveTasks } from "../core/parallel.ts";
import { decibelToBytes } from "./bytes.ts";
import { type FrontEnd, melOf } from "./front_end.ts";

/** What is to be computed, and where it is to be written. */
export interface MelTask {
  path: string;
  frontEnd: FrontEnd;
  /** A .npy file, [nMels, frames]. */
  out: string;
}

serveTasks<MelTask, null>(async ({ path, frontEnd, out }) => {
  const { data, nMels, frames } = melOf(await decodeFile(path), frontEnd);
  const kept = frontEnd.scale === "decibel" ? decibelToBytes(data, frontEnd) : data;
  writeAtomically(out, encodeNpy({ shape: [nMels, frames], data: kept }));
  return { value: null };
});
