/**
 * What it costs to make batches from sound while the network trains: epochs of ConvNeXt-atto on the small demo, from
 * spectrograms that are there, and from waveforms that are read, summed by three, shifted and analysed.
 *
 * The two take turns, five epochs each; a row is the median. Takes five minutes.
 */
import { recipeConfig } from "../experiments/recipes/mod.ts";
import { renderDemo } from "../lib/datasets/demo/render.ts";
import { demoData } from "../lib/experiments/demo_data.ts";
import { type BatchSource, ReadyBatches } from "../lib/train/batches.ts";
import { LiveBatches } from "../lib/train/live_batches.ts";
import { train } from "../lib/train/loop.ts";
import type { RunConfig } from "../lib/train/config.ts";
import { median } from "./peer.ts";
import type { BenchRow } from "./row.ts";

const ROUNDS = 5;
/** How often the clips are repeated in an epoch: there are few. */
const COPIES = 3;

/** One row: an epoch from sound beside one from ready batches, in ms. */
export async function rows(): Promise<BenchRow[]> {
  await renderDemo({ size: "small" });
  const settings = ["data.size=small", "headEpochs=0", "epochs=2"];
  const config = recipeConfig("demo_live", { settings });
  const data = await demoData(config), clips = await data.live!();
  const repeated = <T>(items: readonly T[]) => Array.from({ length: COPIES }, () => items).flat();
  const times = { live: [] as number[], ready: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    const ready = new ReadyBatches(data.clips, { train: repeated(data.train), config });
    times.ready.push(await epoch(config, ready));
    using live = new LiveBatches(repeated(clips), { config, steps: config.live! });
    times.live.push(await epoch(config, live));
  }
  const [ours, peer] = [median(times.live), median(times.ready)];
  return [{
    name: `epoch of ${
      Math.floor(COPIES * clips.length / config.batchSize)
    } batches from sound, sum of 3, shift`,
    ours,
    peer,
    peerName: "Lumen, ready batches",
    ratio: ours / peer,
    unit: "ms",
  }];
}

/** Milliseconds of the second epoch, from the end of the first one's last step: in the first the step is compiled. */
export async function epoch(config: RunConfig, batches: BatchSource): Promise<number> {
  const checkpoint = await Deno.makeTempFile();
  await Deno.remove(checkpoint);
  let started = 0, last = 0;
  try {
    await train({
      config,
      batches,
      checkpoint,
      checkpointSeconds: Infinity,
      onMetric: () => last = performance.now(),
      validate() {
        started ||= performance.now();
        return Promise.resolve({});
      },
    });
  } finally {
    await Deno.remove(checkpoint);
  }
  return last - started;
}
