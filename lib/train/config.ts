/** A run's configuration: everything that decides what comes out, as plain data. */
import { z } from "zod";
import { type MelStep, parseMelSteps, parseWaveSteps, type WaveStep } from "../augment/steps.ts";
import { TRACK_STATISTICS } from "../datasets/sampler.ts";
import {
  DEFAULT_FRONT_END,
  type FrontEnd,
  IRMAS_MELS_FRONT_END,
  parseFrontEnd,
} from "../features/front_end.ts";
import type { InputKind } from "../features/inputs.ts";
import { LOSS } from "../nn/losses/loss.ts";
import { MODEL, preparationsOf } from "./model_config.ts";
import { OBJECTIVE } from "./objectives/objective.ts";
import { SCHEDULE, WATCHED } from "./schedule_config.ts";

const count = z.int().positive(), share = z.number().min(0).max(1);
const data = z.discriminatedUnion("source", [
  z.strictObject({
    /** Real log-mel spectrograms of the IRMAS training part. */
    source: z.literal("irmas-mels"),
    /** The fold whose recordings are held out, of `folds`. */
    fold: z.int().min(0),
    /** Share of the recordings to train on; chosen once, for all seeds, the smaller part of the larger. Left out: all. */
    share: share.gt(0).optional(),
    /**
     * Leaves out of training the copies of held-out and of relabelled clips that stand under another recording's name.
     * Left out: they are trained on, as in the first runs.
     */
    withoutCopies: z.literal(true).optional(),
    /**
     * Leaves clips with doubtful labels out of training (D16): those below the document's cut, the document's share, or,
     * to compare, as many at random as lie below the cut. Left out: none.
     */
    cleaning: z.enum(["cut", "share", "random"]).optional(),
    /** A file of folds, from the project's folder; without one the project's own split is made. */
    foldsFile: z.string().optional(),
    folds: count.default(5),
  }),
  z.strictObject({
    /** Rendered audio. */
    source: z.literal("demo"),
    size: z.enum(["small", "full"]),
  }),
  z.strictObject({
    /** IRMAS's sound files; half of the songs of its testing part are kept for the end. */
    source: z.literal("irmas"),
    /** Whether the songs of the other half are trained on as well (D3). */
    boosted: z.boolean(),
  }),
]);

const augment = z.strictObject({
  /** Rolls a batch in time by a random number of frames. */
  timeShift: z.boolean(),
  /** Probability that an example is summed with another one of other instruments (A1, "sum with 2"). */
  mixProbability: share,
  /**
   * What is done to each spectrogram (lib/augment/steps.ts), in this order, and the roll of the batch after it; "sum"
   * takes the place of mixProbability. Left out: nothing.
   */
  spectrogram: z.custom<MelStep[]>(Array.isArray).optional(),
});

const SCHEMA = z.strictObject({
  /** The recipe's name. */
  recipe: z.string().min(1),
  seed: z.int(),
  data,
  frontEnd: z.custom<FrontEnd>((value) => typeof value === "object"),
  model: MODEL,
  loss: LOSS,
  optimizer: z.strictObject({
    name: z.literal("adamw"),
    beta1: share,
    beta2: share,
    epsilon: z.number().positive(),
    weightDecay: z.number().min(0),
  }),
  schedule: SCHEDULE,
  /** Epochs in all, and those at the start in which only the head is trained. */
  epochs: count,
  headEpochs: z.int().min(0),
  batchSize: count,
  /** Batches whose mean gradient makes one update, as one batch of so many times the size would. Left out: 1. */
  accumulate: count.optional(),
  /** Largest size of a gradient's element, to which larger ones are cut. Left out: any. */
  clipValue: z.number().positive().optional(),
  /** Largest norm of all gradients together, to which they are scaled down, after clipValue. Left out: any. */
  clipNorm: z.number().positive().optional(),
  /**
   * Decay an update of the weights' exponential moving average, e.g. 0.999: the average is then what is evaluated and
   * kept. Left out: the weights themselves are.
   */
  averageDecay: z.number().gt(0).lt(1).optional(),
  /**
   * Ends the run after `patience` epochs without a gain, and keeps the weights of the best epoch. Epochs of the head
   * alone do not count. Left out: all epochs, and the last one's weights.
   */
  earlyStopping: z.strictObject({ ...WATCHED, patience: count }).optional(),
  /**
   * What is trained, by the beginnings of the parameters' names; the rest never: ["head.sax."] is the saxophone's head
   * of a Fluffy. Left out: everything.
   */
  trained: z.array(z.string().min(1)).min(1).optional(),
  /**
   * Draws the examples of an epoch with replacement, by weights (D4) that make rare instruments as frequent as others: a
   * clip's is the median or the maximum of its instruments'. Left out: every example once an epoch.
   */
  sampler: z.enum(TRACK_STATISTICS.map((statistic) => `weighted-${statistic}` as const)).optional(),
  augment,
  /**
   * Makes batches from sound while the network trains, with these augmentations (lib/augment/steps.ts) in place of
   * `augment`. Left out: from spectrograms that are there.
   */
  live: z.strictObject({
    waveform: z.custom<WaveStep[]>(Array.isArray),
    spectrogram: z.custom<MelStep[]>(Array.isArray),
    /** A folder of sounds that are added as background noise. Left out: ESC-50's. */
    noises: z.string().min(1).optional(),
  }).optional(),
  /** Trains the backbone for something else, in place of the head and the loss above. Left out: to name instruments. */
  objective: OBJECTIVE.optional(),
  /**
   * The run whose backbone this one begins with, with the same seed, data and backbone: it is trained first where its
   * weights are not here. Left out: none.
   */
  pretraining: z.strictObject({
    recipe: z.string().min(1),
    objective: OBJECTIVE,
    schedule: SCHEDULE,
    epochs: count,
    batchSize: count,
    augment,
  }).optional(),
});

