/**
 * Label quality on every data set and kind of features at hand (D16): does confident learning find the labels that human
 * ears took back, and the ones that were planted? What do the document's cuts remove?
 */
import {
  confidentThresholds,
  labelQuality,
  type QualityMethod,
} from "../curation/confident_learning.ts";
import {
  cutOfShare,
  type CutResult,
  DOCUMENT_CUTS,
  type FoldKind,
  judgeClips,
  type RemovalRow,
  removalTable,
  scoreCut,
  scoreDetection,
} from "../curation/label_quality.ts";
import { showProgress } from "../core/progress.ts";
import { randomFrom } from "../core/random.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import type { DemoSize } from "../datasets/demo/plan.ts";
import { hasIrmasMels, loadIrmasMels } from "../datasets/irmas_mels.ts";
import type { Interval } from "../evaluation/bootstrap.ts";
import { bestLabels } from "../evaluation/metrics.ts";
import type { PrecisionRecallCurve } from "../evaluation/ranking.ts";
import { DOCUMENT_SHARE } from "./cleaned_sets.ts";
import {
  demoEmbeddings,
  demoFeatures,
  demoPretrained,
  type QualitySet,
  realEmbeddings,
  realFeatures,
  realPretrained,
  trainedRun,
} from "./label_quality_sets.ts";

/** The ways to score a label; the document's is the first. */
export const QUALITY_SCORES = {
  "self-confidence, adjusted": { method: "self-confidence", adjust: true },
  "self-confidence": { method: "self-confidence", adjust: false },
  "normalized margin, adjusted": { method: "normalized-margin", adjust: true },
  "normalized margin": { method: "normalized-margin", adjust: false },
  "confidence-weighted entropy": { method: "confidence-weighted-entropy", adjust: false },
} satisfies Record<string, { method: QualityMethod; adjust: boolean }>;

/** A way to score a label's name. */
export type QualityScore = keyof typeof QUALITY_SCORES;

/** The document's own: what its cuts are made for. */
export const DOCUMENT_SCORE: QualityScore = "self-confidence, adjusted";

/** What a cut finds among the clips of known truth, and what it removes of all. */
export interface QualityCut extends CutResult {
  removedOfAll: number;
  removal: RemovalRow[];
}

/** What a data set gave with one way to deal folds. */
export interface QualityResult {
  folds: FoldKind;
  /** Share of the clips that are given their label out of fold. */
  accuracy: number;
  /** Average precision of each score, mean over the seeds, with intervals over recordings. */
  averagePrecision: Record<QualityScore | "class alone", Interval>;
  /** Precision over recall of the document's score, thinned. */
  curve: Record<keyof PrecisionRecallCurve, number[]>;
  /** The document's cuts (IRMAS's, AudioSet's), and one that removes the share that the document removed. */
  cuts: QualityCut[];
}

/** What label quality gave on a data set. */
export interface QualitySetResult {
  name: string;
  /** Whether the features come from a network that learnt from these clips. */
  seen: boolean;
  clips: number;
  recordings: number;
  /** Clips of which the truth is known, and how many of these have a wrong label. */
  known: number;
  wrong: number;
  results: QualityResult[];
}

/** Everything. */
export interface LabelQualityResult {
  seeds: number[];
  C: number;
  folds: number;
  sets: QualitySetResult[];
}

/** Settings of the study: the document's, but for the seeds. */
const C = 0.01, FOLDS = 10, SEEDS = [0, 1, 2];

/** All sets that can be had here: embeddings only of networks whose weights are here, real ones only with the spectrograms. */
export async function qualitySets(
  { size = "full" }: { size?: DemoSize } = {},
): Promise<QualitySet[]> {
  const demoRun = trainedRun("demo"), irmasRun = trainedRun("irmas_scratch");
  const mels = hasIrmasMels() ? await loadIrmasMels() : undefined;
  return [
    realFeatures(),
    ...mels && irmasRun ? [await realEmbeddings(mels, irmasRun)] : [],
    ...mels ? [await realPretrained(mels)] : [],
    await demoFeatures(size),
    ...demoRun ? [await demoEmbeddings(size, demoRun)] : [],
    ...irmasRun ? [await demoEmbeddings(size, irmasRun)] : [],
    await demoPretrained(size, "yamnet"),
    await demoPretrained(size, "musicnn"),
  ];
}

