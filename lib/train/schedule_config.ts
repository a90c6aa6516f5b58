/** A learning-rate schedule's configuration, as plain data (schedule.ts computes its rates). */
import { z } from "zod";

const count = z.int().positive();

/** What is watched, for whatever reacts to it. */
export const WATCHED = {
  /** What is watched, of what is measured after each epoch: "validation/macroF1". */
  measure: z.string().min(1),
  better: z.enum(["higher", "lower"]).default("higher"),
  /** A gain is a change for the better by more than this. */
  leastGain: z.number().min(0).default(0),
};

const rate = {
  maxLearningRate: z.number().positive(),
  /** First rate of the epochs in which only the head is trained; it falls to the schedule's first. */
  warmLearningRate: z.number().positive(),
};

/** The learning rate, step by step. */
export const SCHEDULE = z.discriminatedUnion("name", [
  z.strictObject({
    /** Up to the highest rate, then down in one go, or back to where it began and from there on down. */
    name: z.enum(["one-cycle", "one-cycle-three-phase"]),
    ...rate,
    /** Share of the steps on the way up. */
    warmFraction: z.number().gt(0).lt(1),
    /** First rate: the highest one divided by this. Last rate: the first one divided by `endDivisor`. */
    startDivisor: z.number().positive(),
    endDivisor: z.number().positive(),
  }),
  z.strictObject({
    /** From the highest rate down, again and again. */
    name: z.literal("cosine-restarts"),
    ...rate,
    minLearningRate: z.number().min(0).default(0),
    /** Epochs of the first cycle; each later one is `cycleFactor` times as long as the one before it. */
    cycleEpochs: count,
    cycleFactor: count.default(1),
  }),
  z.strictObject({
    /** Times `factor` after more than `patience` epochs without a gain; the `cooldown` epochs after that do not count. */
    name: z.literal("plateau"),
    ...rate,
    ...WATCHED,
    minLearningRate: z.number().min(0).default(0),
    factor: z.number().gt(0).lt(1).default(0.1),
    patience: z.int().min(0),
    cooldown: z.int().min(0).default(0),
  }),
]);
