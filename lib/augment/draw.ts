/**
 * Chance: from steps with their ranges to effects with their numbers.
 *
 * Effects are plain data. They are drawn without the sound, from what is known about the clips, and can be shown,
 * stored, or sent to the worker that has the samples.
 */
import type { Random } from "../core/random.ts";
import type { NoiseColor } from "./noise.ts";
import type { Partner, PartnerPool } from "./partners.ts";
import type { MelStep, WaveStep } from "./steps.ts";

/** What happens to waveforms and spectrograms alike. */
type CommonEffect =
  | { kind: "sum" | "concat"; partners: Partner[] }
  /** `weight` of the clip, 1 - weight of its partner. */
  | { kind: "blend"; partner: Partner; weight: number }
  /** Of the length: later where above 0. */
  | { kind: "time-shift"; share: number }
  | { kind: "reverse" }
  /** Of the length. */
  | { kind: "time-mask"; start: number; share: number }
  /** dB, and the key of the generator that makes the noise. */
  | { kind: "colored-noise"; color: NoiseColor; snr: number; key: string };

/** What happens to a waveform. */
export type WaveEffect =
  | CommonEffect
  /** The noise's number, where in it the excerpt begins (0 to 1), and dB. */
  | { kind: "background-noise"; noise: number; start: number; snr: number }
  | { kind: "time-stretch"; rate: number }
  | { kind: "pitch-shift"; semitones: number };

/** What happens to a spectrogram. */
export type MelEffect =
  | CommonEffect
  /** Where the bands lie: 0 is lowest, 1 highest. */
  | { kind: "frequency-mask"; bands: number; start: number }
  | { kind: "erase"; area: number; ratio: number; top: number; left: number }
  /** The key of the generator that chooses the cells. */
  | { kind: "erase-pixels"; share: number; key: string };

/** What effects are drawn from. */
export interface DrawOptions {
  /** The example's own: `randomFrom(seed, "epoch", epoch, name)`. Each step has a part of it to itself. */
  random: Random;
  /** The example's number among the partners' clips, and these; needed by steps that mix. */
  clip?: number;
  partners?: PartnerPool;
  /** How many background noises there are; needed by "background-noise". */
  noises?: number;
}

/**
 * Draws what happens to one example. A step that would change nothing gives no effect.
 *
 * @throws Error when a step needs partners or noises and there are none
 */
export function drawEffects(steps: readonly WaveStep[], options: DrawOptions): WaveEffect[];
export function drawEffects(steps: readonly MelStep[], options: DrawOptions): MelEffect[];
export function drawEffects(
  steps: readonly (WaveStep | MelStep)[],
  { random, ...options }: DrawOptions,
): (WaveEffect | MelEffect)[] {
  return steps.flatMap((step, k) => {
    const own = random.fork(k, step.kind);
    return own.chance(step.probability) ? draw(step, { random: own, ...options }) ?? [] : [];
  });
}

function draw(step: WaveStep | MelStep, options: DrawOptions): WaveEffect | MelEffect | undefined {
  const { random } = options, within = ([low, high]: [number, number]) => random.uniform(low, high);
  switch (step.kind) {
    case "sum":
    case "concat":
    case "exponential-sum":
      return drawPartners(step, options);
    case "blend":
      return drawBlend(step, options);
    case "time-shift": {
      const share = within([-step.share, step.share]);
      return share === 0 ? undefined : { kind: step.kind, share };
    }
    case "time-mask": {
      const share = within([0, step.share]);
      return share > 0 ? { kind: step.kind, share, start: within([0, 1 - share]) } : undefined;
    }
    case "background-noise": {
      if (!options.noises) throw new Error("cannot add a background noise: there are no noises");
      const noise = random.integer(0, options.noises);
      return { kind: step.kind, noise, start: random.uniform(), snr: within(step.snr) };
    }
    case "time-stretch": {
      const [slow, fast] = step.rate, rate = slow * (fast / slow) ** random.uniform();
      return rate === 1 ? undefined : { kind: step.kind, rate };
    }
    case "pitch-shift": {
      const semitones = within(step.semitones);
      return semitones === 0 ? undefined : { kind: step.kind, semitones };
    }
    case "reverse":
      return { kind: step.kind };
    case "colored-noise": {
      const color = random.choice(step.colors);
      return { kind: step.kind, color, snr: within(step.snr), key: random.fork("noise").key };
    }
    case "frequency-mask": {
      const bands = random.integer(0, step.bands + 1);
      return bands > 0 ? { kind: step.kind, bands, start: random.uniform() } : undefined;
    }
    case "erase": {
      const area = within(step.area), ratio = within(step.ratio);
      const place = { top: random.uniform(), left: random.uniform() };
      return area > 0 ? { kind: step.kind, area, ratio, ...place } : undefined;
    }
    case "erase-pixels": {
      const share = within(step.share);
      return share > 0 ? { kind: step.kind, share, key: random.fork("cells").key } : undefined;
    }
  }
}

type StepOf<Kind extends WaveStep["kind"]> = Extract<WaveStep, { kind: Kind }>;

function drawPartners(
  step: StepOf<"sum" | "concat" | "exponential-sum">,
  options: DrawOptions,
): CommonEffect | undefined {
  const { random } = options, exponential = step.kind === "exponential-sum";
  const count = exponential ? exponentialCount(step, random) : step.clips - 1;
  const { pool, clip } = poolFor(step.kind, options);
  const partners = count > 0 ? pool.draw(clip, { count, match: step.match, random }) : [];
  const kind = step.kind === "concat" ? "concat" : "sum";
  return partners.length > 0 ? { kind, partners } : undefined;
}

function drawBlend(step: StepOf<"blend">, options: DrawOptions): CommonEffect | undefined {
  const { random } = options, { alpha, match } = step;
  const { pool, clip } = poolFor(step.kind, options);
  const partner = alpha > 0 ? pool.drawAny(clip, { match, random }) : undefined;
  return partner && { kind: "blend", partner, weight: drawBeta(alpha, random) };
}

function poolFor(kind: string, { clip, partners }: DrawOptions) {
  if (partners === undefined || clip === undefined) {
    throw new Error(`cannot draw partners for "${kind}": there are no clips to choose from`);
  }
  return { pool: partners, clip };
}

/** 0 to `most`, k with a probability in proportion to exp(-k / scale) (A2). */
export function exponentialCount(
  { most, scale }: { most: number; scale: number },
  random: Random,
): number {
  const counts = [...Array(most + 1).keys()];
  return random.choice(counts, counts.map((k) => Math.exp(-k / scale)));
}

/** A number between 0 and 1 from the distribution Beta(alpha, alpha), alpha above 0. */
export function drawBeta(alpha: number, random: Random): number {
  const a = drawGamma(alpha, random), b = drawGamma(alpha, random);
  return a + b > 0 ? a / (a + b) : 0.5;
}

/** Marsaglia and Tsang, "A simple method for generating gamma variables", 2000. */
function drawGamma(shape: number, random: Random): number {
  if (shape < 1) {
    return drawGamma(shape + 1, random) * (1 - random.uniform()) ** (1 / shape);
  }
  const d = shape - 1 / 3, c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal(), v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < x * x / 2 + d - d * v + d * Math.log(v)) {
      return d * v;
    }
  }
}
