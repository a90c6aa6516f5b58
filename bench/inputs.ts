/**
 * What three inputs cost in training (F7, X4): steps of ConvNeXt-atto on mel spectrograms, chroma and scalograms as channels
 * of one picture, and with a network for each, beside steps on mel spectrograms alone. The demo's clips of three seconds,
 * 32 at once, all cores.
 *
 * The networks take turns; a row is the median. Takes three minutes.
 */
import { recipeConfig } from "../experiments/recipes/mod.ts";
import { buildNetwork } from "../lib/train/model.ts";
import { prepareNetwork } from "./network.ts";
import { median } from "./peer.ts";
import type { BenchRow } from "./row.ts";

const ROUNDS = 10, STEPS = 4;

/** What is fed to the network, and how many pictures that is. */
const SIDES = [
  { name: "mel", recipe: "demo+unmixed", pictures: 1 },
  { name: "three channels", recipe: "demo+unmixed+channels", pictures: 3 },
  { name: "three networks", recipe: "demo+unmixed+stems", pictures: 3 },
] as const;

/** Rows of milliseconds. */
export function rows(): BenchRow[] {
  const sides = SIDES.map(({ name, recipe, pictures }) => {
    const { model, frontEnd, batchSize } = recipeConfig(recipe);
    const frames = Math.ceil(frontEnd.chunkSeconds * frontEnd.sampleRate / frontEnd.hopLength);
    const { backbone } = buildNetwork(model);
    const network = prepareNetwork(backbone, [batchSize, pictures * frontEnd.nMels, frames, 1]);
    return { name, network, times: [] as number[] };
  });
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { network, times } of sides) {
      network.step(); // caches are another network's still
      for (let step = 0; step < STEPS; step++) {
        const start = performance.now();
        network.step();
        if (round > 0) times.push(performance.now() - start);
      }
    }
  }
  const [peer, ...others] = sides.map(({ times }) => median(times));
  return others.map((ours, k) => ({
    name: `step with ${SIDES[k + 1].name}`,
    ours,
    peer,
    peerName: "Lumen, mel alone",
    ratio: ours / peer,
    unit: "ms",
  }));
}
