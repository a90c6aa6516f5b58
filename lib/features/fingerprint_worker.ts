/** One sound file's fingerprints, in a worker. */
import { decodeFile } from "../audio/decode.ts";
import { toMono } from "../audio/mono.ts";
import { resample } from "../audio/resample.ts";
import { FINGERPRINT_RATE, subFingerprints } from "../dsp/sub_fingerprints.ts";
import { serveExtraction } from "./extraction.ts";

serveExtraction<null>(async (path) => {
  const sound = await decodeFile(path);
  const data = subFingerprints(resample(toMono(sound), sound.sampleRate, FINGERPRINT_RATE));
  return { shape: [data.length], data };
});
