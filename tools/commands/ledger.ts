/** `lumen ledger`: the document's numbers beside ours. */
import type { Command } from "commander";
import { FAMILIES } from "../../experiments/recipes/families/mod.ts";
import { resolveRecipe } from "../../experiments/recipes/mod.ts";
import { gatherEvidence } from "../../lib/experiments/family_evidence.ts";
import { familyFacts } from "../../lib/experiments/family_facts.ts";
import { fact, formatLedger, readLedger } from "../../lib/experiments/ledger.ts";
import { studyFacts } from "../../lib/experiments/study_facts.ts";

/** Adds the command. */
export function register(program: Command): void {
  program.command("ledger")
    .description("the document's numbers beside ours")
    .option("--update", "first take the rows of experiments anew from finished runs and studies")
    .option("--json", "print a JSON list")
    .action(async ({ update, json }: { update?: boolean; json?: boolean }) => {
      if (update) {
        const evidence = await gatherEvidence(FAMILIES, { resolve: resolveRecipe });
        for (const row of [...familyFacts(FAMILIES, evidence), ...studyFacts()]) fact(row);
      }
      const rows = readLedger();
      console.log(json ? JSON.stringify(rows, null, 2) : formatLedger(rows));
    });
}
