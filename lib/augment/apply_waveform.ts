/** Effects on waveforms and their labels. */
import { Random } from "../core/random.ts";
import { pitchShift } from "../dsp/pitch_shift.ts";
import { timeStretch } from "../dsp/time_stretch.ts";
import type { WaveEffect } from "./draw.ts";
import { addNoise, coloredNoise } from "./noise.ts";
import { type Partner, unite } from "./partners.ts";
import {
  blendClips,
  concatClips,
  fitLength,
  reverse,
  sumClips,
  timeMask,
  timeShift,
} from "./waveform.ts";

/** A sound and what is heard in it. */
export interface WaveExample {
  /** Mono. */
  samples: Float32Array;
  /** Hz. */
  sampleRate: number;
  /** 0 or 1 for each instrument. */
  labels: Uint8Array;
}

/** Where the sounds come from that effects name by number. */
export interface WaveSources {
  /** A clip to mix with, at the example's sample rate. */
  clip?: (clip: number) => WaveExample | Promise<WaveExample>;
  /** A background noise at the example's sample rate, of any length above 0. */
  noise?: (noise: number) => Float32Array | Promise<Float32Array>;
}

/**
 * Does effects to a sound, one after the other; where clips are mixed, labels become those of all of them.
 *
 * All keep the duration but "time-stretch" and "concat". The example is left as it is.
 *
 * @throws Error when an effect names a clip or a noise and there is no source of them, or one with another sample rate
 */
export async function applyToWave(
  example: WaveExample,
  effects: readonly WaveEffect[],
  sources: WaveSources = {},
): Promise<WaveExample> {
  for (const effect of effects) example = await apply(example, effect, sources);
  return example;
}

async function apply(
  example: WaveExample,
  effect: WaveEffect,
  sources: WaveSources,
): Promise<WaveExample> {
  const { samples, sampleRate } = example, n = samples.length;
  switch (effect.kind) {
    case "sum":
      return mix(example, await partnersOf(example, effect.partners, sources), sumClips);
    case "concat":
      return mix(example, await partnersOf(example, effect.partners, sources), concatClips);
    case "blend": {
      const partners = await partnersOf(example, [effect.partner], sources);
      return mix(example, partners, ([a, b]) => blendClips(a, b, effect.weight));
    }
    case "time-shift":
      return { ...example, samples: timeShift(samples, effect.share) };
    case "time-mask":
      return { ...example, samples: timeMask(samples, effect) };
    case "time-stretch":
      return { ...example, samples: timeStretch(samples, effect.rate) };
    case "pitch-shift":
      return { ...example, samples: pitchShift(samples, effect.semitones) };
    case "reverse":
      return { ...example, samples: reverse(samples) };
    case "colored-noise": {
      const { color, snr, key } = effect;
      const noise = coloredNoise(n, { color, sampleRate, random: new Random(key) });
      return { ...example, samples: addNoise(samples, noise, snr) };
    }
    case "background-noise": {
      if (!sources.noise) {
        throw new Error("cannot add a background noise: there is no source of them");
      }
      const whole = await sources.noise(effect.noise);
      const noise = fitLength(whole, n, Math.floor(effect.start * whole.length));
      return { ...example, samples: addNoise(samples, noise, effect.snr) };
    }
  }
}

/** Mixes an example's samples with its partners', and unites the labels. */
function mix(
  example: WaveExample,
  partners: readonly WaveExample[],
  how: (clips: Float32Array[]) => Float32Array,
): WaveExample {
  const all = [example, ...partners];
  return {
    ...example,
    samples: how(all.map(({ samples }) => samples)),
    labels: unite(all.map(({ labels }) => labels)),
  };
}

/** The partners' sounds, at the example's tempo where they are to have it. */
function partnersOf(
  { sampleRate }: WaveExample,
  partners: readonly Partner[],
  { clip: source }: WaveSources,
): Promise<WaveExample[]> {
  if (!source) throw new Error("cannot mix clips: there is no source of them");
  return Promise.all(partners.map(async ({ clip, rate }) => {
    const partner = await source(clip);
    if (partner.sampleRate !== sampleRate) {
      throw new Error(
        `cannot mix clip ${clip}: its sample rate is ${partner.sampleRate} Hz, the example's ${sampleRate} Hz`,
      );
    }
    return rate === 1 ? partner : { ...partner, samples: timeStretch(partner.samples, rate) };
  }));
}