/** See the schema above for what each field means. */
export type RunConfig = z.infer<typeof SCHEMA>;

/** What a configuration's network sees of a sound. */
export const inputKinds = ({ model }: Pick<RunConfig, "model">): readonly InputKind[] =>
  "inputs" in model && model.inputs ? model.inputs.of : ["mel"];

/** The network and training settings that recipes start from. */
export const BASE_CONFIG = {
  frontEnd: DEFAULT_FRONT_END,
  model: {
    backbone: "convnext",
    size: "atto",
    layerScale: 0.1,
    stochasticDepthRate: 0,
    head: "pooled",
    hidden: [],
    dropRate: 0.2,
  },
  loss: { name: "binary-cross-entropy" },
  optimizer: { name: "adamw", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.05 },
  schedule: {
    name: "one-cycle",
    maxLearningRate: 2e-3,
    warmFraction: 0.3,
    startDivisor: 25,
    endDivisor: 1e4,
    warmLearningRate: 2e-3,
  },
  epochs: 8,
  headEpochs: 0,
  batchSize: 32,
  augment: { timeShift: true, mixProbability: 0 },
} as const satisfies Omit<RunConfig, "recipe" | "seed" | "data" | "model"> & {
  model: Omit<Extract<RunConfig["model"], { backbone: "convnext" }>, "hidden"> & {
    hidden: readonly number[];
  };
};

/** Checks a configuration. @throws Error that lists every wrong, missing or unknown field by its path */
export function parseConfig(value: unknown, what = "configuration"): RunConfig {
  const result = SCHEMA.safeParse(value);
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new Error(`${what} is wrong: ${faults.join("; ")}`);
  }
  const config = result.data;
  if (config.data.source === "irmas-mels" && config.data.fold >= config.data.folds) {
    const { fold, folds } = config.data;
    throw new Error(
      `${what} is wrong: data.fold (${fold}) must be less than data.folds (${folds}), as the first fold is 0`,
    );
  }
  if (config.headEpochs >= config.epochs) {
    throw new Error(
      `${what} is wrong: headEpochs (${config.headEpochs}) must be less than epochs (${config.epochs})`,
    );
  }
  const { schedule, objective, pretraining } = config;
  if (objective && pretraining) {
    throw new Error(`${what} is wrong: a run with an objective has no pretraining of its own`);
  }
  for (
    const { name } of [objective, pretraining?.objective].filter((given) => given !== undefined)
  ) {
    const { backbone } = config.model, [changed] = preparationsOf(config.model);
    if (name === "masked" && (backbone !== "convnext" || changed)) {
      throw new Error(
        `${what} is wrong: the objective "masked" looks between ConvNeXt's layers, at pictures as they are; model.backbone is "${backbone}"${
          changed ? `, model.${changed[0]} ${changed[1]}` : ""
        }`,
      );
    }
  }
  if (schedule.name === "one-cycle-three-phase" && schedule.warmFraction > 0.5) {
    throw new Error(
      `${what} is wrong: schedule.warmFraction (${schedule.warmFraction}) must be at most 0.5: three phases go up and come back in as many steps`,
    );
  }
  checkInputs(config, what);
  const frontEnd = parseFrontEnd(config.frontEnd);
  checkHeard(config.model, { frontEnd, what });
  checkPowers(config.model, { frontEnd, what });
  const scale = config.model.backbone === "wav2vec2" ? "waveform" : "decibel";
  if (frontEnd.scale !== scale) {
    throw new Error(
      `${what} is wrong: ${config.model.backbone} is trained on frontEnd.scale "${scale}", not on "${frontEnd.scale}"`,
    );
  }
  const { augment } = config;
  if (
    scale === "waveform" &&
    (augment.mixProbability > 0 || augment.spectrogram || config.live?.spectrogram.length)
  ) {
    throw new Error(
      `${what} is wrong: augment.mixProbability, augment.spectrogram and live.spectrogram are for spectrograms; waveforms are mixed by live.waveform`,
    );
  }
  if (augment.spectrogram && (augment.mixProbability > 0 || config.live)) {
    const other = config.live ? "live" : "augment.mixProbability";
    const instead = config.live ? "live.spectrogram" : 'a step { kind: "sum" }';
    throw new Error(
      `${what} is wrong: augment.spectrogram and ${other} exclude each other: write ${instead} instead`,
    );
  }
  if (augment.spectrogram) augment.spectrogram = parseMelSteps(augment.spectrogram);
  if (!config.live) return { ...config, frontEnd };
  const { waveform, spectrogram } = config.live;
  const live = {
    ...config.live,
    waveform: parseWaveSteps(waveform),
    spectrogram: parseMelSteps(spectrogram),
  };
  return { ...config, frontEnd, live };
}

