/**
 * What three inputs cost in training (F7, X4): steps of ConvNeXt-atto on mel spectrograms, chroma and scalograms as channels
 * of one picture, and with a network for each, beside steps on mel spectrograms alone. The demo's clips of three seconds,
 * 32 at once, all cores.
 *
 * The networks take turns; a row is the median of all steps, its interval over the rounds. Takes a minute.
 */
import { recipeConfig } from "../experiments/recipes/mod.ts";
import { overSeeds } from "../lib/evaluation/over_seeds.ts";
import { chunkFrames } from "../lib/features/chunks.ts";
import { inputKinds } from "../lib/train/config.ts";
import { buildNetwork } from "../lib/train/model.ts";
import { type InputShape, prepareNetwork } from "./network.ts";
import { median } from "./peer.ts";
import type { BenchRow } from "./row.ts";

const ROUNDS = 10, STEPS = 4;

/** What is trained; the first is what the others are held against. */
const SIDES = {
  "mel": "demo+unmixed",
  "three channels": "demo+unmixed+channels",
  "three networks": "demo+unmixed+stems",
};

/** Rows of milliseconds. */
export function rows(): BenchRow[] {
  const sides = Object.entries(SIDES).map(([name, recipe]) => {
    const config = recipeConfig(recipe), { model, frontEnd, batchSize } = config;
    const bands = inputKinds(config).length * frontEnd.nMels; // one below the other
    const shape: InputShape = [batchSize, bands, chunkFrames(frontEnd), 1];
    const network = prepareNetwork(buildNetwork(model).backbone, shape);
    return { name, network, rounds: [] as number[][] };
  });
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { network, rounds } of sides) {
      network.step(); // caches are another network's still
      const times = Array.from({ length: STEPS }, () => {
        const start = performance.now();
        network.step();
        return performance.now() - start;
      });
      if (round > 0) rounds.push(times); // the first compiles
    }
  }
  const [{ rounds: alone }, ...others] = sides, peer = median(alone.flat());
  return others.map(({ name, rounds }) => {
    const ours = median(rounds.flat());
    const { low, high } = overSeeds(rounds.map((own, k) => median(own) / median(alone[k])));
    const row = { name: `step with ${name}`, ours, peer, unit: "ms", interval: [low!, high!] };
    return { ...row, peerName: "Lumen, mel alone", ratio: ours / peer } as BenchRow;
  });
}
