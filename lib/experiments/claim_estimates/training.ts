/** What losses and unfreezing do while networks are trained, how fast they converge, and what they decide at one half. */
import { overSeeds } from "../../evaluation/over_seeds.ts";
import { type Estimate, ONE_RUN } from "../claims.ts";
import { compareSpeed } from "../convergence.ts";
import { compareAtHalf, type Traded } from "../one_half.ts";
import type { Estimates } from "./estimate.ts";
import type { NetworkSources } from "./networks.ts";

/** Variants of the recipe screen that change what stands above one half, and what of their decisions is claimed. */
const AT_HALF: readonly [variant: string, ...Traded[]][] = [
  ["positive-weights", "macroF1", "recall", "precision"],
  ["focal-document-0.5", "macroF1"],
];

/** Estimates from the metrics of runs, with intervals over seeds, and from their scores, over recordings too. */
export const trainingEstimates = ({ runsOf }: Pick<NetworkSources, "runsOf">): Estimates => ({
  ...Object.fromEntries(
    AT_HALF.flatMap(([variant, ...traded]) =>
      traded.map((name) => [`${variant} at one half: ${name}`, () => atHalf(runsOf, variant, name)])
    ),
  ),
  "focal-document-0.5 less positive-weights at one half: precision": () =>
    atHalf(runsOf, "focal-document-0.5", "precision", "screen+positive-weights"),
  "positive weights: epochs saved by F1 at one half": async () => {
    const [base, runs] = [await runsOf("screen"), await runsOf("screen+positive-weights")]
      .map((side) => side.map(({ metrics }) => metrics));
    const variants = [{ name: "positive-weights", runs }];
    const [speed] = compareSpeed({ base, variants, of: "macroF1" });
    if (!speed) return { missing: "not run yet: ./lumen experiment E1" };
    const { value, low, high, level } = speed;
    return { value, low, high, note: `until macro-F1 on held-out clips is ${level.toFixed(3)}` };
  },
  "epochs to converge: ConvLSTM less LSTM": async () => {
    const [slow, fast] = [await runsOf("irmas_conv_lstm"), await runsOf("irmas_lstm")]
      .map((runs) => runs.map(({ metrics }) => metrics));
    const [speed] = compareSpeed({ base: slow, variants: [{ name: "LSTM", runs: fast }] });
    if (!speed) return { missing: "there are no two runs each of irmas_conv_lstm and irmas_lstm" };
    const { value, low, high, level } = speed;
    return { value, low, high, note: `epochs until the accuracy is ${level.toFixed(3)}` };
  },
  "F1: gain where the backbone is unfrozen less the largest later": () =>
    whereUnfrozen(runsOf, "validation/macroF1", ([gain, ...later]) => gain - Math.max(...later)),
  "loss on held-out clips: rise where the backbone is unfrozen": () =>
    whereUnfrozen(runsOf, "validation/loss", ([rise]) => rise),
});

/** What a variant does to decisions at one half, on mixtures of two. */
async function atHalf(
  runsOf: NetworkSources["runsOf"],
  variant: string,
  name: Traded,
  base = "screen",
): Promise<Estimate> {
  const found = compareAtHalf(await runsOf(base), await runsOf(`screen+${variant}`));
  if (!found) return { missing: `not run yet: ./lumen train screen+${variant}` };
  const { values, difference: { value, low, high } } = found[name];
  if (values.some(({ length }) => length < 2)) return { missing: ONE_RUN };
  return { value, low, high, note: `screen+${variant} less ${base}, mixtures of two` };
}

/**
 * What a measure does when the backbone of YAMNet begins to learn.
 *
 * @param of from the changes of each epoch, that in which it is unfrozen first, to a number
 */
async function whereUnfrozen(
  runsOf: NetworkSources["runsOf"],
  measure: string,
  of: (changes: number[]) => number,
): Promise<Estimate> {
  const runs = (await runsOf("irmas_yamnet")).flatMap(({ config: { headEpochs }, metrics }) => {
    const curve = metrics.filter(({ name }) => name === measure).map(({ value }) => value);
    const changes = curve.slice(1).map((value, epoch) => value - curve[epoch]);
    return headEpochs > 0 && changes.length > 0 ? [{ headEpochs, changes }] : [];
  });
  if (runs.length < 2) return { missing: `there are no two runs of irmas_yamnet with ${measure}` };
  const { mean: value, low, high } = overSeeds(
    runs.map(({ headEpochs, changes }) => of(changes.slice(headEpochs - 1))),
  );
  return {
    value,
    low,
    high,
    note: `${runs.length} runs of irmas_yamnet, whose head is trained alone for ${
      runs[0].headEpochs
    } epoch; a network that is never frozen changes most early too`,
  };
}
