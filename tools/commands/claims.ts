/** `lumen claims`: what the document claims, sentence by sentence, and what the evidence says of it. */
import { type Command, Option } from "commander";
import { CLAIMS } from "../../experiments/claims/mod.ts";
import { FAMILIES } from "../../experiments/recipes/families/mod.ts";
import { recipeConfig, resolveRecipe } from "../../experiments/recipes/mod.ts";
import { judgeClaims } from "../../lib/experiments/claim_rules.ts";
import { projectSources } from "../../lib/experiments/claim_sources.ts";
import { formatClaims, VERDICTS } from "../../lib/experiments/claims.ts";
import { showProgress } from "../../lib/core/progress.ts";
import { differencesOf, gatherEvidence } from "../../lib/experiments/family_evidence.ts";
import { readRuns } from "../../lib/experiments/evidence.ts";

/** Adds the command. */
export function register(program: Command): void {
  program.command("claims")
    .description("what the document claims, and what the evidence says of it")
    .addOption(new Option("--verdict <verdict>", "only those with this verdict").choices(VERDICTS))
    .option("--json", "print a JSON list")
    .action(async ({ verdict, json }: { verdict?: string; json?: boolean }) => {
      const evidence = await gatherEvidence(FAMILIES, { resolve: resolveRecipe });
      const bar = showProgress("claims", CLAIMS.length);
      const claims = await judgeClaims(CLAIMS, {
        ...projectSources({
          runsOf: (recipe) => readRuns(recipeConfig(recipe)),
          ...differencesOf(evidence),
        }),
        onProgress: (judged) => bar.update(judged),
      });
      bar.done();
      const meant = claims.filter((claim) => !verdict || claim.verdict === verdict);
      console.log(json ? JSON.stringify(meant, null, 2) : formatClaims(meant));
    });
}
