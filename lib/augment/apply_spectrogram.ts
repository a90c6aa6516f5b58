/** Effects on mel spectrograms and their labels. */
import { Random } from "../core/random.ts";
import { mixSpectrograms } from "../datasets/mixtures.ts";
import type { Spectrogram } from "../dsp/mel.ts";
import { DEFAULT_FRONT_END, type FrontEnd } from "../features/front_end.ts";
import type { MelEffect } from "./draw.ts";
import { addMelNoise } from "./mel_noise.ts";
import { type Partner, unite } from "./partners.ts";
import {
  concatFrames,
  fillCells,
  fillRegion,
  fitFrames,
  rectangle,
  reverseFrames,
  shiftFrames,
  stretchFrames,
} from "./spectrogram.ts";

/** A spectrogram as networks see it, (dB - networkMean) / networkDeviation, and what is heard in it. */
export interface MelExample {
  mel: Spectrogram;
  /** 0 or 1 for each instrument. */
  labels: Uint8Array;
}

/** Options of {@link applyToMel}. */
export interface MelOptions {
  /** Where the spectrograms come from that effects name by number. */
  clip?: (clip: number) => MelExample;
  /** What the spectrograms were made by. Default: [-2, 2] stands for -80 to 0 dB. */
  frontEnd?: FrontEnd;
}

/**
 * Does effects to a spectrogram, one after the other; where clips are mixed, labels become those of all of them.
 *
 * Sums are of power spectra at equal mean power, as {@link mixSpectrograms} makes them. All keep the number of frames but
 * "concat". Noise is added in power ({@link addMelNoise}). What is erased is at the floor of the decibels. The example is left as it is.
 *
 * @throws Error when an effect names a clip and there is no source of them, and for noise in other bands than the front
 *   end's
 */
export function applyToMel(
  example: MelExample,
  effects: readonly MelEffect[],
  { clip, frontEnd = DEFAULT_FRONT_END }: MelOptions = {},
): MelExample {
  const options = { clip, frontEnd };
  return effects.reduce((result, effect) => apply(result, effect, options), example);
}

function apply(
  example: MelExample,
  effect: MelEffect,
  { clip, frontEnd }: MelOptions & { frontEnd: FrontEnd },
): MelExample {
  const { mel, labels } = example, { nMels, frames } = mel;
  const silence = (-frontEnd.topDb - frontEnd.networkMean) / frontEnd.networkDeviation;
  const erased = (region: Partial<Parameters<typeof fillRegion>[1]>) =>
    fillRegion(mel, { band: 0, frame: 0, bands: nMels, frames, ...region }, silence);
  switch (effect.kind) {
    case "sum":
      return sum(example, partnersOf(effect.partners, clip), { frontEnd });
    case "blend": {
      const { weight } = effect, weights = [weight ** 2, (1 - weight) ** 2]; // of powers
      return sum(example, partnersOf([effect.partner], clip), { frontEnd, weights });
    }
    case "concat": {
      const all = [example, ...partnersOf(effect.partners, clip)];
      return {
        mel: concatFrames(all.map(({ mel }) => mel)),
        labels: unite(all.map(({ labels }) => labels)),
      };
    }
    case "time-shift":
      return { mel: shiftFrames(mel, Math.round(effect.share * frames)), labels };
    case "reverse":
      return { mel: reverseFrames(mel), labels };
    case "time-mask": {
      const count = Math.round(effect.share * frames), frame = Math.round(effect.start * frames);
      return { mel: erased({ frame, frames: Math.min(count, frames - frame) }), labels };
    }
    case "colored-noise":
      return { mel: addMelNoise(mel, { ...effect, frontEnd }), labels };
    case "frequency-mask": {
      const bands = Math.min(effect.bands, nMels);
      return { mel: erased({ band: Math.round(effect.start * (nMels - bands)), bands }), labels };
    }
    case "erase":
      return { mel: erased(rectangle(mel, effect)), labels };
    case "erase-pixels": {
      const { share: probability, key } = effect;
      const random = new Random(key);
      return { mel: fillCells(mel, { probability, value: silence, random }), labels };
    }
  }
}

/** The sum of power spectra, and the labels of all. */
function sum(
  { mel: { data, nMels, frames }, labels }: MelExample,
  partners: readonly MelExample[],
  { frontEnd: scaling, weights }: { frontEnd: FrontEnd; weights?: readonly number[] },
): MelExample {
  const members = [data, ...partners.map(({ mel }) => fitFrames(mel, frames).data)];
  return {
    mel: { data: mixSpectrograms(members, { scaling, weights }), nMels, frames },
    labels: unite([labels, ...partners.map(({ labels }) => labels)]),
  };
}

/** The partners' spectrograms, at the example's tempo where they are to have it. */
function partnersOf(partners: readonly Partner[], source: MelOptions["clip"]): MelExample[] {
  if (!source) throw new Error("cannot mix clips: there is no source of them");
  return partners.map(({ clip, rate }) => {
    const { mel, labels } = source(clip);
    return { mel: rate === 1 ? mel : stretchFrames(mel, rate), labels };
  });
}
