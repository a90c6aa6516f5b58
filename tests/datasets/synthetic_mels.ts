/** A small pack in memory: random spectrograms with IRMAS's kind of names, one spectrum an instrument. */
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { type IrmasMels, MEL_FRAMES, MEL_SIZE } from "lib/datasets/irmas_mels.ts";
import { recordingOf } from "lib/datasets/split.ts";
import { randomFrom } from "lib/core/random.ts";

/**
 * @param recordings of each instrument, with two clips each
 * @returns clips that are loud (byte 200 to 255) in ten bands of their instrument, quiet (0 to 50) elsewhere
 */
export function syntheticMels(recordings: number): IrmasMels {
  const random = randomFrom("synthetic mels");
  const names = INSTRUMENTS.flatMap((code) =>
    Array.from({ length: recordings * 2 }, (_, k) => {
      const number = String(Math.floor(k / 2)).padStart(4, "0");
      return `${code}/[${code}][cla]${number}__${k % 2 + 1}`;
    })
  );
  const labels = Uint8Array.from(names, (_, k) => Math.floor(k / (2 * recordings)));
  const mel = new Uint8Array(names.length * MEL_SIZE);
  names.forEach((_, clip) => {
    for (let cell = 0; cell < MEL_SIZE; cell++) {
      const loud = Math.floor(cell / MEL_FRAMES / 10) === labels[clip];
      mel[clip * MEL_SIZE + cell] = loud ? random.integer(200, 256) : random.integer(0, 51);
    }
  });
  return { mel, names, labels, recordings: names.map(recordingOf), count: names.length };
}
