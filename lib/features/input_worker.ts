/** One sound file's chroma, scalogram or MFCC, in a worker. */
import type { FrontEnd } from "./front_end.ts";
import { type InputKind, inputOf } from "./inputs.ts";
import { serveExtraction } from "./serve_extraction.ts";

serveExtraction<{ kind: InputKind; frontEnd: FrontEnd }>((sound, { kind, frontEnd }) => {
  const { data, nMels, frames } = inputOf(sound, kind, frontEnd);
  return { shape: [nMels, frames], data };
});
