/** Decodes damaged MP3 files, of which libmpg123 has much to say, and then speaks itself. */
import { decodeSound } from "lib/audio/decode.ts";
import { readCorpus } from "../../tools/fuzz/corpus.ts";
import { damagedFile } from "../../tools/fuzz/mutate.ts";

const corpus = readCorpus("mp3");
for (let index = 0; index < 40; index++) {
  try {
    decodeSound(damagedFile(corpus, { format: "mp3", seed: 0, index }).bytes);
  } catch {
    // some of them can be decoded, some cannot
  }
}
console.error("done");
