/** Sounds in a notebook. */
import { Buffer } from "node:buffer";
import { encodeWav } from "../audio/wav.ts";
import { escapeHtml } from "../plots/table.ts";
import { type Bundle, send } from "./kernel.ts";

/** Options of {@link playSound}. */
export interface SoundOptions {
  /** A line beside the player: what is to be heard. */
  text?: string;
}

/**
 * Shows a player for a sound, with the sound in it as 16-bit WAV: 44 bytes and two a sample.
 *
 * @param y samples in -1..1, mono
 * @param sampleRate Hz
 */
export async function playSound(
  y: Float32Array,
  sampleRate: number,
  options: SoundOptions = {},
): Promise<void> {
  await send(soundBundle(y, sampleRate, options));
}

/** What {@link playSound} sends. */
export function soundBundle(
  y: Float32Array,
  sampleRate: number,
  { text = "sound" }: SoundOptions = {},
): Bundle {
  const wav = encodeWav({ sampleRate, channels: [y] }, { bits: 16 });
  const source = `data:audio/wav;base64,${Buffer.from(wav).toString("base64")}`;
  const seconds = (y.length / sampleRate).toFixed(1);
  return {
    data: {
      "text/html": `<figure style="margin:0"><figcaption>${escapeHtml(text)}</figcaption>` +
        `<audio controls preload="metadata" src="${source}"></audio></figure>`,
      "text/plain": `${text} (${seconds} s of sound)`,
    },
  };
}
