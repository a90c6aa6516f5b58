/** The run that a run's backbone is pretrained in. */
import { readSafetensors } from "../nn/safetensors.ts";
import { BASE_CONFIG, parseConfig, type RunConfig } from "./config.ts";
import { buildNetwork } from "./model.ts";
import type { NamedValues } from "./parameters.ts";

/**
 * The configuration of the run whose backbone a run begins with: the same data, fold, front end, backbone, optimizer and
 * seed; what belongs to a head or a loss of labels is the base's, so that runs that differ in these share it.
 */
export function pretrainingConfig(config: RunConfig): RunConfig | undefined {
  const { pretraining, seed, data, frontEnd, model, optimizer } = config;
  if (!pretraining) return undefined;
  const { head, dropRate, hidden } = BASE_CONFIG.model;
  return parseConfig({
    ...BASE_CONFIG,
    seed,
    data,
    frontEnd,
    model: { ...model, head, dropRate, hidden },
    optimizer,
    ...pretraining,
  }, `the pretraining of ${config.recipe}`);
}

/** A run's weights of the backbone alone. @throws Error that names the file, where it cannot be read */
export function backboneWeights(path: string, model: RunConfig["model"]): NamedValues {
  const { tensors } = readSafetensors(path);
  const names = new Set(buildNetwork(model).backbone.parameters.map(({ name }) => name));
  return new Map([...tensors].filter(([name]) => names.has(name)));
}
