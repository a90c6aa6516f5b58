/** `lumen ledger`: the document's numbers beside ours. */
import type { Command } from "commander";
import { formatLedger, readLedger } from "../../lib/experiments/ledger.ts";

/** Adds the command. */
export function register(program: Command): void {
  program.command("ledger")
    .description("the document's numbers beside ours")
    .option("--json", "print a JSON list")
    .action(({ json }: { json?: boolean }) => {
      const rows = readLedger();
      console.log(json ? JSON.stringify(rows, null, 2) : formatLedger(rows));
    });
}
