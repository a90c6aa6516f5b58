/**
 * The contract for every backbone at its smallest with every head and every loss: run once in a while, and its summary kept.
 *
 *     ./lumen deno run -P=lumen tests/contract/product.ts            all that is not done yet, then SUMMARY.json
 *     ./lumen deno run -P=lumen tests/contract/product.ts conv-lstm  of one backbone
 *
 * What was checked stands in data/runs/contract.jsonl, a line each, and is not checked again: it may be stopped anywhere.
 */
import { writeJson } from "lib/core/files.ts";
import { Journal } from "lib/core/journal.ts";
import { projectPath } from "lib/core/paths.ts";
import { showProgress } from "lib/core/progress.ts";
import { binding } from "lib/nn/engine/mod.ts";
import type { LossConfig } from "lib/nn/losses/loss.ts";
import { BASE_CONFIG, type RunConfig } from "lib/train/config.ts";
import { EFFICIENTNET, MOBILENET, RESNEXT } from "../nn/backbone_fixtures.ts";
import { BANDS, checkContract, type Contract } from "./contract.ts";

type Model = RunConfig["model"];
type HeadConfig = Pick<Model, "head" | "hidden">;

/** The heads. */
export const HEADS: Readonly<Record<Model["head"], HeadConfig>> = {
  pooled: { head: "pooled", hidden: [] },
  deep: { head: "deep", hidden: [64] },
  attention: { head: "attention", hidden: [64] },
  "fluffy-deep": { head: "fluffy-deep", hidden: [] },
  "fluffy-attention": { head: "fluffy-attention", hidden: [] },
};

/** The losses. */
export const LOSSES: Readonly<Record<string, LossConfig>> = {
  "binary cross-entropy": { name: "binary-cross-entropy" },
  "positive weights": { name: "binary-cross-entropy", positiveWeights: "balanced" },
  "focal loss": { name: "focal", gamma: 2, variant: "paper", alpha: 0.4 },
  "the document's focal loss": { name: "focal", gamma: 0.5, variant: "document" },
  "family loss": { name: "binary-cross-entropy", family: { factor: 0.8 } },
};

/** A network but for its head, which this fills in, and what it asks of the clips. */
interface Body extends Pick<Contract, "bands" | "frames" | "input" | "takenAway" | "steps"> {
  model: Record<string, unknown>;
  /** Of the heads, those that it can have. Default: all. */
  heads?: Model["head"][];
}

const { head: _head, hidden: _hidden, dropRate: _rate, ...atto } = BASE_CONFIG.model;

/** Heads of what has no time left: there is nothing to attend to. */
const WITHOUT_ATTENTION: Model["head"][] = ["pooled", "deep", "fluffy-deep"];

/**
 * Of inverted residuals, the narrow ends without activation: a pointwise convolution and a batch norm follow. @param two a
 * block of two convolutions before such a one
 */
const narrowBiases = (two: string) =>
  new RegExp(`\\bblocks\\.(\\d\\.\\d\\.bn3|${two}\\.bn2)\\.bias$`);

/** The backbones at their smallest, or smaller. The recurrent ones get clips of which their pools leave two steps. */
export const BODIES: Readonly<Record<Model["backbone"], Body>> = {
  convnext: { model: atto },
  "mobilenet-v3": { model: { size: MOBILENET }, takenAway: narrowBiases("0.0") },
  mobnet: {
    model: { size: MOBILENET },
    heads: ["fluffy-deep", "fluffy-attention"],
    takenAway: narrowBiases("0.0"),
  },
  resnext: { model: { size: RESNEXT } },
  "efficientnet-v2": {
    model: { size: EFFICIENTNET, stochasticDepthRate: 0 },
    takenAway: narrowBiases("2.0"),
  },
  // of 64 frames it leaves two: a batch's statistics are of 16 numbers, and those that predictions use 3 % wider in each layer
  yamnet: { model: { pretrained: false }, frames: 128 },
  // its running statistics follow slowly: after 400 steps a hundredth of the first ones, 1, is left, beside variances of 0.02
  musicnn: { model: { pretrained: false }, bands: 96, frames: 16, steps: 1000 },
  lstm: { model: { bands: BANDS, units: 64, layers: 1 }, frames: 96, heads: WITHOUT_ATTENTION },
  "conv-lstm": { model: {}, frames: 96, heads: WITHOUT_ATTENTION },
  "good-boy": { model: {}, frames: 96 },
  ast: { model: { size: "tiny" } },
  wav2vec2: { model: { size: "narrow" }, input: "waveform", frames: 4000 },
};

