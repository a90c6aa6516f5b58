/** Effects on mel spectrograms and their labels. */
import { Random } from "../core/random.ts";
import { mixInto } from "../datasets/mixtures.ts";
import type { Spectrogram } from "../dsp/mel.ts";
import type { MelEffect } from "./draw.ts";
import { type Partner, unite } from "./partners.ts";
import {
  concatFrames,
  fillCells,
  fillRegion,
  fitFrames,
  rectangle,
  shiftFrames,
  stretchFrames,
} from "./spectrogram.ts";

/** A spectrogram as networks see it, (dB + 40) / 20 in [-2, 2], and what is heard in it. */
export interface MelExample {
  mel: Spectrogram;
  /** 0 or 1 for each instrument. */
  labels: Uint8Array;
}

/** What networks see where there is nothing: -80 dB. */
const NOTHING = -2;

/** Where the spectrograms come from that effects name by number. */
export interface MelSources {
  clip?: (clip: number) => MelExample;
}

/**
 * Does effects to a spectrogram, one after the other; where clips are mixed, labels become those of all of them.
 *
 * Sums are of power spectra at equal mean power, as {@link mixInto} makes them. All keep the number of frames but
 * "concat". The example is left as it is.
 *
 * @throws Error when an effect names a clip and there is no source of them
 */
export function applyToMel(
  example: MelExample,
  effects: readonly MelEffect[],
  sources: MelSources = {},
): MelExample {
  return effects.reduce((result, effect) => apply(result, effect, sources), example);
}

function apply(example: MelExample, effect: MelEffect, sources: MelSources): MelExample {
  const { mel, labels } = example, { nMels, frames } = mel;
  const erased = (region: Partial<Parameters<typeof fillRegion>[1]>) =>
    fillRegion(mel, { band: 0, frame: 0, bands: nMels, frames, ...region }, NOTHING);
  switch (effect.kind) {
    case "sum":
      return sum(example, partnersOf(effect.partners, sources));
    case "blend": {
      const { weight } = effect, partners = partnersOf([effect.partner], sources);
      return sum(example, partners, [weight ** 2, (1 - weight) ** 2]); // of powers
    }
    case "concat": {
      const all = [example, ...partnersOf(effect.partners, sources)];
      return {
        mel: concatFrames(all.map(({ mel }) => mel)),
        labels: unite(all.map(({ labels }) => labels)),
      };
    }
    case "time-shift":
      return { mel: shiftFrames(mel, Math.round(effect.share * frames)), labels };
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
      return { mel: fillCells(mel, { probability, value: NOTHING, random }), labels };
    }
  }
}

/** The sum of power spectra, and the labels of all. */
function sum(
  example: MelExample,
  partners: readonly MelExample[],
  weights?: readonly number[],
): MelExample {
  const { mel: { nMels, frames } } = example, size = nMels * frames;
  const all = [example, ...partners], batch = new Float32Array(all.length * size);
  all.forEach(({ mel }, row) => batch.set(fitFrames(mel, frames).data, row * size));
  const rows = [...all.keys()];
  mixInto(batch, {
    targets: new Uint8Array(all.length),
    partners: rows.map((row) => row === 0 ? rows.slice(1) : []),
    weights: weights && rows.map((row) => row === 0 ? weights : [1]),
  });
  return {
    mel: { data: batch.slice(0, size), nMels, frames },
    labels: unite(all.map(({ labels }) => labels)),
  };
}

/** The partners' spectrograms, at the example's tempo where they are to have it. */
function partnersOf(partners: readonly Partner[], { clip: source }: MelSources): MelExample[] {
  if (!source) throw new Error("cannot mix clips: there is no source of them");
  return partners.map(({ clip, rate }) => {
    const { mel, labels } = source(clip);
    return { mel: rate === 1 ? mel : stretchFrames(mel, rate), labels };
  });
}
