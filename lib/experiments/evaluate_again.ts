/** A finished run's evaluation from its weights once more: for what an older result does not say. */
import type { DemoSize } from "../datasets/demo/plan.ts";
import { type DemoPlaces, hearDemoSongs } from "./demo_data.ts";
import type { DemoResult } from "./evidence.ts";
import { RunFolder } from "./run_folder.ts";
import { loadRunNetwork } from "./run_network.ts";
import { loadTrainingData, type RunOptions } from "./run_training.ts";

/**
 * Has a run's weights hear the songs of the demo, and keeps what they heard as `songs.json` beside the run's result.
 *
 * @throws Error where the weights or the demo are not here
 */
export async function hearSongs(
  run: RunFolder,
  { size, ...places }: { size: DemoSize } & DemoPlaces,
): Promise<DemoResult> {
  using network = loadRunNetwork(run);
  const { config, predict } = network;
  const heard = await hearDemoSongs(predict, { config, size, ...places });
  run.writeSongs(heard);
  return heard;
}

/** What {@link evaluateAgain} found. */
export interface EvaluatedAgain {
  /** Largest difference between scores that were there and the new ones. */
  difference: number;
  /** Parts that are new in the result. */
  added: string[];
}

/** Scores of mixtures are kept with three digits: one that lies between two of them may come out as either. */
const TOLERANCE = 1.5e-3;

/** All numbers in some scores, in their order. */
const numbersIn = (value: unknown): number[] =>
  typeof value === "number"
    ? [value]
    : typeof value === "object" && value !== null
    ? Object.values(value).flatMap(numbersIn)
    : [];

/**
 * Evaluates a run's weights and replaces its result.
 *
 * @param options.result folder whose result is read and replaced; the run's own where it is left out
 * @throws Error where the weights or the data are not here, the data are others, or the scores are not those of the result:
 *   nothing is written then
 */
export async function evaluateAgain(
  run: RunFolder,
  { result = run, load = loadTrainingData }: { result?: RunFolder } & Pick<RunOptions, "load"> = {},
): Promise<EvaluatedAgain> {
  using network = loadRunNetwork(run);
  const { config, provenance: { dataFingerprint } } = result.readRecord();
  const data = await load(config);
  if (data.fingerprint !== dataFingerprint) {
    throw new Error(`run "${run.name}" was trained on other data than are here`);
  }
  const before = result.readResult<{ scores?: Record<string, unknown> }>();
  const after = await data.evaluate(network.predict) as unknown as typeof before;
  let difference = 0;
  for (const [part, scores] of Object.entries(before.scores ?? {})) {
    const old = numbersIn(scores), now = numbersIn(after.scores?.[part]);
    if (old.length !== now.length) {
      throw new Error(`run "${run.name}" was scored on other ${part} clips than it would be now`);
    }
    old.forEach((value, k) => difference = Math.max(difference, Math.abs(value - now[k])));
  }
  if (difference > TOLERANCE) {
    throw new Error(
      `the weights of run "${run.name}" do not give its result: scores differ by ${difference}`,
    );
  }
  result.writeResult(after);
  const keys = (value: object) => Object.keys(value);
  return {
    difference,
    added: [
      ...keys(after).filter((key) => !(key in before)),
      ...keys(after.scores ?? {}).filter((key) => !(key in (before.scores ?? {}))),
    ],
  };
}
