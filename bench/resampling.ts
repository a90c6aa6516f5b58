/**
 * What it is worth to resample a data set once (E22): epochs of the small demo from its files of 44.1 kHz, which are read
 * and resampled whenever a clip is heard, and from waveforms of 16 kHz that are kept. The batches alone, and with
 * ConvNeXt-atto trained on them; each clip by itself, as in the document's baseline, and as a sum of three.
 *
 * The two take turns, five times; a row is the median. Takes eight minutes.
 */
import { recipeConfig } from "../experiments/recipes/mod.ts";
import { targetsOf } from "../lib/datasets/clip.ts";
import { demoFolder, renderDemo } from "../lib/datasets/demo/render.ts";
import { demoClips } from "../lib/datasets/demo/truth.ts";
import { INSTRUMENTS } from "../lib/datasets/labels.ts";
import { waveformsOf } from "../lib/features/waveforms.ts";
import type { RunConfig } from "../lib/train/config.ts";
import { LiveBatches, type LiveClip } from "../lib/train/live_batches.ts";
import { median } from "./peer.ts";
import { epoch } from "./pipeline.ts";
import type { BenchRow } from "./row.ts";

const ROUNDS = 5;
/** How often the clips are repeated in an epoch: there are few. */
const COPIES = 3;

/** Where a clip's sound comes from. */
interface Sides {
  kept: LiveClip[];
  files: LiveClip[];
}

/** Rows of milliseconds: from what is kept, beside in the loop. */
export async function rows(): Promise<BenchRow[]> {
  await renderDemo({ size: "small" });
  const config = recipeConfig("demo_live", {
    settings: ["data.size=small", "headEpochs=0", "epochs=2"],
  });
  const sides = await clipsOf(config), all: BenchRow[] = [];
  const variants = {
    "one clip an example": { waveform: [], spectrogram: [] },
    "three clips an example": config.live!,
  };
  for (const [name, steps] of Object.entries(variants)) {
    const batches = (clips: LiveClip[]) => new LiveBatches(clips, { config, steps });
    all.push(
      await compare(
        `batches of an epoch, ${name}`,
        sides,
        (clips) => drain(batches(clips), config),
      ),
      await compare(`epoch of ConvNeXt-atto, ${name}`, sides, async (clips) => {
        using source = batches(clips);
        return await epoch(config, source);
      }),
    );
  }
  return all;
}

/** The demo's clips for training, several times over. */
async function clipsOf({ frontEnd }: RunConfig): Promise<Sides> {
  const files = demoClips(demoFolder("small"))
    .filter(({ fault, part }) => !fault && part === "train");
  const kept = await waveformsOf(files.map(({ path }) => path), frontEnd);
  const targets = targetsOf(files), count = INSTRUMENTS.length;
  const clips = (waveform: (k: number) => string): LiveClip[] =>
    Array.from({ length: COPIES }, () =>
      files.map(({ recording }, k) => {
        const labels = targets.slice(k * count, (k + 1) * count);
        return { waveform: waveform(k), labels, recording };
      })).flat();
  return { kept: clips((k) => kept.files[k]), files: clips((k) => files[k].path) };
}

async function compare(
  name: string,
  sides: Sides,
  run: (clips: LiveClip[]) => Promise<number>,
): Promise<BenchRow> {
  const times = { kept: [] as number[], files: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    times.kept.push(await run(sides.kept));
    times.files.push(await run(sides.files));
  }
  const [ours, peer] = [median(times.kept), median(times.files)];
  const row = { name, ours, peer, peerName: "Lumen, resampled in the loop", unit: "ms" };
  return { ...row, ratio: ours / peer };
}

/** Milliseconds for the batches of an epoch, from the first one on: before it the workers start. */
async function drain(
  batches: LiveBatches,
  { batchSize }: Pick<RunConfig, "batchSize">,
): Promise<number> {
  using source = batches;
  await source.at(0);
  const start = performance.now(), count = Math.floor(source.examples / batchSize);
  for (let step = 1; step < count; step++) await source.at(step);
  return performance.now() - start;
}
