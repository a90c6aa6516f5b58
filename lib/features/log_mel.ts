/** Logarithmic mel spectrograms in patches: what pretrained networks listen to. */
import { toMono } from "../audio/mono.ts";
import { resample } from "../audio/resample.ts";
import type { Sound } from "../audio/sound.ts";
import { kaldiMelPower } from "../dsp/kaldi_mel.ts";
import { melPower, type MelSettings, type Spectrogram } from "../dsp/mel.ts";
import type { Framing } from "../dsp/stft.ts";

/** A pretrained network's input, as plain data. */
export interface LogMelInput extends MelSettings, Framing {
  /** Frames and bands are Kaldi's (lib/dsp/kaldi_mel.ts), with this pre-emphasis. Left out: librosa's or TensorFlow's. */
  preEmphasis?: number;
  /** The logarithm of gain x + offset, natural or to base 10, of numbers that are `floor` at the least. */
  logarithm: { base: "e" | "10"; gain: number; offset: number; floor?: number };
  /** What is taken from every logarithm, and what the rest is divided by. Left out: 0 and 1. */
  standard?: { mean: number; deviation: number };
  /** Frames in a patch, and from one patch to the next. */
  patchFrames: number;
  patchHop: number;
  /**
   * What happens at the end: "silence" fills up the last patch; with "repeat" what does not fill one is left out, and
   * a sound shorter than one patch is repeated; with "zero" the last patch ends where the sound does, and logarithms of
   * zero follow a sound shorter than one patch.
   */
  completion: "silence" | "repeat" | "zero";
}

/** Patches of a sound. */
export interface Patches {
  /** [count, bands, frames], frames fastest. */
  data: Float32Array;
  count: number;
  bands: number;
  frames: number;
}

/** Frames of a signal of n samples, at least one patch where the end is silence. */
function wantedFrames(n: number, input: LogMelInput): number {
  const { winLength = input.nFft, hopLength, patchFrames, patchHop } = input;
  const first = winLength + hopLength * (patchFrames - 1);
  return patchFrames + patchHop * Math.ceil(Math.max(0, n - first) / (hopLength * patchHop));
}

/** Followed by silence up to a length. */
function lengthened(y: Float32Array, length: number): Float32Array {
  if (y.length >= length) return y;
  const longer = new Float32Array(length);
  longer.set(y);
  return longer;
}

/**
 * The spectrogram of a sound, long enough for {@link patchesOf}.
 *
 * @param sound a {@link Sound}, or mono samples at the input's rate
 * @throws RangeError for an empty sound
 */
export function logMel(sound: Sound | Float32Array, input: LogMelInput): Spectrogram {
  const y = sound instanceof Float32Array
    ? sound
    : resample(toMono(sound), sound.sampleRate, input.sampleRate);
  if (y.length === 0) throw new RangeError("cannot analyse an empty signal");
  const { nFft, hopLength, completion, preEmphasis, winLength = nFft } = input;
  // silence behind the last window that is wanted changes nothing: windows shorter than frames end before it
  const length = completion === "silence"
    ? nFft + hopLength * (wantedFrames(y.length, input) - 1)
    : preEmphasis === undefined
    ? nFft
    : winLength;
  const heard = lengthened(y, length);
  const mel = preEmphasis === undefined
    ? melPower(heard, input)
    : kaldiMelPower(heard, { ...input, winLength, preEmphasis });
  return { ...mel, data: mel.data.map(logarithmOf(input)) };
}

/** From a band's power to what a network sees. */
function logarithmOf({ logarithm, standard }: LogMelInput): (x: number) => number {
  const { base, gain, offset, floor = -Infinity } = logarithm;
  const log = base === "e" ? Math.log : Math.log10;
  const { mean, deviation } = standard ?? { mean: 0, deviation: 1 };
  return (x) => (log(Math.max(floor, gain * x + offset)) - mean) / deviation;
}

/** Cuts a spectrogram that {@link logMel} made into patches, at least one. */
export function patchesOf({ data, nMels, frames }: Spectrogram, input: LogMelInput): Patches {
  const { patchFrames, patchHop, completion, standard = { mean: 0, deviation: 1 } } = input;
  const zero = completion === "zero", whole = zero ? Math.ceil : Math.floor;
  const count = Math.max(1, whole((frames - patchFrames) / patchHop) + 1);
  const last = zero ? Math.max(0, frames - patchFrames) : Infinity;
  const patches = new Float32Array(count * nMels * patchFrames);
  for (let patch = 0, at = 0; patch < count; patch++) {
    const start = Math.min(patch * patchHop, last);
    for (let band = 0; band < nMels; band++) {
      for (let t = start; t < start + patchFrames; t++) {
        patches[at++] = zero && t >= frames
          ? -standard.mean / standard.deviation
          : data[band * frames + t % frames];
      }
    }
  }
  return { data: patches, count, bands: nMels, frames: patchFrames };
}
