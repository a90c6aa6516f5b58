/** Everything that claims of the document are held against and that committed files give. */
import type { FinishedRun, IrmasResult } from "../evidence.ts";
import type { Estimates } from "./estimate.ts";
import { labelEstimates } from "./labels.ts";
import { musicEstimates } from "./music.ts";
import { networkEstimates } from "./networks.ts";
import { signalEstimates } from "./signal.ts";
import { studyEstimates } from "./studies.ts";

/**
 * All estimates by name.
 *
 * @param options.runsOf the finished runs of a recipe
 * @param options.folder where the studies' files are. Default: the project's `experiments/`
 */
export const claimEstimates = (
  { runsOf, folder }: {
    runsOf: (recipe: string) => Promise<readonly FinishedRun<IrmasResult>[]>;
    folder?: string;
  },
): Estimates => ({
  ...labelEstimates,
  ...musicEstimates,
  ...signalEstimates,
  ...studyEstimates(folder),
  ...networkEstimates(runsOf),
});
