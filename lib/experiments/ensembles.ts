/** Ensembles of runs on real spectrograms, from the scores of each clip that their results hold (E21). */
import { intervalText } from "../evaluation/bootstrap.ts";
import { randomFrom } from "../core/random.ts";
import { mean } from "../core/statistics.ts";
import { recordingOf } from "../datasets/split.ts";
import { type Difference, meanDifference } from "../evaluation/difference.ts";
import { type Combination, COMBINATIONS, combine, tuneWeights } from "../evaluation/ensemble.ts";
import {
  type MultiLabelReport,
  reportMultiLabel,
  reportSingleLabel,
  type SingleLabelReport,
} from "../evaluation/label_report.ts";
import { bestLabels, countOutcomes, macroF1 } from "../evaluation/metrics.ts";
import { crossFit, fillByHalves, splitForThreshold, takeRows } from "../evaluation/threshold.ts";
import type { FinishedRun, IrmasResult, ScoreTable } from "./evidence.ts";
import { folderTargets, relabelledTargets } from "./scored_clips.ts";

/** How members become one: alike, or by weights that are tuned on recordings that are not scored. */
export type EnsembleKind = Combination | "weighted";

/** The kinds. */
export const ENSEMBLE_KINDS: readonly EnsembleKind[] = [...COMBINATIONS, "weighted"];

/** A set of clips and what each member says about them. */
interface Scored {
  /** 0 or 1, `[clips, 11]` */
  targets: Uint8Array;
  recordings: string[];
  /** `[clips, 11]` of each member. */
  members: Float32Array[];
}

/** What an ensemble reaches, in a run's columns. */
export interface EnsembleResult {
  heldOut: SingleLabelReport;
  /** Thresholds of either half of the recordings are tuned on the other half: a run has mixtures for that, scores have none. */
  relabelled: MultiLabelReport;
}

/** Half of the last of the four decimals that scores are kept with: no probability is 0 or 1. */
const ROUNDING = 5e-5;

/** @throws Error where a run was not scored on the same clips */
function gather(
  runs: readonly FinishedRun<IrmasResult>[],
  part: "heldOut" | "relabelled",
): { clips: string[]; members: Float32Array[] } {
  const clips = Object.keys(runs[0].result.scores[part]);
  const members = runs.map(({ name, result: { scores } }) => {
    const table: ScoreTable = scores[part], missing = clips.find((clip) => !(clip in table));
    if (missing !== undefined || Object.keys(table).length !== clips.length) {
      throw new Error(
        `${name} was scored on other clips than ${runs[0].name}${
          missing ? `, e.g. not on ${missing}` : ""
        }: ` +
          "an ensemble needs runs on the same fold",
      );
    }
    return Float32Array.from(
      clips.flatMap((clip) => table[clip]),
      (p) => Math.min(Math.max(p, ROUNDING), 1 - ROUNDING),
    );
  });
  return { clips, members };
}

/** Runs' scores with the truth, ready to be combined. */
export class Ensemble {
  readonly #heldOut: Scored;
  readonly #relabelled: Scored;

