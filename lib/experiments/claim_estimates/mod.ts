/** Everything that claims of the document are held against and that committed files give. */
import type { Estimates } from "./estimate.ts";
import { labelEstimates } from "./labels.ts";
import { musicEstimates } from "./music.ts";
import { networkEstimates, type NetworkSources } from "./networks.ts";
import { signalEstimates } from "./signal.ts";
import { studyEstimates } from "./studies.ts";
import { trainingEstimates } from "./training.ts";

/** All estimates by name. */
export const claimEstimates = (sources: NetworkSources): Estimates => ({
  ...labelEstimates,
  ...musicEstimates,
  ...signalEstimates,
  ...studyEstimates(),
  ...networkEstimates(sources),
  ...trainingEstimates(sources),
});
