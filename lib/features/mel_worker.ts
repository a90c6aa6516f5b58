/** One sound file's mel spectrogram, in a worker. */
import { toBytes } from "./bytes.ts";
import { type FrontEnd, melOf } from "./front_end.ts";
import { serveExtraction } from "./serve_extraction.ts";

serveExtraction<FrontEnd>((sound, frontEnd) => {
  const { data, nMels, frames } = melOf(sound, frontEnd);
  const kept = frontEnd.scale === "power" ? data : toBytes(data, frontEnd);
  return { shape: [nMels, frames], data: kept };
});
