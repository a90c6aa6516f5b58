/** What stands between a sound and a network, as plain data that a run keeps in its configuration. */
import { z } from "zod";
import { kaldiMelPower } from "../dsp/kaldi_mel.ts";
import { melPower, type Spectrogram } from "../dsp/mel.ts";
import { powerToDecibel } from "../dsp/decibel.ts";
import { loudnessNormalize } from "../audio/loudness.ts";
import { peakNormalize } from "../audio/normalize.ts";
import { monoAt } from "../audio/mono.ts";
import type { Sound } from "../audio/sound.ts";

const positive = z.number().positive(), count = z.int().positive();

const SCHEMA = z.strictObject({
  /** Hz; every sound is resampled to it. */
  sampleRate: positive,
  /** Samples in a frame, and from one frame to the next. */
  nFft: count,
  hopLength: count,
  /** Frames and bands as Kaldi has them (lib/dsp/kaldi_mel.ts), with a pre-emphasis of 0.97. Left out: as librosa has them. */
  filters: z.literal("kaldi").optional(),
  /** Number of mel bands, from fMin to fMax Hz. */
  nMels: count,
  fMin: z.number().min(0),
  fMax: positive,
  /**
   * Decibels below the clip's maximum with a floor at -topDb, power as it is, or no analysis: the waveform, as one band
   * with a frame a sample.
   */
  scale: z.enum(["decibel", "power", "waveform"]),
  topDb: positive,
  /**
   * What is brought to one value before the analysis: the largest magnitude (1), or the loudness (-12 LUFS by ITU-R
   * BS.1770; see {@link loudnessNormalize} for short and silent clips, and for peaks above 1, which stay). Decibels are
   * relative to the clip's maximum, so it shows in power and in waveforms only.
   */
  level: z.enum(["peak", "loudness", "none"]),
  /** Length of a network's input. */
  chunkSeconds: positive,
  /** What follows the end of the clip in its last chunk: its beginning again, or nothing. */
  completion: z.enum(["repeat", "zero"]),
  /** What a network sees: (value - networkMean) / networkDeviation. */
  networkMean: z.number(),
  networkDeviation: positive,
  /** What byte 0 stands for where decibels are kept as bytes: the floor, or the clip's own minimum. */
  byteRange: z.enum(["floor", "clip"]),
}).refine(
  ({ fMin, fMax, sampleRate }) => fMin < fMax && fMax <= sampleRate / 2,
  { error: "fMin and fMax (Hz) must keep 0 <= fMin < fMax <= sampleRate / 2", path: ["fMax"] },
).refine(
  ({ scale, nMels, hopLength, completion }) =>
    scale !== "waveform" || (nMels === 1 && hopLength === 1 && completion === "repeat"),
  { error: 'a waveform has nMels 1, hopLength 1 and completion "repeat"', path: ["scale"] },
);

/** See the fields of the schema above for what each one means. */
export type FrontEnd = z.infer<typeof SCHEMA>;

/** The study's input (F4): 25 ms frames every 10 ms; 3 s are 300 frames of 128 bands. */
export const DEFAULT_FRONT_END: FrontEnd = {
  sampleRate: 16000,
  nFft: 400,
  hopLength: 160,
  nMels: 128,
  fMin: 0,
  fMax: 8000,
  scale: "decibel",
  topDb: 80,
  level: "peak",
  chunkSeconds: 3,
  completion: "repeat",
  networkMean: -40,
  networkDeviation: 20,
  byteRange: "floor",
};

/** The input of the IRMAS mel pack: 128 ms frames every 32 ms; 3 s are 94 frames of 128 bands. */
export const IRMAS_MELS_FRONT_END: FrontEnd = {
  ...DEFAULT_FRONT_END,
  nFft: 2048,
  hopLength: 512,
  level: "none",
  byteRange: "clip",
};

/** The sound itself, with its peak at 1: what networks on waveforms take. */
export const WAVEFORM_FRONT_END: FrontEnd = {
  ...DEFAULT_FRONT_END,
  scale: "waveform",
  nMels: 1,
  hopLength: 1,
  networkMean: 0,
  networkDeviation: 1,
};

/**
 * Checks a front end that was read from a file or the command line.
 *
 * Left-out fields are the default's; fMax follows the sample rate.
 *
 * @throws Error that lists every wrong or unknown field, and the known ones
 */
export function parseFrontEnd(value: unknown): FrontEnd {
  const given = Object(value) as Partial<FrontEnd>;
  const fMax = typeof given.sampleRate === "number" ? given.sampleRate / 2 : DEFAULT_FRONT_END.fMax;
  const result = SCHEMA.safeParse({ ...DEFAULT_FRONT_END, fMax, ...given });
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) =>
    issue.code === "unrecognized_keys"
      ? `unknown: ${issue.keys.join(", ")} (known: ${Object.keys(DEFAULT_FRONT_END).join(", ")})`
      : `${issue.path.join(".")}: ${issue.message}`
  );
  throw new Error(`cannot use this front end: ${problems.join("; ")}`);
}

/** A sound as the front end wants it before the analysis: mono, at its sample rate and level. */
export function prepare(sound: Sound, { sampleRate, level }: FrontEnd): Float32Array {
  const y = monoAt(sound, sampleRate);
  if (level === "peak") return peakNormalize(y);
  return level === "loudness" ? loudnessNormalize({ sampleRate, channels: [y] }).channels[0] : y;
}

/** Kaldi's bands; frames are filled up with zeros to the next power of two. */
function kaldiPower(y: Float32Array, { nFft: winLength, ...frontEnd }: FrontEnd): Spectrogram {
  const nFft = 2 ** Math.ceil(Math.log2(winLength));
  return kaldiMelPower(y, { ...frontEnd, nFft, winLength, preEmphasis: 0.97 });
}

/**
 * The mel spectrogram of a prepared waveform or a sound, on the front end's scale; of the scale "waveform" the samples.
 *
 * @param sound a {@link Sound}, or samples that {@link prepare} made
 * @returns [nMels, frames]: dB in -topDb..0 below the clip's maximum, or power
 */
export function melOf(sound: Sound | Float32Array, frontEnd: FrontEnd): Spectrogram {
  const y = sound instanceof Float32Array ? sound : prepare(sound, frontEnd);
  if (frontEnd.scale === "waveform") return { nMels: 1, frames: y.length, data: y };
  const mel = frontEnd.filters === "kaldi" ? kaldiPower(y, frontEnd) : melPower(y, frontEnd);
  if (frontEnd.scale === "power") return mel;
  return { ...mel, data: powerToDecibel(mel.data, { topDb: frontEnd.topDb }) };
}
