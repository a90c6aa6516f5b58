/** The ledger's rows of the studies: families of experiments that one command answers without comparing runs. */
import { join } from "node:path";
import { exists, readJson } from "../core/files.ts";
import { projectPath } from "../core/paths.ts";
import type { ChunkingStudy } from "./chunking.ts";
import type { EnsembleStudy } from "./ensembles.ts";
import { DOCUMENT_NETWORKS } from "./inference_networks.ts";
import { growthPower, type InferenceStudy } from "./inference_result.ts";
import type { RetrainingResult } from "./label_quality_retraining.ts";
import type { Fact } from "./ledger.ts";
import type { StudyMeasure, SvmStudyResult } from "./svm_study.ts";
import type { ThresholdStudy } from "./threshold_study.ts";
import type { ZeroShotStudy } from "./zero_shot.ts";

/** What a study's file adds to a row; nothing where the file lacks it. */
type Found = Pick<Fact, "ours" | "interval" | "seeds"> & { explanation: string };

const NO_FIGURE = "no figure in the document";

/** A number with its interval. */
const quantity = (
  { value, low, high }: { value: number; low: number; high: number },
  explanation: string,
): Found => ({ ours: value, interval: [low, high], explanation });

/** A row whose number is in a study's file; without the file it says which command makes it. */
interface StudyRow<T> extends Pick<Fact, "id" | "what" | "on" | "tolerance"> {
  document?: Fact["document"];
  find: (study: T) => Found | undefined;
}

/** @param folder the project's */
export function studyFacts(folder: string = projectPath()): Fact[] {
  const rowsFrom = <T>(file: string, command: string, rows: readonly StudyRow<T>[]): Fact[] => {
    const path = join(folder, file), study = exists(path) ? readJson<T>(path) : undefined;
    return rows.map(({ find, document = null, ...row }) => ({
      ...row,
      document,
      where: command,
      ours: null,
      explanation: `not run yet: ${command}`,
      ...(study && (find(study) ?? { explanation: `${file} lacks it: ${command}` })),
    }));
  };
  return [
    ...rowsFrom("experiments/label_quality.json", "./lumen quality --save", E9),
    ...rowsFrom("bench/results/inputs.json", "./lumen bench inputs --save", E11),
    ...rowsFrom("experiments/svm.json", "./lumen svm --save", E14),
    ...rowsFrom("experiments/zero_shot.json", "./lumen zero-shot --save", E16),
    ...rowsFrom("experiments/thresholds.json", "./lumen thresholds --save", E17),
    ...rowsFrom("experiments/inference_time.json", "./lumen inference-time --save", E18),
    ...rowsFrom(
      "experiments/ensemble.json",
      "./lumen ensemble irmas_scratch-1c752158 --save",
      E21,
    ),
    ...rowsFrom("bench/results/resampling.json", "./lumen bench resampling --save", E22),
    ...rowsFrom("experiments/chunking.json", "./lumen chunking --save", E24),
  ];
}

const E9: StudyRow<{ seeds: number[]; retraining: RetrainingResult[] }>[] = ([
  ["logistic_regression", "logistic regression"],
  ["neighbours", "5 nearest neighbours"],
] as const).map(([name, model]) => ({
  id: `E9.${name}`,
  what: `accuracy without the clips below the document's cut less with them, ${model}`,
  on: "real features",
  find: ({ retraining, seeds }) => {
    const gain = retraining.find((row) => row.set === "real, 28 features" && row.model === model)
      ?.gain;
    return gain && {
      ...quantity(gain, `${NO_FIGURE}, which shows a slight gain of ConvNeXt's F1 over 10 epochs`),
      seeds,
    };
  },
}));

/** The document's four machines, in its order, scaled as it did. */
const MACHINES = [
  ["linear SVM, raw, C = 1000", "none"],
  ["linear SVM, min-max, C = 1", "its own"],
  ["RBF SVM, raw, C = 10000", "none"],
  ["RBF SVM, min-max, C = 250", "its own"],
] as const;

