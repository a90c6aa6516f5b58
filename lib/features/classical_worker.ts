/** One sound file's 28 features, and its extended ones, in a worker. */
import { decodeFile } from "../audio/decode.ts";
import { toMono } from "../audio/mono.ts";
import { resample } from "../audio/resample.ts";
import { CLASSICAL_RATE, classicalFeatures } from "./classical.ts";
import { extendedFeatures } from "./extended.ts";
import { serveExtraction } from "./extraction.ts";

serveExtraction<{ extended: boolean }>((path, { extended }) => {
  const sound = decodeFile(path);
  const y = resample(toMono(sound), sound.sampleRate, CLASSICAL_RATE);
  const data = Float64Array.of(...classicalFeatures(y), ...extended ? extendedFeatures(y) : []);
  return { shape: [data.length], data };
});
