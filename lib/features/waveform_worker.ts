/** One sound file's prepared waveform, in a worker. */
import { decodeFile } from "../audio/decode.ts";
import { serveExtraction } from "./extraction.ts";
import { type FrontEnd, prepare } from "./front_end.ts";

serveExtraction<FrontEnd>((path, frontEnd) => {
  const data = prepare(decodeFile(path), frontEnd);
  return { shape: [data.length], data };
});
