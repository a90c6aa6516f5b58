/** `lumen notebook`: runs notebooks headless and writes them back with their outputs. */
import { type Command, InvalidArgumentError } from "commander";
import { runNotebook } from "../notebook_runner.ts";
import { findNotebooks } from "../notebooks.ts";

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("needs a number of seconds above 0.");
  return value;
}

/** Adds the command. */
export function register(program: Command): void {
  program.command("notebook")
    .description("run notebooks headless and keep their outputs: 01, 02, ... or all")
    .argument("<name>", "number, name or path of a notebook, or all")
    .option("--cell-timeout <seconds>", "the longest a cell may take", positive, 300)
    .option("--output <path>", "write the executed notebook here (one notebook only)")
    .action(async (name: string, options: { cellTimeout: number; output?: string }) => {
      const paths = findNotebooks(name);
      if (options.output && paths.length > 1) {
        throw new Error("--output takes one notebook; without it each is written in place");
      }
      for (const path of paths) {
        const { code } = await runNotebook(path, options);
        if (code !== 0) Deno.exit(code);
      }
    });
}
