/** A finished run with random weights, for what does not depend on what was learnt. */
import { randomFrom } from "lib/core/random.ts";
import { RunFolder } from "lib/experiments/run_folder.ts";
import { writeSafetensors } from "lib/nn/safetensors.ts";
import { BASE_CONFIG, parseConfig } from "lib/train/config.ts";
import { buildNetwork } from "lib/train/model.ts";

/**
 * Writes the run.
 *
 * @param head of the network, whose backbone is ConvNeXt-atto
 * @param options.root the folder of runs
 * @param options.model further settings of the network
 */
export function untrainedRun(
  head: string,
  { root, model = {} }: { root: string; model?: Record<string, unknown> },
): RunFolder {
  const config = parseConfig({
    ...BASE_CONFIG,
    model: { ...BASE_CONFIG.model, head, hidden: [], layerScale: 1, ...model },
    recipe: head,
    seed: 0,
    data: { source: "demo", size: "small" },
  });
  const tensors = new Map(
    buildNetwork(config.model).parameters.map(({ name, shape, initial }) => [
      name,
      { shape, data: initial(shape, randomFrom("inner view", name)) },
    ]),
  );
  const folder = new RunFolder(`${head}-00000000-seed0`, root);
  folder.writeRecord({ config, provenance: undefined as never });
  writeSafetensors(folder.weights, { tensors, metadata: {} });
  folder.writeResult({ threshold: 0.5 });
  return folder;
}
