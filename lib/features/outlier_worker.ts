/** What tells whether one sound file is an obvious outlier, in a worker. */
import { measureClip } from "../audio/outlier.ts";
import { serveExtraction } from "./serve_extraction.ts";

serveExtraction<null>((sound) => {
  const { seconds, silentPart } = measureClip(sound);
  return { shape: [2], data: Float64Array.of(seconds, silentPart) };
});
