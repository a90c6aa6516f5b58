/** One sound file's prepared waveform, in a worker. */
import { type FrontEnd, prepare } from "./front_end.ts";
import { serveExtraction } from "./serve_extraction.ts";

serveExtraction<FrontEnd>((sound, frontEnd) => {
  const data = prepare(sound, frontEnd);
  return { shape: [data.length], data };
});