const E14: StudyRow<SvmStudyResult>[] = ([
  ["accuracy", "accuracy", "accuracy by label", [0.84, 0.84, 0.84, 0.79]],
  ["f1", "macroF1", "macro-F1", [0.1, 0.08, 0.02, 0.19]],
  ["precision", "macroPrecision", "precision, mean over instruments", [0.27, 0.39, 0.08, 0.32]],
  ["recall", "macroRecall", "recall, mean over instruments", [0.1, 0.05, 0.01, 0.2]],
] as [string, StudyMeasure, string, number[]][]).map(([name, measure, what, document]) => ({
  id: `E14.${name}`,
  what: `${what}: linear machine on raw and scaled features, RBF likewise`,
  on: "real features",
  document,
  tolerance: 0.005,
  find: ({ systems, train, test }) => {
    const found = MACHINES.map(([name, scaler]) =>
      systems.find((system) => system.name === name && system.scaler === scaler)?.[measure].value
    );
    return found.includes(undefined) ? undefined : {
      ours: found as number[],
      explanation:
        `on ${train.features} of its features, which are published of all ${test.clips} clips of the test part; it was tried on a third of them with 28`,
    };
  },
}));

const E16: StudyRow<ZeroShotStudy>[] = (["yamnet", "musicnn"] as const).map((network) => ({
  id: `E16.${network}`,
  what: `macro-F1 of ${network} on songs by its own classes, without training`,
  on: "demo",
  find: ({ networks }) => {
    const { songs } = networks[network] ?? {};
    return songs && quantity(
      songs.macroF1,
      `${NO_FIGURE} of this network, only of AST (M14.zero_shot); always all has ${
        songs.baselines.ones.macroF1.toFixed(3)
      } here`,
    );
  },
}));

const E17: StudyRow<Record<string, ThresholdStudy>>[] = [
  {
    id: "E17.threshold",
    what: "threshold that is best on sums of four to six clips, ConvNeXt-atto from scratch",
    on: "real mels",
    document: 0.31,
    tolerance: 0.005,
    find: ({ irmas_scratch: study }) => {
      const row = study?.parts.mixturesOfTwo.find(({ rule }) => rule === "of sums");
      return row && {
        ours: row.threshold,
        explanation:
          "the number is of its slides, another network and pieces of clips; ours says yes to all of sums that hold nearly all",
      };
    },
  },
  ...([["of sums", "sums"], ["of the same", "mixtures"], [
    "of each instrument",
    "instruments",
  ]] as const)
    .map(([rule, name]): StudyRow<Record<string, ThresholdStudy>> => ({
      id: `E17.${name}`,
      what: `macro-F1 of mixtures of two at a threshold ${rule} less that at one half`,
      on: "real mels",
      find: ({ irmas_scratch: study }) => {
        const row = study?.parts.mixturesOfTwo.find((other) => other.rule === rule);
        return row?.difference && quantity(
          row.difference,
          `${NO_FIGURE}; ours ${row.macroF1.toFixed(3)} at ${
            row.threshold.toFixed(3)
          } on average, ${study.runs.length} runs`,
        );
      },
    })),
];

/** The document's backbones; nothing where one was not timed yet. */
function documentNetworks(networks: InferenceStudy["networks"]) {
  const theirs = networks.filter(({ network }) => DOCUMENT_NETWORKS.includes(network));
  return theirs.length === DOCUMENT_NETWORKS.length ? theirs : undefined;
}

/**
 * By what factor the largest slope for a parameter by the smallest is uncertain, up or down: their lines are independent, and
 * the logarithm of a ratio has the sum of both relative variances.
 */
function spreadFactor(networks: InferenceStudy["networks"]): number {
  const each = networks.map(({ parameters, "log-mel": { fit: { slope, low, high } } }) => ({
    slope: slope / parameters,
    reach: (high - low) / 2 / slope,
  })).sort((a, b) => a.slope - b.slope);
  return Math.exp(Math.hypot(each[0].reach, each.at(-1)!.reach));
}

/** So far from 1 a power of the length still counts as linear. */
const LINEAR = 0.1;

