/** One sound file's logarithmic mel spectrogram, in a worker. */
import { decodeFile } from "../audio/decode.ts";
import { serveExtraction } from "./extraction.ts";
import { logMel, type LogMelInput } from "./log_mel.ts";

serveExtraction<LogMelInput>((path, input) => {
  const { data, nMels, frames } = logMel(decodeFile(path), input);
  return { shape: [nMels, frames], data };
});
