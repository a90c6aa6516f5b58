/**
 * What a network sees of a sound beside its mel spectrogram (F7): chroma, scalogram, MFCC, one below the other.
 *
 * All have the mel spectrogram's frames, and are brought to its number of bands by repeating rows; as bytes they have
 * its scale, so a network sees all of them in the same range. A picture of several is cut, shifted and kept as one.
 */
import type { Sound } from "../audio/sound.ts";
import { powerToDecibel } from "../dsp/decibel.ts";
import { chroma } from "../dsp/chroma.ts";
import type { Spectrogram } from "../dsp/mel.ts";
import { mfcc } from "../dsp/mfcc.ts";
import { scalogram } from "../dsp/scalogram.ts";
import { toBytes } from "./bytes.ts";
import { featuresOf } from "./cache.ts";
import { extractAll, type ExtractionOptions, type Skipped } from "./extraction.ts";
import { type FrontEnd, melOf, prepare } from "./front_end.ts";

/** The inputs. */
export const INPUT_KINDS = ["mel", "chroma", "scalogram", "mfcc"] as const;

/** An input's name. */
export type InputKind = typeof INPUT_KINDS[number];

/** Raised whenever the code from file to input gives other numbers: what is cached is then stale. */
const EXTRACTOR = 1;

/** Numbers in a range, as bytes; what lies outside is at its end. */
const between = (values: Float32Array, low: number, high: number) =>
  Uint8Array.from(
    values,
    (value) => Math.min(Math.max((value - low) / (high - low), 0), 1) * 255 + 0.5,
  );

/**
 * MFCC of decibels around the middle of their range. The first coefficient, the level, lies within
 * +-sqrt(bands) topDb / 2; the others are small and have a quarter of that, beyond which they are cut.
 */
function mfccBytes(decibel: Spectrogram, { topDb }: FrontEnd): Spectrogram<Uint8Array> {
  const centred = { ...decibel, data: decibel.data.map((dB) => dB + topDb / 2) };
  const { data, nMfcc, frames } = mfcc(centred), most = Math.sqrt(decibel.nMels) * topDb / 2;
  const bytes = new Uint8Array(data.length);
  for (let k = 0; k < nMfcc; k++) {
    const reach = k === 0 ? most : most / 4;
    bytes.set(between(data.subarray(k * frames, (k + 1) * frames), -reach, reach), k * frames);
  }
  return { data: bytes, nMels: nMfcc, frames };
}

/**
 * One input of a prepared waveform or a sound, with its own rows: of the mel spectrogram its bands, 12 pitch classes
 * (0 to 1 become 0 to 255), 128 filters of a scalogram (in decibels below the clip's maximum), or 20 coefficients.
 *
 * @param sound a {@link Sound}, or samples that `prepare` made
 * @param frontEnd on the scale "decibel"; of the scale "waveform" "mel" stands for the samples
 */
export function inputOf(
  sound: Sound | Float32Array,
  kind: InputKind,
  frontEnd: FrontEnd,
): Spectrogram<Uint8Array> {
  const y = sound instanceof Float32Array ? sound : prepare(sound, frontEnd);
  const { sampleRate, hopLength, topDb } = frontEnd;
  switch (kind) {
    case "mel": {
      const mel = melOf(y, frontEnd);
      return { ...mel, data: toBytes(mel.data, frontEnd) };
    }
    case "chroma": {
      const { data, nChroma, frames } = chroma(y, { sampleRate, hopLength });
      return { data: between(data, 0, 1), nMels: nChroma, frames };
    }
    case "scalogram": {
      const { data, filters, frames } = scalogram(y, { sampleRate, hopLength });
      const decibel = powerToDecibel(data.map((amplitude) => amplitude ** 2), { topDb });
      return { data: between(decibel, -topDb, 0), nMels: filters, frames };
    }
    case "mfcc":
      return mfccBytes(melOf(y, frontEnd), frontEnd);
  }
}

/**
 * Inputs one below the other, each with `bands` rows: row k of them shows row floor(k rows / bands) of an input.
 *
 * @throws RangeError where they have not as many frames
 */
export function stackInputs(
  inputs: readonly Spectrogram<Uint8Array>[],
  bands: number,
): Spectrogram<Uint8Array> {
  if (inputs.length === 1 && inputs[0].nMels === bands) return inputs[0];
  const [{ frames }] = inputs, data = new Uint8Array(inputs.length * bands * frames);
  inputs.forEach((input, at) => {
    if (input.frames !== frames) {
      throw new RangeError(`cannot put ${input.frames} frames below ${frames}`);
    }
    for (let band = 0; band < bands; band++) {
      const row = Math.floor(band * input.nMels / bands) * frames;
      data.set(input.data.subarray(row, row + frames), (at * bands + band) * frames);
    }
  });
  return { data, nMels: inputs.length * bands, frames };
}

/** Inputs of a sound, one below the other: [kinds x nMels, frames]. */
export const inputsOf = (
  sound: Sound,
  kinds: readonly InputKind[],
  frontEnd: FrontEnd,
): Spectrogram<Uint8Array> => {
  const y = prepare(sound, frontEnd);
  return stackInputs(kinds.map((kind) => inputOf(y, kind, frontEnd)), frontEnd.nMels);
};

/** The same of many files, from the cache or computed on all cores and put there. */
export async function inputsOfFiles(
  paths: readonly string[],
  { kinds, frontEnd }: { kinds: readonly InputKind[]; frontEnd: FrontEnd },
  options: ExtractionOptions = {},
): Promise<{ inputs: Spectrogram<Uint8Array>[]; skipped: Skipped[] }> {
  const sets: { inputs: Spectrogram<Uint8Array>[]; skipped: Skipped[] }[] = [];
  for (const kind of kinds) {
    if (kind === "mel") {
      const { mels, skipped } = await featuresOf(paths, frontEnd, options);
      sets.push({ inputs: mels as Spectrogram<Uint8Array>[], skipped });
      continue;
    }
    const { chunkSeconds: _, completion: _c, networkMean: _m, networkDeviation: _d, ...shaping } =
      frontEnd;
    const { arrays, skipped } = await extractAll(paths, {
      worker: new URL("./input_worker.ts", import.meta.url),
      settings: { kind, frontEnd },
      shape: { extractor: EXTRACTOR, kind, ...shaping },
      label: kind,
    }, options);
    const inputs = arrays.map(({ shape: [nMels, frames], data }) => {
      return { nMels, frames, data: data as Uint8Array };
    });
    sets.push({ inputs, skipped });
  }
  const [{ inputs, skipped }] = sets; // what cannot be read, cannot be for any
  return {
    skipped,
    inputs: inputs.map((_, k) => stackInputs(sets.map(({ inputs }) => inputs[k]), frontEnd.nMels)),
  };
}
