/** What a run will take, before it is made: parameters, arithmetic, memory, and time from a few updates on this machine. */
import { randomFrom } from "../core/random.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import { forwardCost, outputShape } from "../nn/cost.ts";
import type { BatchSource } from "./batches.ts";
import type { RunConfig } from "./config.ts";
import { Learner, networkOf, trainedOf } from "./learner.ts";
import { buildNetwork, isAttentive, isHead, preparation } from "./model.ts";
import { objectiveOf, TaskBatches } from "./objectives/objective.ts";
import { countSteps } from "./updates.ts";

/** What the examples of a run are like. */
export interface Examples {
  /** Of an epoch. */
  count: number;
  bands: number;
  frames: number;
}

/** The size of a backbone's features, without their channels. */
export interface FeatureMap {
  rows: number;
  /** In time: what attentive heads choose among. */
  steps: number;
  /** Columns that the backbone is given, and how many of them, the last ones, it drops. */
  columns: number;
  dropped: number;
}

/** An estimate of a run. */
export interface RunEstimate {
  parameters: {
    backbone: number;
    head: number;
    /** Those that training changes by gradients, and those of them that it changes while the head alone is trained. */
    trained: number;
    trainedAtFirst: number;
  };
  /** Of one example's forward pass. */
  multiplyAccumulates: number;
  /** Of what the backbone gives the head. Left out: for a pretraining, which has no head. */
  featureMap?: FeatureMap;
  /**
   * Bytes of an update: of weights, of their gradients and moments, and of everything that lies between the layers.
   * TensorFlow frees some of it on the way and takes more elsewhere: seven networks on a processor took 0.4 (ConvNeXt-atto,
   * large batches) to 2.4 (MobileNetV3-L) of the sum, beside the half gigabyte of TensorFlow itself.
   */
  memory: { weights: number; optimizer: number; activations: number };
  /** Updates of the head alone, and of all that is trained. */
  updates: { headOnly: number; all: number };
}

