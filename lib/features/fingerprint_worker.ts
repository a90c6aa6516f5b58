/** One sound file's fingerprints, in a worker. */
import { toMono } from "../audio/mono.ts";
import { resample } from "../audio/resample.ts";
import { FINGERPRINT_RATE, subFingerprints } from "../dsp/sub_fingerprints.ts";
import { serveExtraction } from "./serve_extraction.ts";

serveExtraction<null>((sound) => {
  const data = subFingerprints(resample(toMono(sound), sound.sampleRate, FINGERPRINT_RATE));
  return { shape: [data.length], data };
});
