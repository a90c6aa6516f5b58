/** What the project's committed files say, for the rules that decide claims. */
import { claimEstimates } from "./claim_estimates/mod.ts";
import type { ClaimSources } from "./claims.ts";
import type { FinishedRun, IrmasResult } from "./evidence.ts";
import { irmasExperiments, leading } from "./experiments.ts";
import { readLedger } from "./ledger.ts";

/** Options of {@link projectSources}. */
export interface ProjectSourcesOptions extends Pick<ClaimSources, "difference" | "between"> {
  /** The finished runs of a recipe, by seed. */
  runsOf: (recipe: string) => Promise<FinishedRun<IrmasResult>[]>;
}

/** The ledger, the estimates, and the runs. */
export function projectSources(
  { runsOf, difference, between }: ProjectSourcesOptions,
): ClaimSources {
  const kept = new Map<string, ReturnType<typeof runsOf>>();
  const once = (recipe: string) => kept.getOrInsertComputed(recipe, runsOf);
  const estimates = claimEstimates({
    runsOf: once,
    leader: () =>
      leading(irmasExperiments(), ({ mixturesOfTwo }) => mixturesOfTwo.macroF1.value)[0]?.runs ??
        [],
  });
  return {
    ledger: readLedger(),
    estimate: async (name) => await estimates[name](),
    difference,
    between,
  };
}
