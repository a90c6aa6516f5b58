/** One sound file's logarithmic mel spectrogram, in a worker. */
import { logMel, type LogMelInput } from "./log_mel.ts";
import { serveExtraction } from "./serve_extraction.ts";

serveExtraction<LogMelInput>((sound, input) => {
  const { data, nMels, frames } = logMel(sound, input);
  return { shape: [nMels, frames], data };
});
