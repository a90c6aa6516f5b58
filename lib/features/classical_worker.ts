/** One sound file's 28 features, and its extended ones, in a worker. */
import { monoAt } from "../audio/mono.ts";
import { CLASSICAL_RATE, classicalFeatures } from "./classical.ts";
import { extendedFeatures } from "./extended.ts";
import { serveExtraction } from "./serve_extraction.ts";

serveExtraction<{ extended: boolean }>((sound, { extended }) => {
  const y = monoAt(sound, CLASSICAL_RATE);
  const data = Float64Array.of(...classicalFeatures(y), ...extended ? extendedFeatures(y) : []);
  return { shape: [data.length], data };
});
