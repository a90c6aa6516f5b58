/** Effects on mel spectrograms and their labels. */
import { Random } from "../core/random.ts";
import { mixInto, type Scaling } from "../datasets/mixtures.ts";
import type { Spectrogram } from "../dsp/mel.ts";
import { DEFAULT_FRONT_END } from "../features/front_end.ts";
import type { MelEffect } from "./draw.ts";
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
  /** The front end's. Default: [-2, 2] stands for -80 to 0 dB. */
  scaling?: Scaling;
}

/**
 * Does effects to a spectrogram, one after the other; where clips are mixed, labels become those of all of them.
 *
 * Sums are of power spectra at equal mean power, as {@link mixInto} makes them. All keep the number of frames but
 * "concat". What is erased is at the floor of the decibels. The example is left as it is.
 *
 * @throws Error when an effect names a clip and there is no source of them
 */
export function applyToMel(
  example: MelExample,
  effects: readonly MelEffect[],
  { clip, scaling = DEFAULT_FRONT_END }: MelOptions = {},
): MelExample {
  const options = { clip, scaling };
  return effects.reduce((result, effect) => apply(result, effect, options), example);
}

function apply(
  example: MelExample,
  effect: MelEffect,
  { clip, scaling }: MelOptions & { scaling: Scaling },
): MelExample {
  const { mel, labels } = example, { nMels, frames } = mel;
  const silence = (-scaling.topDb - scaling.networkMean) / scaling.networkDeviation;
  const erased = (region: Partial<Parameters<typeof fillRegion>[1]>) =>
    fillRegion(mel, { band: 0, frame: 0, bands: nMels, frames, ...region }, silence);
  switch (effect.kind) {
    case "sum":
      return sum(example, partnersOf(effect.partners, clip), { scaling });
    case "blend": {
      const { weight } = effect, weights = [weight ** 2, (1 - weight) ** 2]; // of powers
      return sum(example, partnersOf([effect.partner], clip), { scaling, weights });
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
  example: MelExample,
  partners: readonly MelExample[],
  { scaling, weights }: { scaling: Scaling; weights?: readonly number[] },
): MelExample {
  const { mel: { nMels, frames } } = example, size = nMels * frames;
  const all = [example, ...partners], batch = new Float32Array(all.length * size);
  all.forEach(({ mel }, row) => batch.set(fitFrames(mel, frames).data, row * size));
  const rows = [...all.keys()];
  mixInto(batch, {
    targets: new Uint8Array(all.length),
    partners: rows.map((row) => row === 0 ? rows.slice(1) : []),
    weights: weights && rows.map((row) => row === 0 ? weights : [1]),
    scaling,
  });
  return {
    mel: { data: batch.slice(0, size), nMels, frames },
    labels: unite(all.map(({ labels }) => labels)),
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