/** @throws Error where an input is to be approximated from spectrograms that the run does not have, or of another network */
function checkHeard(
  model: RunConfig["model"],
  { frontEnd, what }: { frontEnd: FrontEnd; what: string },
): void {
  if (!("heard" in model) || !model.heard) return;
  if (model.backbone !== "yamnet") {
    throw new Error(
      `${what} is wrong: model.heard is for YAMNet, whose input can be approximated, not for ${model.backbone}`,
    );
  }
  const differs = (Object.keys(IRMAS_MELS_FRONT_END) as (keyof FrontEnd)[])
    .filter((field) => frontEnd[field] !== IRMAS_MELS_FRONT_END[field]);
  if (differs.length > 0) {
    throw new Error(
      `${what} is wrong: model.heard says "${model.heard}", but the front end is another: ${
        differs.map((field) => `${field} ${frontEnd[field]}`).join(", ")
      }`,
    );
  }
}

/** @throws Error where what a network sees is not decibels on the usual scale, which alone are turned into powers */
function checkPowers(
  model: RunConfig["model"],
  { frontEnd, what }: { frontEnd: FrontEnd; what: string },
): void {
  if (!model.scale) return;
  const differs = (["scale", "networkMean", "networkDeviation"] as const)
    .filter((field) => frontEnd[field] !== DEFAULT_FRONT_END[field]);
  if (differs.length > 0 || ("heard" in model && model.heard)) {
    throw new Error(
      `${what} is wrong: model.scale turns decibels on the usual scale into powers, and ${
        differs.length > 0
          ? `the front end has ${differs.map((field) => `${field} ${frontEnd[field]}`).join(", ")}`
          : "model.heard wants decibels"
      }`,
    );
  }
}

/** @throws Error for inputs other than mel spectrograms where these are all that there is, or clips are to be summed */
function checkInputs(config: RunConfig, what: string): void {
  const other = inputKinds(config).find((kind) => kind !== "mel");
  if (!other) return;
  const fault = config.data.source === "irmas-mels"
    ? `${config.data.source} has mel spectrograms alone`
    : config.live
    ? "live batches are of mel spectrograms"
    : preparationsOf(config.model).length > 0
    ? "model.height, width, canvas, complete, shrink and scale are for one input alone"
    : config.augment.mixProbability > 0 || config.augment.spectrogram
    ? "it is not known what a sum of sounds is in it: augment.mixProbability must be 0, and augment.spectrogram left out"
    : undefined;
  if (fault) throw new Error(`${what} is wrong: model.inputs has "${other}", and ${fault}`);
}

/** A value from the command line: JSON where it is JSON, text elsewhere. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * A copy with some fields set: `["model.head=attention", "epochs=2"]`.
 *
 * @throws Error for an assignment without "=", for the recipe's name, and for a field that the configuration does not
 *   have, with the known ones
 */
export function withSettings(config: RunConfig, assignments: readonly string[]): RunConfig {
  const copy = structuredClone(config);
  const unknown = new Map<string, string>();
  for (const assignment of assignments) {
    const at = assignment.indexOf("=");
    if (at < 1) throw new Error(`"${assignment}" is no setting; write key=value, e.g. epochs=2`);
    const path = assignment.slice(0, at).split(".");
    if (path[0] === "recipe") {
      throw new Error(
        `"${assignment}" would give the run another recipe's name; name the recipe itself`,
      );
    }
    let target = copy as Record<string, unknown>;
    for (const [depth, key] of path.entries()) {
      const where = path.slice(0, depth).join(".") || "the configuration";
      // what may be left out is known to the schema alone, which looks at the whole
      const known = Object.keys(depth === 0 ? SCHEMA.shape : Object(target));
      if (!known.includes(key)) {
        unknown.set(key, `${where} has no field "${key}"; known: ${known.join(", ")}`);
      }
      if (typeof target !== "object") throw new Error(unknown.get(key));
      if (depth === path.length - 1) target[key] = parseValue(assignment.slice(at + 1));
      else target = (target[key] ??= {}) as Record<string, unknown>;
    }
  }
  try {
    return parseConfig(copy, `the configuration with ${assignments.join(" ")}`);
  } catch (error) {
    const [key] = /(?<=Unrecognized key: ")[^"]+/.exec((error as Error).message) ?? [];
    throw key && unknown.has(key) ? new Error(unknown.get(key)) : error;
  }
}
