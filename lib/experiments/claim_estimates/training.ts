/** What runs measured while they were trained: how fast they converge, and what unfreezing does. */
import { overSeeds } from "../../evaluation/over_seeds.ts";
import { compareSpeed } from "../convergence.ts";
import type { Estimates } from "./estimate.ts";
import type { NetworkSources } from "./networks.ts";

/** Estimates from the metrics of runs, with intervals over seeds. */
export const trainingEstimates = ({ runsOf }: Pick<NetworkSources, "runsOf">): Estimates => ({
  "epochs to converge: ConvLSTM less LSTM": async () => {
    const [slow, fast] = [await runsOf("irmas_conv_lstm"), await runsOf("irmas_lstm")]
      .map((runs) => runs.map(({ metrics }) => metrics));
    const [speed] = compareSpeed({ base: slow, variants: [{ name: "LSTM", runs: fast }] });
    if (!speed) return { missing: "there are no two runs each of irmas_conv_lstm and irmas_lstm" };
    const { value, low, high, level } = speed;
    return { value, low, high, note: `epochs until the accuracy is ${level.toFixed(3)}` };
  },
  "F1: gain where the backbone is unfrozen less the largest later": async () => {
    const runs = (await runsOf("irmas_yamnet")).filter(({ config }) => config.headEpochs > 0);
    if (runs.length < 2) return { missing: "there are no two runs of irmas_yamnet" };
    const leads = runs.map(({ config, metrics }) => {
      const f1 = metrics.filter(({ name }) => name === "validation/macroF1");
      const gains = f1.slice(1).map(({ value }, epoch) => value - f1[epoch].value);
      const [unfrozen, ...later] = gains.slice(config.headEpochs - 1);
      return unfrozen - Math.max(...later);
    });
    const { mean: value, low, high } = overSeeds(leads);
    return {
      value,
      low,
      high,
      note: `${runs.length} runs of irmas_yamnet, whose head is trained alone for ${
        runs[0].config.headEpochs
      } epoch; a network that is never frozen gains most early too`,
    };
  },
});
