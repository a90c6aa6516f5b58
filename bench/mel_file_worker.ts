/** One file's mel spectrogram in decibels, in a worker of bench/sound.ts. */
import { decodeFile } from "../lib/audio/decode.ts";
import { serveTasks } from "../lib/core/parallel.ts";
import { DEFAULT_FRONT_END, melOf } from "../lib/features/front_end.ts";

serveTasks<string, number>((path) => {
  const { data } = melOf(decodeFile(path), DEFAULT_FRONT_END);
  return { value: data.length };
});
