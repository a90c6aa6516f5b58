/**
 * The augmentations (A1 to A13) as plain data that a run keeps in its configuration: what may be done to an example,
 * how often, and within which range.
 */
import { z } from "zod";
import { NOISE_COLORS } from "./noise.ts";

const share = z.number().min(0).max(1), count = z.int().min(0);

/** From the lower to the upper end, which may be equal. */
function range(low: number, high: number) {
  return z.tuple([z.number().min(low).max(high), z.number().min(low).max(high)])
    .refine(([from, to]) => from <= to, {
      error: "the range's first number must not be above its second",
    });
}

/** What partners of a clip have in common with it, besides having other instruments. */
const match = z.enum(["any", "genre", "tempo"]).default("any");

/** A kind of step: the probability that it is done at all, and settings of its own. */
function step<Kind extends string, Shape extends z.core.$ZodLooseShape>(
  kind: Kind,
  shape: Shape,
  usual = 1,
) {
  return z.strictObject({ kind: z.literal(kind), probability: share.default(usual), ...shape });
}

const MIXING = [
  /** A1: the mean of the clip and others with instruments that are absent from it, `clips` in all. Zero: 0 or 1. */
  step("sum", { clips: count.default(2), match }),
  /** A2: likewise, k of them added with a probability that falls as exp(-k / scale), `most` at the most. Zero: most 0. */
  step("exponential-sum", {
    most: count.default(5),
    scale: z.number().positive().default(1),
    match,
  }),
  /** A3: the clip and others with absent instruments one after the other, `clips` in all. Zero: 0 or 1. */
  step("concat", { clips: count.default(2), match }),
  /** Two clips by weights from Beta(alpha, alpha), with the labels of both. Zero: alpha 0. */
  step("blend", { alpha: z.number().min(0).default(0.4), match }, 0.8),
] as const;

const TIME = [
  /** A7: rolled in time by up to `share` of the length, either way. Zero: 0. */
  step("time-shift", { share: share.default(0.5) }),
  /** A8: backwards. Zero: probability 0. */
  step("reverse", {}, 0.5),
  /** A9: silent for up to `share` of the length. Zero: 0. */
  step("time-mask", { share: share.default(0.3) }),
] as const;

const NOISE = [
  /** A10: noise whose spectrum is a power of the frequency, at a signal-to-noise ratio in dB. Zero: probability 0. */
  step("colored-noise", {
    snr: range(-100, 200).default([3, 25]),
    colors: z.array(z.enum(NOISE_COLORS)).min(1).default([...NOISE_COLORS]),
  }),
] as const;

const waveStep = z.discriminatedUnion("kind", [
  ...MIXING,
  ...TIME,
  ...NOISE,
  /** A4: a background noise at a signal-to-noise ratio in dB. Zero: probability 0. */
  step("background-noise", { snr: range(-100, 200).default([3, 30]) }),
  /** A5: faster or slower at the same pitch; the rate's logarithm is uniform. Changes the duration. Zero: [1, 1]. */
  step("time-stretch", { rate: range(0.1, 10).default([0.8, 1.25]) }),
  /** A6: higher or lower at the same duration. Zero: [0, 0]. */
  step("pitch-shift", { semitones: range(-24, 24).default([-2, 2]) }),
]);

const melStep = z.discriminatedUnion("kind", [
  ...MIXING,
  ...TIME,
  ...NOISE,
  /** A11: up to `bands` neighbouring bands erased. Zero: 0. */
  step("frequency-mask", { bands: count.default(30) }),
  /** A12: a rectangle erased; its share of the spectrogram, and its height over its width in cells. Zero: area [0, 0]. */
  step("erase", {
    area: range(0, 1).default([0.02, 0.2]),
    ratio: range(0.01, 100).default([1, 2]),
  }),
  /** A13: single cells erased. Zero: [0, 0]. */
  step("erase-pixels", { share: range(0, 1).default([0, 0.3]) }),
]);

/** What may be done to a waveform; see the schema above for what each field means. */
export type WaveStep = z.infer<typeof waveStep>;
/** What may be done to a spectrogram. */
export type MelStep = z.infer<typeof melStep>;

/**
 * Frames of a spectrogram after some steps: as many times more as clips are put one after the other at the most. Whoever
 * makes batches repeats what comes out shorter, so that a run has one length.
 */
export function framesAfter(steps: readonly MelStep[], frames: number): number {
  return steps.reduce(
    (sum, step) =>
      step.kind === "concat" && step.probability > 0 ? sum * Math.max(1, step.clips) : sum,
    frames,
  );
}

/**
 * Checks augmentations of waveforms, and completes what is left out.
 *
 * @param value a list of steps, in the order in which they are done: `[{ kind: "sum", clips: 3 }, { kind: "time-shift" }]`
 * @throws Error that lists every wrong or unknown kind and field, and the known ones
 */
export function parseWaveSteps(value: unknown): WaveStep[] {
  return parse(waveStep, value, "waveforms");
}

/** Checks augmentations of spectrograms, as {@link parseWaveSteps}. */
export function parseMelSteps(value: unknown): MelStep[] {
  return parse(melStep, value, "spectrograms");
}

type Steps = typeof waveStep | typeof melStep;

function parse<S extends Steps>(schema: S, value: unknown, what: string): z.infer<S>[] {
  const result = z.array(schema).safeParse(value);
  if (result.success) return result.data as z.infer<S>[];
  const problems = result.error.issues.map((issue) => explain(schema, value, issue));
  throw new Error(`cannot augment ${what} so: ${problems.join("; ")}`);
}

/** An issue in a sentence, with what is known where something is unknown. */
function explain(
  schema: Steps,
  value: unknown,
  { path, message, ...issue }: z.core.$ZodIssue,
): string {
  const [index, ...field] = path;
  if (index === undefined) return message;
  const kind = (value as { kind?: unknown }[])[Number(index)]?.kind;
  const shapes = new Map(schema.options.map(({ shape }) => [shape.kind.value as unknown, shape]));
  const shape = shapes.get(kind), where = `step ${Number(index) + 1} (${JSON.stringify(kind)})`;
  if (!shape) return `${where}: no such kind (known: ${[...shapes.keys()].join(", ")})`;
  if (issue.code !== "unrecognized_keys") return `${[where, ...field].join(".")}: ${message}`;
  return `${where}: unknown: ${issue.keys.join(", ")} (known: ${Object.keys(shape).join(", ")})`;
}