/** How long the updates of a run take. */
export interface TimeEstimate {
  /** Examples in the largest batch that was measured; where the run's are larger, they are extrapolated. */
  measuredBatch: number;
  /** Seconds of an update. */
  headOnly: number;
  all: number;
  /** Seconds of the run's updates; what is measured between and after them comes on top. */
  total: number;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

const FLOAT_BYTES = 4;

/** The same configuration without the file of weights that it begins with: they change nothing in what a run takes. */
function withoutWeights(config: RunConfig): RunConfig {
  const model = { ...config.model };
  if ("weights" in model) delete model.weights;
  return { ...config, model };
}

/** What a configuration's backbone makes of one example. @throws Error where there is no native library */
export function featureMapOf(
  { model }: Pick<RunConfig, "model">,
  { bands, frames }: Pick<Examples, "bands" | "frames">,
): FeatureMap {
  const { backbone } = buildNetwork(model), prepare = preparation(model);
  const picture = [1, bands, frames, 1], [, rows, steps] = outputShape(backbone, picture);
  const columns = prepare
    ? outputShape({ parameters: [], apply: (_, x) => prepare(x) }, picture)[2]
    : frames;
  return { rows, steps, columns, dropped: backbone.cell ? columns % backbone.cell : 0 };
}

/** Whether heads attend to moments of which there is one: they are then heads without attention. */
export const hasIdleAttention = (
  { model }: Pick<RunConfig, "model">,
  { steps }: Pick<FeatureMap, "steps">,
) => isAttentive(model) && steps === 1;

/** What to know of them. */
export const IDLE_ATTENTION =
  "attention over time has one step to choose among; more columns make more (model.width)";

/**
 * Estimates what needs no measurement.
 *
 * @throws Error where there is no native library, the examples do not fill a batch
 */
export function estimateRun(config: RunConfig, { count, bands, frames }: Examples): RunEstimate {
  const network = networkOf(config), { batchSize, headEpochs, averageDecay } = config;
  const learnt = network.parameters.filter(({ kind }) => kind !== "statistic");
  const chosen = trainedOf(config, network.parameters.map(({ name }) => name));
  const trained = learnt.filter(({ name }) => chosen(name));
  const first = trained.filter(({ name, kind }) => isHead(name) || kind === "batch-norm");
  const sum = (specs: readonly { shape: number[] }[]) =>
    specs.reduce((total, { shape }) => total + sizeOf(shape), 0);
  const seen = objectiveOf(config)?.task?.frames(frames) ?? frames;
  const cost = forwardCost(network, [1, bands, seen, 1]);
  const steps = countSteps(config, count);
  const head = sum(learnt.filter(({ name }) => isHead(name)));
  return {
    parameters: {
      backbone: sum(learnt) - head,
      head,
      trained: sum(trained),
      trainedAtFirst: headEpochs > 0 ? sum(first) : sum(trained),
    },
    multiplyAccumulates: cost.multiplyAccumulates,
    ...!config.objective && { featureMap: featureMapOf(config, { bands, frames }) },
    memory: {
      weights: FLOAT_BYTES * sum(network.parameters) * (averageDecay ? 2 : 1),
      // a gradient and two moments each, and their sum where an update takes several batches
      optimizer: FLOAT_BYTES * sum(trained) * ((config.accumulate ?? 1) > 1 ? 4 : 3),
      activations: cost.activationBytes * batchSize,
    },
    updates: {
      headOnly: headEpochs * steps.perEpoch,
      all: steps.all - headEpochs * steps.perEpoch,
    },
  };
}

/** Multiply-accumulates of an update (forward, and twice as many backward) that this is worth waiting for. */
const MEASURED_WORK = 30e9;
/** Share of the free memory that the layers of the smaller measured batch may take by the estimate. */
const MEASURED_SHARE = 0.1;
/** Updates that are measured, behind one that compiles them; the fastest counts. */
const MEASURED_UPDATES = 3;

/**
 * Makes a few updates on noise and measures them; their network is thrown away. Where the run's batches are large, two
 * small sizes tell what an update takes at any size, and what each further example adds.
 *
 * @param estimate of the same configuration
 * @param options.onUpdate called before each update, with how many there are
 * @throws Error where there is no native library
 */
export async function measureUpdates(
  config: RunConfig,
  { examples, estimate, onUpdate = () => {} }: {
    examples: Examples;
    estimate: RunEstimate;
    onUpdate?: (done: number, of: number) => void;
  },
): Promise<TimeEstimate> {
  const { multiplyAccumulates, updates } = estimate, { batchSize, accumulate = 1 } = config;
  const task = objectiveOf(config)?.task, fewest = task ? 2 : 1; // a tile is replaced by another example's
  const room = MEASURED_SHARE * Deno.systemMemoryInfo().available;
  const fitting = Math.max(
    fewest,
    Math.floor(Math.min(
      MEASURED_WORK / (3 * multiplyAccumulates),
      room / (estimate.memory.activations / batchSize),
    )),
  );
  const sizes = 2 * fitting < batchSize ? [fitting, 2 * fitting] : [batchSize];
  const kinds = (["headOnly", "all"] as const).filter((kind) => updates[kind] > 0);
  const count = kinds.length * sizes.length * (1 + MEASURED_UPDATES);
  const seconds = { headOnly: 0, all: 0 };
  const plain = noiseOf(examples, sizes.at(-1)!);
  const noise = task ? new TaskBatches(plain, { task, seed: config.seed }) : plain;
  const learner = new Learner(withoutWeights(config), { batches: noise, headSteps: 0 });
  let step = 0;
  const measure = async (size: number, headOnly: boolean) => {
    const { bands, frames } = noise, batch = await noise.at(size);
    let least = Infinity;
    for (let k = 0; k <= MEASURED_UPDATES; k++) {
      onUpdate(step, count);
      const start = performance.now(), number = step++;
      const shape: [number, number, number, number] = [size, bands, frames, 1];
      await learner.learn(batch, {
        shape,
        step: number,
        number,
        learningRate: 1e-6,
        headOnly,
        last: true,
      });
      if (k > 0) least = Math.min(least, (performance.now() - start) / 1000);
    }
    return least;
  };
  for (const kind of kinds) {
    const times: number[] = [];
    for (const size of sizes) times.push(await measure(size, kind === "headOnly"));
    const [one, two = one] = times, more = (batchSize - sizes[0]) / sizes[0];
    // a machine that is busy may make the larger one look cheaper than it is
    seconds[kind] = accumulate * Math.max(two, one + (two - one) * more);
  }
  learner.dispose();
  return {
    measuredBatch: sizes.at(-1)!,
    ...seconds,
    total: seconds.headOnly * updates.headOnly + seconds.all * updates.all,
  };
}

/** Noise with labels: as a batch source, the batch of "step" k has k examples. */
function noiseOf({ bands, frames }: Examples, size: number): BatchSource {
  const random = randomFrom("updates that are measured"), count = INSTRUMENTS.length;
  const input = Float32Array.from({ length: size * bands * frames }, () => random.normal());
  const labels = new Float32Array(size * count);
  for (let clip = 0; clip < size; clip++) labels[clip * count + clip % count] = 1;
  return {
    examples: size,
    targets: Uint8Array.from(labels),
    bands,
    frames,
    at: (examples) =>
      Promise.resolve({
        input: input.subarray(0, examples * bands * frames),
        labels: labels.subarray(0, examples * count),
      }),
    [Symbol.dispose]() {},
  };
}
