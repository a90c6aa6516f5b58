/** `lumen experiment`: the runs of a family of experiments, and what they say. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { FAMILIES } from "../../experiments/recipes/families/mod.ts";
import { resolveRecipe } from "../../experiments/recipes/mod.ts";
import { showProgress } from "../../lib/core/progress.ts";
import { type Family, type Preset, PRESETS } from "../../lib/experiments/family.ts";
import { gatherEvidence } from "../../lib/experiments/family_evidence.ts";
import {
  estimateRuns,
  formatPlan,
  missingRuns,
  planFamily,
  runsOf,
} from "../../lib/experiments/plan.ts";
import { runPlan } from "../../lib/experiments/run_plan.ts";
import { runTask } from "../../lib/experiments/slurm_task.ts";
import { Interrupts } from "../interrupt.ts";
import { printComparison } from "./compare.ts";
import {
  addSlurmOptions,
  checkSlurmOptions,
  type SlurmOptions,
  submitPlan,
} from "./experiment_slurm.ts";

interface Options extends SlurmOptions {
  preset: Preset;
  seeds?: number;
  only?: string[];
  dryRun?: boolean;
}

/** The families as lines: what they ask, where, and how many of their runs are there. */
async function listFamilies(): Promise<string> {
  const lines = await Promise.all(
    Object.entries(FAMILIES).map(async ([id, family]) => {
      const presets = await Promise.all(
        (Object.keys(family.presets) as Preset[]).map(async (preset) => {
          const runs = runsOf(await planFamily(id, family, { preset, resolve: resolveRecipe }));
          const there = runs.filter(({ state }) => state === "finished").length;
          return `${preset} ${there}/${runs.length}`;
        }),
      );
      const where = [...presets, ...family.study ? [family.study.command] : []].join(", ");
      return `${id.padEnd(5)}${family.title.padEnd(32)}${where}`;
    }),
  );
  return [
    "family, and by preset how many of its runs are there; a command where one answers it",
    ...lines,
  ].join("\n");
}

/** @throws Error for an unknown family, with the known ones */
function familyOf(id: string): Family {
  const family = FAMILIES[id] ?? FAMILIES[id.toUpperCase()];
  if (!family) {
    throw new Error(
      `there is no experiment "${id}"; known: ${Object.keys(FAMILIES).join(", ")}`,
    );
  }
  return family;
}

/** Prints what the runs that are there say. */
async function printEvidence(id: string, family: Family, preset: Preset): Promise<void> {
  const evidence = (await gatherEvidence({ [id]: family }, { resolve: resolveRecipe })).get(id)!;
  for (const found of evidence.filter((found) => found.preset === preset)) {
    printComparison(found.comparison);
    if (found.missing.length > 0) console.log(`Not run yet: ${found.missing.join(", ")}.`);
  }
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError("needs a whole number from 1 on.");
  }
  return value;
}

/** Adds the command. */
export function register(program: Command): void {
  const command = program.command("experiment")
    .description(
      "make the runs of a family of experiments that are missing, and compare them; without a family, list them",
    )
    .argument("[family]", "E1 to E28, or best")
    .addOption(
      new Option("--preset <name>", "real spectrograms, rendered audio, or the document's settings")
        .choices(PRESETS).default("real"),
    )
    .option("--seeds <number>", "runs of each variant (default: the family's, mostly 3)", count)
    .option("--only <variants>", "with commas between, and their base", (text) => text.split(","))
    .option("--dry-run", "print which runs are there and how long the others take, and make none")
    .action(async (id: string | undefined, options: Options) => {
      const { preset, seeds, only, dryRun, ...slurm } = options;
      if (slurm.slurmTask) Deno.exit(await runTask(slurm.slurmTask, { resolve: resolveRecipe }));
      checkSlurmOptions(slurm);
      if (!id) return console.log(await listFamilies());
      const family = familyOf(id);
      const plan = await planFamily(id, family, { preset, seeds, only, resolve: resolveRecipe });
      const missing = missingRuns(plan);
      let bar: ReturnType<typeof showProgress> | undefined;
      // who sets a limit for Slurm's machines need not know how fast this one is
      const seconds = await estimateRuns(slurm.time ? [] : missing, {
        onMeasured(done, of) {
          bar ??= showProgress("measuring updates", of);
          bar.update(done);
        },
      });
      bar?.done();
      console.log(`${id}: ${family.question}\n${formatPlan(plan, seconds)}`);
      if (dryRun) Deno.exit(0);
      if (missing.length > 0 && slurm.slurm) {
        const finished = await submitPlan(missing, { ...slurm, family: id, seconds });
        if (finished) await printEvidence(id, family, preset);
        Deno.exit(0);
      }
      if (missing.length === 0) {
        await printEvidence(id, family, preset);
        Deno.exit(0);
      }
      const interrupts = new Interrupts("the same command goes on");
      const { failed, stopped } = await interrupts.stoppable((signal) =>
        runPlan(missing, {
          signal,
          onRun: ({ recipe, seed }, { number, of }) =>
            console.log(`[${number}/${of}] ./lumen train ${recipe} --seed ${seed}`),
          onWait: (runs) =>
            console.log(`${runs.length} runs are being made by another process: waiting for them`),
        })
      );
      if (stopped) interrupts.exit();
      if (failed.length > 0) {
        const commands = failed.map(({ recipe, seed }) => `./lumen train ${recipe} --seed ${seed}`);
        throw new Error(`${failed.length} runs failed (above): ${commands.join("; ")}`);
      }
      await printEvidence(id, family, preset);
      Deno.exit(0);
    });
  addSlurmOptions(command, count);
}
