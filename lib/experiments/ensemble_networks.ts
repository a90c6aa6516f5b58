/** Ensembles of runs whose weights are here: their networks answer together, on the data of the runs (X3). */
import { type Combination, combine } from "../evaluation/ensemble.ts";
import { logit } from "../evaluation/aggregate.ts";
import type { tf } from "../nn/engine/mod.ts";
import { buildNetwork } from "../train/model.ts";
import { loadWeights } from "../train/parameters.ts";
import { makePredictor, type Predictor, sigmoid } from "../train/predictor.ts";
import { missingWeights, type RunFolder, withoutSeed } from "./run_folder.ts";
import { loadTrainingData } from "./run_training.ts";

/**
 * How networks become one: their answers are combined, or their weights are averaged (a soup: Wortsman et al., 2022,
 * arXiv 2203.05482), statistics too. Soups are for networks that began with the same weights: between networks that did
 * not, the mean is no network at all.
 */
export type NetworkCombination = Combination | "soup";

/** The mean of weights by their names. */
function soupOf(members: readonly ReadonlyMap<string, tf.Tensor>[]): Map<string, tf.Tensor> {
  const [first, ...others] = members;
  return new Map([...first].map(([name, tensor]) => [
    name,
    others.reduce((sum, member) => sum.add(member.get(name)!), tensor).div(members.length),
  ]));
}

/**
 * Several networks as one.
 *
 * @throws Error where there is no run, a run's weights are not here, or runs of different settings are to be a soup
 */
export function ensemblePredictor(
  folders: readonly RunFolder[],
  by: NetworkCombination,
): Predictor {
  if (folders.length === 0) throw new Error("an ensemble needs a finished run");
  const without = folders.find((folder) => !folder.hasWeights);
  if (without) throw missingWeights(without.name);
  const other = folders.find(({ name }) => withoutSeed(name) !== withoutSeed(folders[0].name));
  if (by === "soup" && other) {
    throw new Error(
      `${other.name} has other settings than ${
        folders[0].name
      }: a soup's weights are of one kind of network`,
    );
  }
  const weights = folders.map((folder) => loadWeights(folder.weights));
  const networks = folders.map((folder) => buildNetwork(folder.readRecord().config.model));
  if (by === "soup") {
    const soup = soupOf(weights);
    return makePredictor(networks[0], () => soup);
  }
  const members = networks.map((network, k) => makePredictor(network, () => weights[k]));
  return async (input, shape) => {
    const answers: Float32Array[] = [];
    for (const predict of members) answers.push(sigmoid(await predict(input, shape)));
    return combine(answers, { by }).map(logit);
  };
}

/**
 * What an ensemble reaches, in the columns of its runs' results.
 *
 * @throws Error as {@link ensemblePredictor}, where runs have different data, and where the data are not here
 */
export async function evaluateNetworks(folders: readonly RunFolder[], by: NetworkCombination) {
  const predict = ensemblePredictor(folders, by);
  const [first, ...others] = folders.map((folder) => folder.readRecord().config);
  const dataOf = ({ data, frontEnd }: typeof first) => JSON.stringify([data, frontEnd]);
  const k = others.findIndex((config) => dataOf(config) !== dataOf(first));
  if (k >= 0) {
    throw new Error(
      `${folders[k + 1].name} has other data or another front end than ${
        folders[0].name
      }: they cannot be evaluated together`,
    );
  }
  return await (await loadTrainingData(first)).evaluate(predict);
}
