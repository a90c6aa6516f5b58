/** What a recipe would take, told before anybody waits for it. No run is made, and no data are needed. */
import { framesAfter } from "../augment/steps.ts";
import { formatBytes } from "../core/byte_progress.ts";
import { showProgress } from "../core/progress.ts";
import { DEMO_SIZES } from "../datasets/demo/plan.ts";
import { IRMAS_TRAINING_COUNTS } from "../datasets/published_counts.ts";
import { chunkFrames } from "../features/chunks.ts";
import { inputKinds, type RunConfig } from "../train/config.ts";
import {
  estimateRun,
  type Examples,
  hasIdleAttention,
  IDLE_ATTENTION,
  measureUpdates,
  type RunEstimate,
  type TimeEstimate,
} from "../train/estimate.ts";

/** An estimate of a configuration's run. */
export interface DryRun extends RunEstimate {
  examples: Examples;
  time: TimeEstimate;
}

const IRMAS_CLIPS = Object.values(IRMAS_TRAINING_COUNTS).reduce((sum, n) => sum + n, 0);

/** Seconds of IRMAS's testing part: it has 2,874 clips of 5 to 20 s. */
const TESTING_SECONDS = 48_531;

/** Pieces of clips that a run is trained on, as far as they can be told without reading them. */
function expectedExamples({ data, frontEnd }: RunConfig): number {
  // the last piece of each clip is completed
  const pieces = Math.ceil(3 / frontEnd.chunkSeconds - 1e-6);
  switch (data.source) {
    case "irmas-mels":
      return Math.round(IRMAS_CLIPS * (1 - 1 / data.folds) * (data.share ?? 1));
    case "irmas": // a tenth of the recordings is held out, and half of the songs
      return Math.round(
        0.9 * (IRMAS_CLIPS * pieces +
          (data.boosted ? TESTING_SECONDS / 2 / frontEnd.chunkSeconds + 0.25 * 2874 : 0)),
      );
    case "demo": { // a tenth of the recordings is held out
      const { clips, instruments } = DEMO_SIZES[data.size];
      return Math.round(0.9 * clips * instruments.length * pieces);
    }
  }
}

/**
 * Estimates a run, with a few updates on noise to see how fast this machine is.
 *
 * @param options.quiet shows no progress
 * @throws Error where there is no native library, or the clips do not fill a batch
 */
export async function dryRun(
  config: RunConfig,
  { quiet = false }: { quiet?: boolean } = {},
): Promise<DryRun> {
  const { frontEnd, augment, live } = config;
  const steps = live?.spectrogram ?? augment.spectrogram ?? [];
  const examples = {
    count: expectedExamples(config),
    bands: inputKinds(config).length * frontEnd.nMels, // one below the other
    frames: framesAfter(steps, chunkFrames(frontEnd)),
  };
  const estimate = estimateRun(config, examples);
  let bar: ReturnType<typeof showProgress> | undefined;
  const time = await measureUpdates(config, {
    examples,
    estimate,
    onUpdate(done, of) {
      if (quiet) return;
      bar ??= showProgress("measuring updates", of);
      bar.update(done);
    },
  });
  bar?.done();
  return { ...estimate, examples, time };
}

/** Three digits, in thousands, millions or thousand millions. */
function amount(value: number): string {
  const [unit, scale] = value >= 1e9 ? [" G", 1e9] : value >= 1e6 ? [" M", 1e6] : [" k", 1e3];
  return `${Number((value / scale).toPrecision(3))}${unit}`;
}

/** A duration in its own unit: "40 s", "5.2 min", "3.1 h", "2.5 days". */
export function duration(seconds: number): string {
  const [unit, scale] = seconds < 90
    ? ["s", 1]
    : seconds < 5400
    ? ["min", 60]
    : seconds < 129_600
    ? ["h", 3600]
    : ["days", 86_400];
  return `${Number((seconds / scale).toPrecision(2))} ${unit}`;
}

/** The estimate as lines for a terminal. */
export function formatDryRun(config: RunConfig, dry: DryRun): string {
  const { parameters, multiplyAccumulates, featureMap, memory, updates, examples, time } = dry;
  const { batchSize, headEpochs, epochs, model, accumulate = 1, objective, pretraining } = config;
  const name = "size" in model ? `${model.backbone} ${model.size}` : model.backbone;
  const taken = time.measuredBatch < batchSize
    ? `, from batches of up to ${time.measuredBatch}`
    : "";
  const update = (seconds: number) => `${duration(seconds)} each${taken}`;
  const rows: [string, string][] = [
    ["network", objective ? `${name}, for "${objective.name}"` : `${name}, ${model.head} head`],
    ...pretraining
      ? [["before it", `${pretraining.recipe}, where its weights are not here`] as [string, string]]
      : [],
    [
      "input",
      `${examples.bands} bands x ${examples.frames} frames, ${batchSize} at a time` +
      (accumulate > 1 ? `, ${accumulate} batches an update` : ""),
    ],
    ...featureMap
      ? [[
        "features",
        `${featureMap.rows} x ${featureMap.steps}, bands x steps of time` +
        (featureMap.dropped > 0
          ? `; of ${featureMap.columns} columns the last ${featureMap.dropped} are dropped (see model.complete)`
          : "") +
        (hasIdleAttention(config, featureMap) ? `: ${IDLE_ATTENTION}` : ""),
      ] as [string, string]]
      : [],
    [
      "parameters",
      `${amount(parameters.backbone + parameters.head)}: backbone ${
        amount(parameters.backbone)
      }, ` +
      `head ${amount(parameters.head)}; trained ${amount(parameters.trained)}` +
      (headEpochs > 0 ? `, at first ${amount(parameters.trainedAtFirst)}` : ""),
    ],
    ["forward pass", `${amount(multiplyAccumulates)} multiply-accumulates an example`],
    [
      "memory",
      `about ${formatBytes(memory.weights + memory.optimizer + memory.activations)}: weights ${
        formatBytes(memory.weights)
      }, gradients and moments ${formatBytes(memory.optimizer)}, between the layers ${
        formatBytes(memory.activations)
      }`,
    ],
    ["examples", `about ${examples.count} an epoch, ${epochs} epochs`],
    ...updates.headOnly > 0
      ? [
        ["updates of the head", `${updates.headOnly}, ${update(time.headOnly)}`] as [
          string,
          string,
        ],
      ]
      : [],
    ["updates of all", `${updates.all}, ${update(time.all)}`],
    ["time", `about ${duration(time.total)} of updates on this machine`],
  ];
  const width = Math.max(...rows.map(([what]) => what.length));
  return rows.map(([what, value]) => `${what.padEnd(width)}  ${value}`).join("\n");
}
