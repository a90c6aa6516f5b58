/** What tells whether one sound file is an obvious outlier, in a worker. */
import { decodeFile } from "../audio/decode.ts";
import { measureClip } from "../audio/outlier.ts";
import { serveExtraction } from "./extraction.ts";

serveExtraction<null>((path) => {
  const { seconds, silentPart } = measureClip(decodeFile(path));
  return { shape: [2], data: Float64Array.of(seconds, silentPart) };
});