  /**
   * @param runs on one fold
   * @throws Error where there are none, or they were not scored on the same clips
   */
  constructor(runs: readonly FinishedRun<IrmasResult>[]) {
    if (runs.length === 0) throw new Error("an ensemble needs a finished run");
    const held = gather(runs, "heldOut"), heard = gather(runs, "relabelled");
    this.#heldOut = {
      members: held.members,
      recordings: held.clips.map(recordingOf),
      targets: folderTargets(held.clips),
    };
    this.#relabelled = {
      members: heard.members,
      recordings: heard.clips.map(recordingOf),
      targets: relabelledTargets(heard.clips),
    };
  }

  /** Probabilities of the held-out clips, `[clips, 11]`, by some of the runs. */
  heldOut(kind: EnsembleKind, some?: readonly number[]): Float32Array {
    const { targets, recordings } = this.#heldOut, members = chosen(this.#heldOut, some);
    if (kind !== "weighted") return combine(members, { by: kind });
    const halves = splitForThreshold(recordings, randomFrom("ensemble weights"));
    const out = new Float32Array(targets.length);
    fillByHalves(out, halves, (tuned) => {
      const weights = tuneWeights(
        members.map((scores) => takeRows(scores, tuned)),
        takeRows(targets, tuned),
      );
      return (scored) => combine(members.map((scores) => takeRows(scores, scored)), { weights });
    });
    return out;
  }

  /** The same of the relabelled clips; weights are tuned on held-out clips that share no recording with them. */
  relabelled(kind: EnsembleKind, some?: readonly number[]): Float32Array {
    const members = chosen(this.#relabelled, some);
    if (kind !== "weighted") return combine(members, { by: kind });
    const scored = new Set(this.#relabelled.recordings), { recordings, targets } = this.#heldOut;
    const rows = [...recordings.keys()].filter((row) => !scored.has(recordings[row]));
    const weights = tuneWeights(
      chosen(this.#heldOut, some).map((scores) => takeRows(scores, rows)),
      takeRows(targets, rows),
    );
    return combine(members, { weights });
  }

  /** What a kind of ensemble reaches, with intervals over recordings. */
  evaluate(kind: EnsembleKind, some?: readonly number[]): EnsembleResult {
    const { recordings, targets } = this.#heldOut, random = randomFrom("ensemble evaluation");
    const relabelled = this.relabelled(kind, some);
    return {
      heldOut: reportSingleLabel(this.heldOut(kind, some), bestLabels(targets), {
        groups: recordings,
        random: random.fork("held out"),
      }),
      relabelled: reportMultiLabel(relabelled, this.#relabelled.targets, {
        ...this.#decide(relabelled),
        groups: this.#relabelled.recordings,
        random: random.fork("relabelled"),
      }),
    };
  }

  /** The numbers alone, of many ensembles. */
  score(kind: EnsembleKind, some?: readonly number[]): EnsembleScores {
    const right = this.#right(kind, some), relabelled = this.relabelled(kind, some);
    const { decisions } = this.#decide(relabelled);
    return {
      accuracy: mean(right),
      relabelledMacroF1: macroF1(countOutcomes(decisions, this.#relabelled.targets)),
    };
  }

  /**
   * Accuracy of the ensemble of all less its members' own, on the held-out clips: both are answers of the same runs, so that
   * no chance in another training comes in.
   */
  gain(kind: EnsembleKind): Difference {
    const { members, recordings } = this.#heldOut;
    const ofMembers = members.map((_, k) => this.#right("meanProbability", [k]));
    const ofOne = recordings.map((_, row) => mean(ofMembers.map((right) => right[row])));
    return meanDifference([this.#right(kind)], [ofOne], { groups: recordings });
  }

  /** 1 where the best-scored instrument of a held-out clip is its class. */
  #right(kind: EnsembleKind, some?: readonly number[]): number[] {
    const truth = bestLabels(this.#heldOut.targets);
    return Array.from(
      bestLabels(this.heldOut(kind, some)),
      (label, row) => label === truth[row] ? 1 : 0,
    );
  }

  #decide(relabelled: Float32Array) {
    const { recordings, targets } = this.#relabelled;
    const halves = splitForThreshold(recordings, randomFrom("ensemble thresholds"));
    const { decisions, thresholds } = crossFit(relabelled, targets, { halves });
    return { decisions, thresholds };
  }
}

const chosen = ({ members }: Scored, some?: readonly number[]) =>
  some ? some.map((k) => members[k]) : members;

/** Of one ensemble. */
export interface EnsembleScores {
  /** Of the best-scored instruments on the held-out clips. */
  accuracy: number;
  relabelledMacroF1: number;
}

/** Ensembles of one size: means over different choices of members. */
export interface EnsembleGrowth {
  members: number;
  /** How many choices: each run alone, all together, and 24 in between. */
  choices: number;
  by: Record<EnsembleKind, EnsembleScores>;
}

/** What ensembles of some runs reach. */
export interface EnsembleStudy {
  runs: string[];
  growth: EnsembleGrowth[];
  /** All together. */
  all: Record<EnsembleKind, EnsembleResult & { gain: Difference }>;
}

/** Choices of members at each size between one and all. */
const CHOICES = 24;

const byKind = <T>(of: (kind: EnsembleKind) => T) =>
  Object.fromEntries(ENSEMBLE_KINDS.map((kind) => [kind, of(kind)])) as Record<EnsembleKind, T>;

/** How scores grow with the number of members, and what all together reach. @throws Error as {@link Ensemble} */
export function studyEnsembles(runs: readonly FinishedRun<IrmasResult>[]): EnsembleStudy {
  const ensemble = new Ensemble(runs), random = randomFrom("ensemble members");
  const numbers = [...runs.keys()], sizes = [1, 2, 3, 4, 6, 8, runs.length];
  const growth = [...new Set(sizes)].filter((size) => size <= runs.length).sort((a, b) => a - b)
    .map((members) => {
      const sets = members === 1
        ? numbers.map((k) => [k])
        : members === runs.length
        ? [numbers]
        : Array.from({ length: CHOICES }, () => random.sample(numbers, members));
      return {
        members,
        choices: sets.length,
        by: byKind((kind) => {
          const scores = sets.map((set) => ensemble.score(kind, set));
          return {
            accuracy: mean(scores.map(({ accuracy }) => accuracy)),
            relabelledMacroF1: mean(scores.map(({ relabelledMacroF1 }) => relabelledMacroF1)),
          };
        }),
      };
    });
  const all = byKind((kind) => ({ ...ensemble.evaluate(kind), gain: ensemble.gain(kind) }));
  return { runs: runs.map(({ name }) => name), growth, all };
}

/** The study as lines of text. */
export function formatEnsembles({ runs, growth, all }: EnsembleStudy): string {
  const cells = (of: (kind: EnsembleKind) => string) =>
    ENSEMBLE_KINDS.map((kind) => of(kind).padStart(17)).join("");
  return [
    `${runs.length} runs: accuracy on held-out clips, macro-F1 on relabelled ones`,
    `members${cells((kind) => kind)}`,
    ...growth.map(({ members, by }) =>
      String(members).padStart(7) +
      cells((kind) => `${by[kind].accuracy.toFixed(3)}, ${by[kind].relabelledMacroF1.toFixed(3)}`)
    ),
    ...ENSEMBLE_KINDS.map((kind) => {
      return `all by ${kind}: accuracy ${intervalText(all[kind].gain)} above a member's`;
    }),
  ].join("\n");
}
