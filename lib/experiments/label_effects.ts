/** What mixing clips does to the labels (A1 to A3, D9): how many an example has, which, and which go together. */
import { drawEffects, type MelEffect } from "../augment/draw.ts";
import { type ClipFacts, PartnerPool, unite } from "../augment/partners.ts";
import { type MelStep, parseMelSteps } from "../augment/steps.ts";
import { correlationMatrix } from "../baselines/correlation.ts";
import { showProgress } from "../core/progress.ts";
import type { Random } from "../core/random.ts";
import { instrumentIndex, INSTRUMENTS } from "../datasets/labels.ts";
import { loadSingleClips } from "../datasets/published.ts";
import { recordingOf } from "../datasets/split.ts";
import { oneHot } from "../evaluation/metrics.ts";

/** The labels of examples. */
export interface LabelEffect {
  /** Mean number of an example's labels. */
  mean: number;
  /** Share of the examples with no label, with one, and so on to all. */
  shares: number[];
  /** Share of the examples with each label. */
  frequencies: number[];
  /** Of each pair of labels the phi coefficient, -1 to 1; NaN where a label is in all examples or in none. */
  correlations: number[][];
}

/** The labels of an example after its effects. */
function labelsAfter(
  clip: number,
  effects: readonly MelEffect[],
  clips: readonly ClipFacts[],
): Uint8Array {
  const added = effects.flatMap((effect) =>
    "partners" in effect ? effect.partners : "partner" in effect ? [effect.partner] : []
  );
  return unite([clip, ...added.map(({ clip }) => clip)].map((k) => clips[k].labels));
}

/**
 * What steps do to the labels of a training part.
 *
 * @param options.epochs how often each clip is drawn for. Default: 1
 * @throws RangeError where there are no clips
 */
export function labelEffect(
  clips: readonly ClipFacts[],
  { steps, random, epochs = 1 }: { steps: readonly MelStep[]; random: Random; epochs?: number },
): LabelEffect {
  if (clips.length === 0) throw new RangeError("cannot tell labels of no clips");
  const partners = new PartnerPool(clips), columns = clips[0].labels.length;
  const count = clips.length * epochs, values = new Float64Array(count * columns);
  const shares: number[] = Array(columns + 1).fill(0);
  for (let row = 0; row < count; row++) {
    const clip = row % clips.length;
    const effects = drawEffects(steps, { random: random.fork(row), clip, partners });
    const labels = labelsAfter(clip, effects, clips);
    values.set(labels, row * columns);
    shares[labels.reduce((sum, label) => sum + label, 0)] += 1 / count;
  }
  const together = correlationMatrix({ values, columns });
  const ofLabel = Array.from({ length: columns }, (_, label) => label);
  return {
    mean: shares.reduce((sum, share, labels) => sum + share * labels, 0),
    shares,
    frequencies: ofLabel.map((label) => {
      let sum = 0;
      for (let row = 0; row < count; row++) sum += values[row * columns + label];
      return sum / count;
    }),
    correlations: ofLabel.map((a) => ofLabel.map((b) => together[a * columns + b])),
  };
}

/** The study's ways of mixing. */
const KINDS = ["sum", "exponential-sum", "concat"] as const;

/** What {@link mixingEffects} tells of one setting. */
export interface MixingEffect extends LabelEffect {
  kind: typeof KINDS[number];
  /** N: clips in all; of the exponential sum those that are added at the most. */
  n: number;
}

/** What each of A1, A2 and A3 does to the labels of a training part, for N from 0 to 5. */
export function mixingEffects(
  clips: readonly ClipFacts[],
  options: { random: Random; epochs?: number },
): MixingEffect[] {
  const settings = KINDS.flatMap((kind) => [0, 1, 2, 3, 4, 5].map((n) => ({ kind, n })));
  const bar = showProgress("labels of mixtures", settings.length);
  const effects = settings.map(({ kind, n }, k) => {
    bar.update(k);
    const steps = parseMelSteps([{ kind, [kind === "exponential-sum" ? "most" : "clips"]: n }]);
    return { kind, n, ...labelEffect(clips, { ...options, steps }) };
  });
  bar.done();
  return effects;
}

/** IRMAS's single-instrument part as the authors' tables know it. */
export function irmasFacts(): ClipFacts[] {
  const clips = loadSingleClips(), count = INSTRUMENTS.length;
  const targets = oneHot(clips.map(({ instrument }) => instrumentIndex(instrument)));
  return clips.map(({ file, genre, tempo }, k) => ({
    labels: targets.slice(k * count, (k + 1) * count),
    recording: recordingOf(file),
    genre,
    tempo,
  }));
}
