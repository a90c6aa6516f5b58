/** Runs of two systems on the same rows, drawn from a population whose difference is known: for the coverage of intervals. */
import { Random } from "lib/core/random.ts";
import { studentQuantile } from "lib/core/student.ts";
import { type Difference, difference } from "lib/evaluation/difference.ts";
import { type Groups, influencesOnOutcomes, SharedGroups } from "lib/evaluation/influence.ts";
import { bestLabels, decide, hammingScore, macroF1, oneHot } from "lib/evaluation/metrics.ts";

/** What is drawn. */
export interface Simulation {
  /** Recordings. */
  groups: number;
  /** Rows: one to five clips of one label for each recording, or one mixture and a half of two recordings for each. */
  rows: "clips" | "mixtures";
  /** Deviation between seeds, of the separation of present and absent labels. */
  seedDeviation: number;
  /** How much better the first system separates them. */
  gain: number;
  /** Of either system. */
  seeds: number;
}

const LABELS = 4, SEPARATION = 1.2;

/** Deviations of a label's score: what makes recordings and rows hard for everybody, for one system, for one run. */
const NOISE = { recording: 0.7, row: 0.5, ofSystem: 0.3, ofRun: 0.3, ofRunAndRow: 0.4 };

/** The measures, of clips: right ones, and F1 of the best label; of mixtures: right labels, and F1 of those above 0. */
export const STATISTICS = ["accuracy", "macroF1"] as const;
export type Statistic = typeof STATISTICS[number];

const normals = (random: Random, count: number, deviation: number) =>
  Float64Array.from({ length: count }, () => random.normal(0, deviation));

/** Rows of recordings, and their labels. */
function drawRows(random: Random, { groups, rows }: Simulation) {
  const labelOf = Array.from({ length: groups }, () => random.integer(0, LABELS));
  const members = rows === "clips"
    ? labelOf.flatMap((_, group) => Array.from({ length: random.integer(1, 6) }, () => [group]))
    : Array.from({ length: Math.round(1.5 * groups) }, () => {
      for (;;) {
        const pair = [random.integer(0, groups), random.integer(0, groups)];
        if (labelOf[pair[0]] !== labelOf[pair[1]]) return pair;
      }
    });
  const targets = new Uint8Array(members.length * LABELS);
  members.forEach((own, row) => {
    for (const group of own) targets[row * LABELS + labelOf[group]] = 1;
  });
  return { members, targets };
}

/** Both statistics of a run. */
function influencesOf(scores: Float64Array, targets: Uint8Array, rows: Simulation["rows"]) {
  const single = rows === "clips";
  const decisions = single ? oneHot(bestLabels(scores, LABELS), LABELS) : decide(scores, 0);
  return influencesOnOutcomes((outcomes) => {
    const found = sum(outcomes.truePositive), missed = sum(outcomes.falseNegative);
    return {
      accuracy: single ? found / (found + missed) : hammingScore(outcomes),
      macroF1: macroF1(outcomes),
    };
  }, { decisions, targets, labels: LABELS });
}

const sum = (values: Float64Array) => values.reduce((total, x) => total + x, 0);

/** Draws rows and runs, and compares the two systems. */
export function simulate(
  random: Random,
  simulation: Simulation,
): Record<Statistic, Difference> {
  const { groups, seedDeviation, gain, seeds } = simulation;
  const { members, targets } = drawRows(random, simulation);
  const size = targets.length, split = Math.sqrt(members[0].length);
  const spread = (deviation: number) => {
    const ofGroup = normals(random, groups * LABELS, deviation);
    return (k: number) => {
      const label = k % LABELS;
      let sum = 0;
      for (const group of members[(k - label) / LABELS]) sum += ofGroup[group * LABELS + label];
      return sum / split;
    };
  };
  const hard = spread(NOISE.recording), ofRow = normals(random, size, NOISE.row);
  const systems = [gain, 0].map((gain) => {
    const ofSystem = spread(NOISE.ofSystem);
    return Array.from({ length: seeds }, () => {
      const separation = SEPARATION + gain + random.normal(0, seedDeviation);
      const ofRun = spread(NOISE.ofRun), ofRunAndRow = normals(random, size, NOISE.ofRunAndRow);
      const scores = Float64Array.from(
        { length: size },
        (_, k) =>
          separation * (targets[k] - 0.5) + hard(k) + ofRow[k] + ofSystem(k) + ofRun(k) +
          ofRunAndRow[k],
      );
      return influencesOf(scores, targets, simulation.rows);
    });
  });
  const shared = new SharedGroups(
    (simulation.rows === "clips" ? members.flat() : members) satisfies Groups,
  );
  const compare = (statistic: Statistic) => {
    const [first, second] = systems.map((runs) => runs.map((run) => run[statistic]));
    return difference([first, second], { shared });
  };
  return { accuracy: compare("accuracy"), macroF1: compare("macroF1") };
}

/** Equally likely seeds that stand for all. */
const NODES = 15, TRUTH_ROWS = 40_000;

/** As many degrees of freedom as make t normal. */
const NORMAL = 1e7;

/**
 * The difference of endless rows and seeds: of many rows, each of recordings of its own, with the same noise for both
 * systems, over evenly spread seeds. Its error is about 0.001.
 */
export function truthOf(simulation: Simulation): Record<Statistic, number> {
  const { gain, seedDeviation, rows } = simulation, out = { accuracy: 0, macroF1: 0 };
  if (gain === 0) return out;
  const random = new Random(`truth of ${rows}`);
  const groups = rows === "clips" ? TRUTH_ROWS / 3 : TRUTH_ROWS / 1.5;
  const { targets } = drawRows(random, { ...simulation, groups: Math.round(groups) });
  const deviation = Math.hypot(...Object.values(NOISE));
  const noise = normals(random, targets.length, deviation);
  const score = (separation: number) =>
    influencesOf(noise.map((x, k) => x + separation * (targets[k] - 0.5)), targets, rows);
  for (let node = 0; node < NODES; node++) {
    const separation = SEPARATION + seedDeviation * studentQuantile((node + 0.5) / NODES, NORMAL);
    const better = score(separation + gain), base = score(separation);
    for (const name of STATISTICS) out[name] += (better[name].value - base[name].value) / NODES;
    if (seedDeviation === 0) {
      return { accuracy: out.accuracy * NODES, macroF1: out.macroF1 * NODES };
    }
  }
  return out;
}
