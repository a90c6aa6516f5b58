/** One sound file's mel spectrogram, in a worker. */
import { decodeFile } from "../audio/decode.ts";
import { decibelToBytes } from "./bytes.ts";
import { serveExtraction } from "./extraction.ts";
import { type FrontEnd, melOf } from "./front_end.ts";

serveExtraction<FrontEnd>((path, frontEnd) => {
  const { data, nMels, frames } = melOf(decodeFile(path), frontEnd);
  const kept = frontEnd.scale === "decibel" ? decibelToBytes(data, frontEnd) : data;
  return { shape: [nMels, frames], data: kept };
});
