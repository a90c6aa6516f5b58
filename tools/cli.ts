/**
 * The command line behind `./lumen`. One file a command in tools/commands/, loaded when it is asked for: a
 * command starts as fast as what it imports.
 */
import { Command } from "commander";
import { endWithParent } from "../lib/core/parent.ts";

interface CommandModule {
  /** Adds the command to the program. */
  register(program: Command): void;
}

const COMMANDS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  train: () => import("./commands/train.ts"),
  evaluate: () => import("./commands/evaluate.ts"),
  demo: () => import("./commands/demo.ts"),
  data: () => import("./commands/data.ts"),
  ledger: () => import("./commands/ledger.ts"),
  claims: () => import("./commands/claims.ts"),
  quality: () => import("./commands/quality.ts"),
  svm: () => import("./commands/svm.ts"),
  ensemble: () => import("./commands/ensemble.ts"),
  thresholds: () => import("./commands/thresholds.ts"),
  experiment: () => import("./commands/experiment.ts"),
  compare: () => import("./commands/compare.ts"),
  "zero-shot": () => import("./commands/zero_shot.ts"),
  chunking: () => import("./commands/chunking.ts"),
  "joined-clips": () => import("./commands/joined_clips.ts"),
  "inference-time": () => import("./commands/inference_time.ts"),
  bench: () => import("./commands/bench.ts"),
  predict: () => import("./commands/predict.ts"),
  lab: () => import("./commands/lab.ts"),
  notebook: () => import("./commands/notebook.ts"),
  fuzz: () => import("./commands/fuzz.ts"),
  test: () => import("./commands/tests.ts"),
  doctor: () => import("./commands/doctor.ts"),
};

/** The program with the command that the arguments name, or with all of them. */
export async function buildProgram(args: readonly string[]): Promise<Command> {
  const program = new Command("lumen")
    .description("Musical instrument recognition: notebooks, training, data.")
    .helpCommand(false);
  const names = args.length > 0 && args[0] in COMMANDS ? [args[0]] : Object.keys(COMMANDS);
  for (const name of names) (await COMMANDS[name]()).register(program);
  return program;
}

if (import.meta.main) {
  endWithParent();
  try {
    const program = await buildProgram(Deno.args);
    await program.parseAsync(Deno.args, { from: "user" });
  } catch (error) {
    // our errors are sentences for the reader; where they came from is for who mends the program
    const known = error instanceof Error && !Deno.env.has("LUMEN_DEBUG");
    console.error(known ? `lumen: ${error.message}` : error);
    Deno.exit(1);
  }
}
