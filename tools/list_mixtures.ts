/**
 * Writes which mixtures runs on a fold are scored on (lib/experiments/irmas_mixtures.ts).
 *
 *     ./lumen deno run -P=lumen tools/list_mixtures.ts 0
 */
import { recipeConfig } from "../experiments/recipes/mod.ts";
import { writeJson } from "../lib/core/files.ts";
import { projectPath } from "../lib/core/paths.ts";
import { randomFrom } from "../lib/core/random.ts";
import { loadIrmasMels } from "../lib/datasets/irmas_mels.ts";
import { INSTRUMENTS } from "../lib/datasets/labels.ts";
import { readFolds } from "../lib/datasets/split.ts";
import { evaluateIrmas } from "../lib/evaluation/report.ts";
import { mixturesFile, PLUS } from "../lib/experiments/irmas_mixtures.ts";

for (const fold of Deno.args.map(Number)) {
  const config = recipeConfig("irmas_scratch", { settings: [`data.fold=${fold}`] });
  if (config.data.source !== "irmas-mels") throw new TypeError("not a run on spectrograms");
  const mels = await loadIrmasMels();
  const { mixturesOfTwo, mixturesOfThree } = await evaluateIrmas(mels, {
    folds: readFolds(projectPath(config.data.foldsFile!)),
    fold,
    random: randomFrom("irmas evaluation"),
    samples: 2,
    predict: (_, count) => Promise.resolve(new Float32Array(count * INSTRUMENTS.length).fill(0.5)),
  });
  const names = (members: number[][]) =>
    members.map((row) => row.map((k) => mels.names[k]).join(PLUS));
  writeJson(mixturesFile(config.data)!, {
    mixturesOfTwo: names(mixturesOfTwo.members),
    mixturesOfThree: names(mixturesOfThree.members),
  });
}
