/**
 * The engine side by side with PyTorch eager: ConvNeXt-atto, forward, training step with Adam, and a whole epoch with
 * the making of its batches, on all cores.
 *
 * Ours and the peer take turns, five times; a row is the median of all repetitions. Takes four minutes.
 */
import { recipeConfig } from "../experiments/recipes/mod.ts";
import { randomFrom } from "../lib/core/random.ts";
import { convNext } from "../lib/nn/backbones/convnext.ts";
import { type Clips, ReadyBatches } from "../lib/train/batches.ts";
import { train } from "../lib/train/loop.ts";
import { type InputShape, prepareNetwork } from "./network.ts";
import { median, Peer } from "./peer.ts";
import type { BenchRow } from "./row.ts";

const ROUNDS = 5, REPEATS = 5;

/** The document's input, and that of the real spectrograms. */
const SHAPES: InputShape[] = [[16, 128, 300, 3], [32, 128, 94, 1]];

/** Rows of milliseconds. */
export async function rows(): Promise<BenchRow[]> {
  const peer = await Peer.start("engine_torch.py");
  try {
    const all: BenchRow[] = [];
    for (const shape of SHAPES) {
      const { forward, step } = prepareNetwork(
        convNext({ size: "atto", inputChannels: shape[3], layerScale: 0.1 }),
        shape,
      );
      all.push(await compare("forward", shape, { run: forward, peer }));
      all.push(await compare("step", shape, { run: step, peer }));
    }
    all.push(await compareEpochs(peer));
    return all;
  } finally {
    await peer.stop();
  }
}

async function compare(
  what: "forward" | "step",
  shape: number[],
  { run, peer }: { run: () => void; peer: Peer },
): Promise<BenchRow> {
  const start = performance.now();
  run();
  console.error(
    `first ${what} of ${shape.join(" x ")}: ${(performance.now() - start).toFixed(0)} ms`,
  );
  const ours: number[] = [], theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (let k = 0; k < REPEATS; k++) {
      const start = performance.now();
      run();
      ours.push(performance.now() - start);
    }
    theirs.push(...await peer.measure(`${what} ${shape.join(" ")}`));
  }
  const [a, b] = [median(ours), median(theirs)];
  return {
    name: `convnext-atto ${what}, ${shape.join(" x ")}`,
    ours: a,
    peer: b,
    peerName: peer.name,
    ratio: a / b,
    unit: "ms",
  };
}

/** Batches of an epoch, and the real spectrograms' shape. */
const STEPS = 32, BATCH = 32, BANDS = 128, FRAMES = 94;

/** Whole epochs on clips of noise: what the recipe `irmas_scratch` does between two validations. */
async function compareEpochs(peer: Peer): Promise<BenchRow> {
  const ours: number[] = [], theirs: number[] = [];
  const random = randomFrom("bench"), count = STEPS * BATCH;
  const clips: Clips = {
    bytes: Uint8Array.from({ length: count * BANDS * FRAMES }, () => random.integer(0, 256)),
    bands: BANDS,
    frames: FRAMES,
    targets: Uint8Array.from({ length: count * 11 }, () => random.chance(0.2) ? 1 : 0),
    names: Array.from({ length: count }, (_, k) => `${k}`),
    recordings: Array.from({ length: count }, (_, k) => `${k}`),
  };
  const epochs = ROUNDS + 1; // in the first one the step is compiled
  const config = recipeConfig("irmas_scratch", { settings: [`epochs=${epochs}`] });
  const checkpoint = await Deno.makeTempFile({ suffix: ".safetensors" });
  await Deno.remove(checkpoint);
  let started = performance.now(), finished = 0;
  try {
    await train({
      config,
      batches: new ReadyBatches(clips, { train: clips.names.map((_, k) => k), config }),
      checkpoint,
      onMetric({ step }) {
        if (step % STEPS === 0) finished = performance.now();
      },
      async validate() {
        if (ours.length < ROUNDS) {
          theirs.push(...await peer.measure(`epoch ${BATCH} ${BANDS} ${FRAMES} 1`));
        }
        ours.push(finished - started);
        started = performance.now();
        return {};
      },
    });
  } finally {
    await Deno.remove(checkpoint);
  }
  const [a, b] = [median(ours.slice(1)), median(theirs)];
  return {
    name: `convnext-atto epoch of ${STEPS} batches, ${BATCH} x ${BANDS} x ${FRAMES} x 1`,
    ours: a,
    peer: b,
    peerName: peer.name,
    ratio: a / b,
    unit: "ms",
  };
}