/** Scores label quality on data sets, and shows the progress. */
export async function studyLabelQuality(sets: readonly QualitySet[]): Promise<LabelQualityResult> {
  const kinds: FoldKind[] = ["random", "by recording"];
  const steps = sets.flatMap((set) => kinds.map((kind) => ({ set, kind })));
  const progress = showProgress("label quality", steps.length * SEEDS.length * FOLDS);
  const results: QualityResult[] = [];
  for (const [done, { set, kind }] of steps.entries()) {
    const before = done * SEEDS.length * FOLDS;
    results.push(
      await study(set, { kind, onProgress: (n) => progress.update(before + n, set.name) }),
    );
  }
  progress.done();
  return {
    seeds: SEEDS,
    C,
    folds: FOLDS,
    sets: sets.map((set, k) => ({
      name: set.name,
      seen: set.seen,
      clips: set.files.length,
      recordings: new Set(set.recordings).size,
      known: set.known.length,
      wrong: Array.from(set.wrong).reduce((a, b) => a + b, 0),
      results: results.slice(k * kinds.length, (k + 1) * kinds.length),
    })),
  };
}

async function study(
  set: QualitySet,
  { kind, onProgress }: { kind: FoldKind; onProgress: (finished: number) => void },
): Promise<QualityResult> {
  const { labels } = set, classes = INSTRUMENTS.length;
  const judged: { probabilities: Float64Array; labels: Uint8Array; classes: number }[] = [];
  for (const seed of SEEDS) {
    const { probabilities } = await judgeClips(set, {
      kind,
      folds: FOLDS,
      C,
      random: randomFrom("label quality", seed, kind),
      onProgress: (n) => onProgress(judged.length * FOLDS + n),
    });
    judged.push({ probabilities, labels, classes });
  }
  const detect = (qualities: Float64Array[]) =>
    scoreDetection(qualities, { ...set, random: randomFrom("label quality", "bootstrap") });
  const names = Object.keys(QUALITY_SCORES) as QualityScore[];
  const detected = names.map((name) =>
    detect(judged.map((one) => labelQuality(one, QUALITY_SCORES[name])))
  );
  // no clip is looked at: a label is as good as the model is sure of its class on the whole
  const alone = detect(judged.map((one) => {
    const thresholds = confidentThresholds(one);
    return Float64Array.from(labels, (label) => thresholds[label]);
  }));
  const quality = labelQuality(judged[0], QUALITY_SCORES[DOCUMENT_SCORE]);
  const cuts = [...Object.values(DOCUMENT_CUTS), cutOfShare(quality, DOCUMENT_SHARE)];
  const right = bestLabels(judged[0].probabilities).filter((label, k) => label === labels[k]);
  return {
    folds: kind,
    accuracy: right.length / labels.length,
    averagePrecision: Object.fromEntries([
      ...names.map((name, k) => [name, detected[k].averagePrecision]),
      ["class alone", alone.averagePrecision],
    ]),
    curve: thinned(detected[names.indexOf(DOCUMENT_SCORE)].curve),
    cuts: cuts.map((cut) => ({
      ...scoreCut(quality, { ...set, cut }),
      removedOfAll: quality.filter((q) => q < cut).length,
      removal: removalTable(quality, { labels, cut }),
    })),
  };
}

/** At most a hundred points of a curve, rounded: what a picture needs. */
function thinned(curve: PrecisionRecallCurve): Record<keyof PrecisionRecallCurve, number[]> {
  const { length } = curve.recall, step = Math.ceil(length / 100);
  const thin = (values: Float64Array) =>
    Array.from(
      values.filter((_, k) => k % step === 0 || k === length - 1),
      (v) => Number(v.toPrecision(4)),
    );
  const { thresholds, precision, recall } = curve;
  return { thresholds: thin(thresholds), precision: thin(precision), recall: thin(recall) };
}

/** The result as a text table: average precision of every score, and what the cuts find and remove. */
export function formatLabelQuality({ sets }: LabelQualityResult): string {
  const number = (x: number) => x.toFixed(3);
  const head = ({ name, seen, clips, known, wrong }: QualitySetResult) =>
    `${name}: ${clips} clips; ${wrong} wrong labels among ${known} of known truth, ${
      number(wrong / known)
    }${seen ? " (the network learnt from these clips)" : ""}`;
  const score = ([name, { value, low, high }]: [string, Interval]) =>
    `    ${name.padEnd(28)} ${number(value)} [${number(low)}, ${number(high)}]`;
  const cut = ({ cut, removed, found, recall, precision, removedOfAll, removal }: QualityCut) => [
    `    below ${
      number(cut)
    }: ${removedOfAll} clips; of known ones ${removed}, ${found} wrong: precision ${
      number(precision)
    }, recall ${number(recall)}`,
    `      ${
      removal.map(({ instrument, removed, clips }) => `${instrument} ${removed}/${clips}`).join(" ")
    }`,
  ];
  return sets.flatMap((set) => [
    head(set),
    ...set.results.flatMap(({ folds, accuracy, averagePrecision, cuts }) => [
      `  folds ${folds}: accuracy ${number(accuracy)}; average precision`,
      ...Object.entries(averagePrecision).map(score),
      ...cuts.flatMap(cut),
    ]),
  ]).join("\n");
}
