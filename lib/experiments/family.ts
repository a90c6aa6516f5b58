/**
 * Families of experiments (E1 to E28): a question, the variants that answer it, and what the document found.
 *
 * A variant is one named change of a recipe. `BASE+VARIANT` is a recipe too, so every run can be made alone:
 * `./lumen train screen+sum-3 --seed 1`.
 */
import type { RunConfig } from "../train/config.ts";
import { preparationsOf } from "../train/model_config.ts";
import type { Measure } from "./comparison.ts";

/** A configuration without its seed and name. */
export type Settings = Omit<RunConfig, "recipe" | "seed">;

/** One change. */
export type Change = (settings: Settings) => Settings;

/** Where a family can be asked: on real spectrograms, on rendered audio, or with the document's own settings. */
export const PRESETS = ["real", "demo", "paper"] as const;
export type Preset = typeof PRESETS[number];

/** Variants of one base, which are held against it. */
export interface Comparison {
  /** A recipe. */
  base: string;
  /** Names of variants; one with a "+" makes several changes. A whole recipe's name stands for itself: `recipe:irmas_lstm`. */
  variants: readonly string[];
  /** Runs of each. Default: 3. */
  seeds?: number;
}

/** What the document found: a number of each variant, by its name; the base's is `base`. */
export interface DocumentNumbers {
  /** In our words, e.g. "validation F1, mean over batches". */
  measure: string;
  values: Readonly<Record<string, number>>;
}

/** A family. */
export interface Family {
  title: string;
  question: string;
  /** The variants that this family brings in; others it may take from another one. */
  variants?: Readonly<Record<string, Change>>;
  presets: Partial<Record<Preset, readonly Comparison[]>>;
  /** What it is judged by. Default: the first measure that its runs have. */
  measure?: Measure;
  document?: DocumentNumbers;
  /** A command that answers the question without training, or with trainings of its own, and the file with what came out. */
  study?: { command: string; file: string };
  /** What a preset leaves out, and why. */
  remark?: string;
}

/** The prefix of a comparison's variant that is a whole recipe. */
const WHOLE = "recipe:";

/** The recipe of a variant of a base. */
export const recipeOf = (base: string, variant: string): string =>
  variant.startsWith(WHOLE) ? variant.slice(WHOLE.length) : `${base}+${variant}`;

/** A variant's name as tables show it. */
export const variantName = (variant: string): string =>
  variant.startsWith(WHOLE) ? variant.slice(WHOLE.length) : variant;

/** Changes of parts of a configuration, field by field; what comes out is checked where a recipe is read. */
export const change = {
  top: (fields: Partial<Settings>): Change => (settings) => ({ ...settings, ...fields }),
  model: (fields: Record<string, unknown>): Change => (settings) => ({
    ...settings,
    model: { ...settings.model, ...fields } as Settings["model"],
  }),
  /** A network of another family: the head, and what is done to the picture, stay. */
  backbone: (backbone: Record<string, unknown>): Change => (settings) => {
    const { head, hidden, dropRate } = settings.model;
    const kept = { head, hidden, dropRate, ...Object.fromEntries(preparationsOf(settings.model)) };
    return { ...settings, model: { ...kept, ...backbone } as Settings["model"] };
  },
  loss: (fields: Record<string, unknown>): Change => (settings) => ({
    ...settings,
    loss: { ...settings.loss, ...fields } as Settings["loss"],
  }),
  schedule: (fields: Record<string, unknown>): Change => (settings) => ({
    ...settings,
    schedule: { ...settings.schedule, ...fields } as Settings["schedule"],
  }),
  augment: (fields: Partial<Settings["augment"]>): Change => (settings) => ({
    ...settings,
    augment: { ...settings.augment, ...fields },
  }),
  data: (fields: Record<string, unknown>): Change => (settings) => ({
    ...settings,
    data: { ...settings.data, ...fields } as Settings["data"],
  }),
} as const;
