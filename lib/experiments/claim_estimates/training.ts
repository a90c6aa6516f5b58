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
  "F1: gain where the backbone is unfrozen less the largest other": () =>
    whereUnfrozen(
      runsOf,
      "validation/macroF1",
      ({ unfrozen, before, later }) => unfrozen - Math.max(...before, ...later),
    ),
  "loss on held-out clips: rise where the backbone is unfrozen": () =>
    whereUnfrozen(runsOf, "validation/loss", ({ unfrozen }) => unfrozen),
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

/** What a measure changes by from epoch to epoch: while the head is trained alone, in the first epoch of all, and after it. */
interface Changes {
  before: number[];
  unfrozen: number;
  later: number[];
}

/** YAMNet with three epochs of the head alone: two tell what another one of them would bring. */
const UNFROZEN = "irmas_yamnet+head-3";

/**
 * What a measure does when the backbone of YAMNet begins to learn.
 *
 * @param of from a run's changes to a number
 */
async function whereUnfrozen(
  runsOf: NetworkSources["runsOf"],
  measure: string,
  of: (changes: Changes) => number,
): Promise<Estimate> {
  const runs = (await runsOf(UNFROZEN)).flatMap(({ config: { headEpochs }, metrics }) => {
    const curve = metrics.filter(({ name }) => name === measure).map(({ value }) => value);
    const changes = curve.slice(1).map((value, epoch) => value - curve[epoch]);
    // change k is from epoch k to epoch k + 1, and epoch headEpochs is the first of all
    const at = headEpochs - 1;
    if (at < 1 || changes.length <= at) return [];
    const [before, later] = [changes.slice(0, at), changes.slice(at + 1)];
    return [{ before, unfrozen: changes[at], later }];
  });
  if (runs.length < 2) return { missing: `there are no two runs of ${UNFROZEN} with ${measure}` };
  const { mean: value, low, high } = overSeeds(runs.map(of));
  return { value, low, high, note: `${runs.length} runs of ${UNFROZEN}` };
}