/** A backbone, a head and a loss. */
export interface Combination {
  backbone: Model["backbone"];
  head: Model["head"];
  loss: string;
}

/** All that go together. */
export function combinations(): Combination[] {
  return (Object.keys(BODIES) as Model["backbone"][]).flatMap((backbone) =>
    (BODIES[backbone].heads ?? Object.keys(HEADS) as Model["head"][]).flatMap((head) =>
      Object.keys(LOSSES).map((loss) => ({ backbone, head, loss }))
    )
  );
}

/**
 * Above that logit the document's focal loss of an absent instrument, q^gamma (-ln q) with q = 1 - p, falls again: its peak
 * is at q = e^(-1 / gamma), 0.135 for the document's 0.5.
 */
const PEAK = Math.log(Math.exp(1 / 0.5) - 1);

/** Checks one. @throws AssertionError that says what does not hold */
export function checkCombination({ backbone, head, loss }: Combination): void {
  const { model, heads: _heads, ...body } = BODIES[backbone];
  checkContract({
    ...body,
    model: { ...model, backbone, ...HEADS[head], dropRate: 0 } as Model,
    loss: LOSSES[loss],
    stuckAbove: loss === "the document's focal loss" ? PEAK : undefined,
  });
}

/** What came of one. */
type Outcome = Combination & { seconds: number; failure?: string };

const RESULTS = projectPath("data", "runs", "contract.jsonl");
const SUMMARY = projectPath("tests", "contract", "SUMMARY.json");

const nameOf = ({ backbone, head, loss }: Combination) => `${backbone}, ${head} head, ${loss}`;

/** Writes what was checked, by backbone, and every failure. */
function summarize(outcomes: readonly Outcome[]): void {
  const all = combinations().length;
  writeJson(SUMMARY, {
    date: new Date().toISOString().slice(0, 10),
    versions: { Deno: Deno.version.deno, TensorFlow: binding!.TF_Version },
    combinations: all,
    checked: outcomes.length,
    passed: outcomes.filter(({ failure }) => failure === undefined).length,
    backbones: Object.fromEntries(
      [...Map.groupBy(outcomes, ({ backbone }) => backbone)].map(([backbone, own]) => [backbone, {
        checked: own.length,
        passed: own.filter(({ failure }) => failure === undefined).length,
        seconds: Math.round(own.reduce((sum, { seconds }) => sum + seconds, 0)),
      }]),
    ),
    failures: outcomes.filter(({ failure }) => failure !== undefined)
      .map((outcome) => ({ combination: nameOf(outcome), failure: outcome.failure })),
  });
}

if (import.meta.main) {
  const [only] = Deno.args;
  const meant = combinations().filter(({ backbone }) => !only || backbone === only);
  const journal = new Journal<Outcome>(RESULTS);
  const outcomesSoFar = () => new Map(journal.entries.map((outcome) => [nameOf(outcome), outcome]));
  const checked = outcomesSoFar();
  const left = meant.filter((combination) => !checked.has(nameOf(combination)));
  const bar = showProgress("contract", left.length);
  for (const [k, combination] of left.entries()) {
    bar.update(k, nameOf(combination));
    const start = performance.now();
    let failure: string | undefined;
    try {
      checkCombination(combination);
    } catch (error) {
      failure = (error as Error).message.slice(0, 300);
    }
    const seconds = (performance.now() - start) / 1000;
    journal.append({ ...combination, seconds, failure });
  }
  bar.done();
  const known = new Set(combinations().map(nameOf));
  summarize([...outcomesSoFar().values()].filter((outcome) => known.has(nameOf(outcome))));
  Deno.exit(0);
}
