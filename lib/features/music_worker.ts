/** One sound file's tones, of which its key is read, and its tempo, in a worker. */
import { monoAt } from "../audio/mono.ts";
import { KEY_SAMPLE_RATE, keyChroma, sumTones } from "../music/key.ts";
import { onsetStrength } from "../music/onset.ts";
import { tempo } from "../music/tempo.ts";
import { serveExtraction } from "./serve_extraction.ts";

serveExtraction<null>((sound) => {
  const sampleRate = KEY_SAMPLE_RATE, y = monoAt(sound, sampleRate);
  const beat = tempo(onsetStrength(y, { sampleRate }), { sampleRate });
  return { shape: [13], data: Float64Array.of(...sumTones(keyChroma(y)), beat) };
});
