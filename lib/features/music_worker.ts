/** One sound file's tones, of which its key is read, and its tempo, in a worker. */
import { decodeFile } from "../audio/decode.ts";
import { toMono } from "../audio/mono.ts";
import { resample } from "../audio/resample.ts";
import { KEY_SAMPLE_RATE, keyChroma, sumTones } from "../music/key.ts";
import { onsetStrength } from "../music/onset.ts";
import { tempo } from "../music/tempo.ts";
import { serveExtraction } from "./extraction.ts";

serveExtraction<null>((path) => {
  const sound = decodeFile(path), sampleRate = KEY_SAMPLE_RATE;
  const y = resample(toMono(sound), sound.sampleRate, sampleRate);
  const beat = tempo(onsetStrength(y, { sampleRate }), { sampleRate });
  return { shape: [13], data: Float64Array.of(...sumTones(keyChroma(y)), beat) };
});
