/**
 * Two updates of every variant of the preset `paper`, one of the head and one of all, on a made-up tree in IRMAS's layout:
 * run once in a while, as the networks are large, and its summary kept. Weights that are published on a hub are left out.
 *
 *     ./lumen deno run -P=lumen tests/experiments/paper_steps.ts
 *
 * What was tried stands in data/runs/paper_steps.jsonl, a line each, and is not tried again: it may be stopped anywhere.
 */
import { FAMILIES } from "experiments/recipes/families/mod.ts";
import { recipeConfig, resolveRecipe } from "experiments/recipes/mod.ts";
import { encodeWav } from "lib/audio/wav.ts";
import { dirname, join } from "node:path";
import { exists, writeJson } from "lib/core/files.ts";
import { Journal } from "lib/core/journal.ts";
import { projectPath } from "lib/core/paths.ts";
import { showProgress } from "lib/core/progress.ts";
import { randomFrom } from "lib/core/random.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { takeRows } from "lib/evaluation/threshold.ts";
import { irmasAudioData } from "lib/experiments/irmas_audio_data.ts";
import { planFamily, runsOf } from "lib/experiments/plan.ts";
import { batchesOf } from "lib/experiments/run_training.ts";
import { withoutSeed } from "lib/experiments/run_folder.ts";
import { parseConfig, type RunConfig } from "lib/train/config.ts";
import { train } from "lib/train/loop.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

/** What became of a variant. */
interface Outcome {
  recipe: string;
  /** Losses of the updates: of the head, then of all, where the network has epochs of the head alone; of live batches several. */
  losses?: number[];
  failure?: string;
  seconds: number;
}

const RESULTS = projectPath("data", "runs", "paper_steps.jsonl");
const SUMMARY = projectPath("tests", "experiments", "PAPER_STEPS.json");

/** Clips of three seconds, two recordings an instrument, and four songs of five seconds with two instruments. */
function makeTree(folder: string): void {
  const random = randomFrom("made-up IRMAS");
  const write = (path: string, seconds: number) => {
    const samples = Float32Array.from({ length: seconds * 16000 }, () => 0.3 * random.normal());
    Deno.mkdirSync(dirname(join(folder, path)), { recursive: true });
    Deno.writeFileSync(join(folder, path), encodeWav({ sampleRate: 16000, channels: [samples] }));
  };
  INSTRUMENTS.forEach((code, k) => {
    for (const n of [1, 2]) {
      write(
        `IRMAS-TrainingData/${code}/[${code}][cla]${String(10 * k + n).padStart(4, "0")}__1.wav`,
        3,
      );
    }
  });
  ["a", "b", "c", "d"].forEach((song, k) => {
    const path = `IRMAS-TestingData-Part1/Part1/${song}-1`;
    write(`${path}.wav`, 5);
    const labels = [INSTRUMENTS[k], INSTRUMENTS[k + 4]];
    Deno.writeTextFileSync(
      join(folder, `${path}.txt`),
      labels.map((code) => `${code}\t\n`).join(""),
    );
  });
}

/** As few steps as there can be: two clips, one batch an epoch (of AST two), an epoch of the head alone where there are any. */
function shortened({ recipe, ...config }: RunConfig): RunConfig {
  const model = { ...config.model };
  if ("weights" in model) delete model.weights;
  const headEpochs = Math.min(config.headEpochs, 1);
  return parseConfig({
    ...config,
    recipe,
    model,
    epochs: headEpochs + 1,
    headEpochs,
    // its attention over three clips in a row takes more than 22 GB for two of them
    batchSize: config.model.backbone === "ast" ? 1 : 2,
    accumulate: undefined,
  }, recipe);
}

async function makeSteps({ ...config }: RunConfig, folder: string): Promise<number[]> {
  const losses: number[] = [];
  // any sounds will do as background noise
  if (config.live) {
    config.live = { ...config.live, noises: join(folder, "IRMAS-TestingData-Part1") };
  }
  const data = await irmasAudioData(config, { root: folder, features: join(folder, "features") });
  // of two instruments: others are no partners in a sum
  const [first, ...others] = data.train, { targets } = data.clips;
  const labelsOf = (clip: number) => takeRows(targets, [clip]).join();
  const second = others.find((clip) => labelsOf(clip) !== labelsOf(first))!;
  const few = { ...data, train: [first, second] };
  using batches = await batchesOf(config, few);
  await train({
    config,
    batches,
    checkpoint: join(folder, "checkpoint.safetensors"),
    validate: () => Promise.resolve({}),
    onMetric: ({ name, value }) => name === "train/loss" && losses.push(value),
  });
  return losses;
}

/** Tries a variant in a process of its own: what one leaves in memory would be gigabytes after twenty. */
async function tryApart(recipe: string, folder: string): Promise<Outcome> {
  const start = performance.now();
  const { success, stdout, stderr, signal } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-P=lumen", new URL(import.meta.url).pathname, recipe, folder],
    stdin: "null",
  }).output();
  const said = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  const seconds = Math.round((performance.now() - start) / 1000);
  if (!success) {
    return { recipe, failure: signal ?? said(stderr).slice(-300), seconds };
  }
  const losses = JSON.parse(said(stdout).split("\n").at(-1)!) as (number | null)[];
  const isWrong = losses.includes(null); // JSON has no other numbers
  return {
    recipe,
    losses: losses as number[],
    ...(isWrong && { failure: "a loss is no number" }),
    seconds,
  };
}

/** Every variant's recipe. */
async function paperRecipes(): Promise<string[]> {
  const runs = new Map<string, string>();
  for (const [id, family] of Object.entries(FAMILIES)) {
    if (!family.presets.paper) continue;
    for (
      const { name, config } of runsOf(
        await planFamily(id, family, { preset: "paper", seeds: 1, resolve: resolveRecipe }),
      )
    ) {
      runs.set(withoutSeed(name), config.recipe);
    }
  }
  return [...runs.values()];
}

if (import.meta.main) {
  const [recipe, tree] = Deno.args;
  if (recipe) {
    const losses = await makeSteps(shortened(recipeConfig(recipe)), tree);
    console.log(JSON.stringify(losses));
    Deno.exit(0);
  }
  using folder = new TemporaryFolder();
  makeTree(folder.path);
  const recipes = await paperRecipes();
  const journal = new Journal<Outcome>(RESULTS);
  const tried = new Set(journal.entries.map(({ recipe }) => recipe));
  const left = recipes.filter((recipe) => !tried.has(recipe));
  const bar = showProgress("updates", left.length);
  for (const [k, recipe] of left.entries()) {
    bar.update(k, recipe);
    const outcome = await tryApart(recipe, folder.path);
    const checkpoint = folder.file("checkpoint.safetensors");
    if (exists(checkpoint)) Deno.removeSync(checkpoint);
    journal.append(outcome);
  }
  bar.done();
  const outcomes = journal.entries.filter(({ recipe }) => recipes.includes(recipe));
  const failures = outcomes.filter(({ failure }) => failure !== undefined);
  writeJson(SUMMARY, {
    date: new Date().toISOString().slice(0, 10),
    variants: recipes.length,
    failures,
    // the losses of the first and the last
    updates: Object.fromEntries(
      outcomes.map(({ recipe, losses }) => [recipe, losses && [losses[0], losses.at(-1)]]),
    ),
  });
  for (const { recipe, failure } of failures) console.error(`${recipe}: ${failure}`);
  Deno.exit(failures.length > 0 ? 1 : 0);
}
