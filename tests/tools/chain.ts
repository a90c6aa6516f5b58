/** Runs a notebook as the demo does: `chain.ts NOTEBOOK`. A program of its own, so that a test can kill it. */
import { ROOT } from "../../lib/core/paths.ts";
import { runNotebook } from "../../tools/notebook_runner.ts";

await runNotebook(Deno.args[0], { folder: ROOT, quiet: true });