const E18: StudyRow<InferenceStudy>[] = [
  {
    id: "E18.growth",
    what:
      "how the time of a forward pass grows with the length of the sound, of its four backbones",
    on: "timings",
    document: "linearly",
    find: ({ networks }) => {
      const theirs = documentNetworks(networks);
      if (!theirs) return undefined;
      const times = theirs.map((network) => network["log-mel"]), powers = times.map(growthPower);
      const slopes = powers.map(({ slope }) => slope);
      const low = Math.min(...powers.map((own) => own.low));
      const high = Math.max(...powers.map((own) => own.high));
      const isLinear = low > 1 - LINEAR && high < 1 + LINEAR;
      const bends = powers.some((own) => own.high < 1 - LINEAR || own.low > 1 + LINEAR);
      const r2 = Math.min(...times.map(({ fit }) => fit.r2));
      return {
        ours: isLinear ? "linearly" : bends ? "not linearly" : null,
        explanation: `from a minute on with the power ${Math.min(...slopes).toFixed(2)} to ${
          Math.max(...slopes).toFixed(2)
        } of the length (95 % intervals ${low.toFixed(2)} to ${high.toFixed(2)}; linear: ${
          1 - LINEAR
        } to ${1 + LINEAR}); lines explain ${
          r2.toFixed(4)
        } of the variance of the medians at least`,
      };
    },
  },
  {
    id: "E18.proportion",
    what: "the largest slope for a parameter by the smallest, of its four backbones",
    on: "timings",
    document: 1,
    tolerance: 0.5,
    find: ({ networks, documentOrder }) => {
      const theirs = documentNetworks(networks);
      if (!theirs || !documentOrder) return undefined;
      const { parameters: value, multiplyAccumulates } = documentOrder.spread;
      const factor = spreadFactor(theirs);
      return quantity(
        { value, low: value / factor, high: value * factor },
        `slopes in proportion to the parameters would have 1; for a multiply-accumulate it is ${
          multiplyAccumulates.toPrecision(3)
        }`,
      );
    },
  },
  {
    id: "E18.order",
    what: "rank correlation of slopes with multiply-accumulates less that with parameters",
    on: "timings",
    find: ({ order }) =>
      order && quantity(
        order.difference,
        `${NO_FIGURE}, which names the parameters; over ${order.networks.length} networks ${
          order.correlation.multiplyAccumulates.rho.toFixed(2)
        } and ${order.correlation.parameters.rho.toFixed(2)}`,
      ),
  },
  {
    id: "E18.fastest",
    what: "the fastest of its four backbones",
    on: "timings",
    document: "mobilenet-v3-large",
    find: ({ networks }) => {
      const theirs = documentNetworks(networks);
      if (!theirs) return undefined;
      const slopeOf = (network: typeof theirs[number]) => network["log-mel"].fit.slope;
      const [fastest, second] = theirs.toSorted((a, b) => slopeOf(a) - slopeOf(b));
      return {
        ours: fastest.network,
        explanation: `${
          slopeOf(fastest).toPrecision(3)
        } ms for a second of sound; next ${second.network} with ${slopeOf(second).toPrecision(3)}`,
      };
    },
  },
];

const E21: StudyRow<EnsembleStudy>[] = [{
  id: "E21.gain",
  what: "accuracy of all runs together, weighted, less that of one",
  on: "real mels",
  find: ({ runs, all }) =>
    quantity(all.weighted.gain, `${NO_FIGURE}; ${runs.length} runs of ConvNeXt-atto from scratch`),
}];

/** What a benchmark's file has. */
interface BenchStudy {
  machine: string;
  rows: { name: string; ratio: number; interval?: [number, number] }[];
}

/** The rows of bench/inputs.ts: steps with three inputs beside steps with one. */
const E11: StudyRow<BenchStudy>[] = ["channels", "networks"].map((three) => ({
  id: `E11.${three}_time`,
  what: `how many times as long a step takes with three ${three}`,
  on: "timings",
  find: ({ rows, machine }) => {
    const row = rows.find(({ name }) => name.endsWith(`three ${three}`));
    return row && {
      ours: row.ratio,
      ...(row.interval && { interval: row.interval }),
      explanation: `${NO_FIGURE}; ConvNeXt-atto, on ${machine}`,
    };
  },
}));

/** The rows of bench/resampling.ts: epochs from what is kept beside what is resampled in the loop. */
const E22: StudyRow<BenchStudy>[] = ([
  ["speed_up", "epoch", "an epoch is"],
  ["batches_speed_up", "batches", "batches are made"],
] as const).map(([id, of, what]) => ({
  id: `E22.${id}`,
  what: `how many times as fast ${what}, where clips were resampled once, at most`,
  on: "timings",
  document: 2,
  tolerance: 0.5,
  find: ({ rows, machine }) => {
    const own = rows.filter(({ name }) => name.startsWith(of));
    return own.length === 0 ? undefined : {
      ours: Math.max(...own.map(({ ratio }) => 1 / ratio)),
      explanation: `${
        own.map(({ name, ratio }) => `${name}: ${(1 / ratio).toFixed(2)}`).join("; ")
      }; on ${machine}`,
    };
  },
}));

const E24: StudyRow<ChunkingStudy>[] = [{
  id: "E24.mean",
  what: "macro-F1 on songs by the mean over pieces of 3 s less that by their union",
  on: "demo",
  find: ({ networks: { demo } }) => {
    const way = demo?.ways.find(({ seconds, hop, by }) =>
      seconds === 3 && hop === 3 && by === "meanProbability"
    );
    return way?.difference && quantity(way.difference, NO_FIGURE);
  },
}];
