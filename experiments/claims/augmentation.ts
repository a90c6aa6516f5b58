/** What the document claims of augmentations. */
import type { Claim, Direction, Evidence, Measure } from "../../lib/experiments/claims.ts";

/**
 * The document's F1 of each augmentation less its base's, 0.346, and what it concludes. The recipe
 * `screen+complete` is E8's base with the time shift.
 */
const TABLE: readonly [
  variant: string,
  name: string,
  gain: number,
  claims: Direction,
  measure?: Measure,
][] = [
  ["time-stretch", "time stretch", 0.001, "better", "songs"],
  ["screen+complete", "time shift", 0.006, "better"],
  ["pitch-shift", "pitch shift", 0.003, "better", "songs"],
  ["colored-noise", "coloured noise", -0.003, "worse", "songs"],
  ["reverse", "reversal", 0, "no better"],
  ["time-mask", "time mask", 0.005, "better"],
  ["frequency-mask", "frequency mask", 0.003, "better"],
  ["erase", "random erasing", -0.002, "worse"],
  ["erase-pixels", "random pixel erasing", 0.004, "better"],
];

const SPECTROGRAM_VARIANTS = ["reverse", "time-mask", "frequency-mask", "erase", "erase-pixels"];

const BACKGROUND =
  "ESC-50, or another folder of sounds, and IRMAS audio (./lumen experiment E8 --preset paper --only background-noise)";

const better = (family: string, variant: string, measure?: Measure): Evidence => ({
  family,
  variant,
  ...(measure && { measure }),
  claims: "better",
});

/** Mixtures are sums as training has them; the relabelled clips are music. */
const SEVERAL_LABELS: readonly Measure[] = ["mixturesOfTwo", "relabelled"];

const SUMS: Claim[] = [
  {
    id: "sum.labels",
    section: "4 Sum with N",
    claim:
      "sums are good examples of several labels: with them several instruments are recognised better (in such sums, and in the clips with several labels that human ears gave)",
    evidence: SEVERAL_LABELS.flatMap((measure) => [
      better("E6", "sum-2", measure),
      better("E6", "sum-3", measure),
    ]),
  },
  {
    id: "sum.noise",
    section: "4 Sum with N; 6 Conclusion",
    claim: "sums make a model robust to noise: it hears more in noise, and loses less to it",
    evidence: ["sum-2", "sum-3"].flatMap((variant) => [
      better("E28", variant, "noise"),
      better("E28", variant, "noiseChange"),
    ]),
  },
  {
    id: "sum.uniform",
    section: "4 Sum with N",
    claim: "the more clips are summed, the more uniform are the labels, step by step",
    evidence: { estimate: "sums: the largest step of most by fewest", below: 0 },
  },
  {
    id: "sum.correlations",
    section: "4 Sum with N; 6 Conclusion",
    claim: "labels of sums correlate less than those of songs",
    evidence: { estimate: "sums: correlations less the songs'", below: 0 },
  },
  {
    id: "sum.untangled",
    section: "6 Conclusion",
    claim:
      "a model that learns from sums links instruments less: what it scores of two that a clip has not is less correlated",
    evidence: ["sum-2", "sum-3"].map((variant) => ({
      estimate: `spurious correlations: ${variant} less screen`,
      below: 0,
    })),
  },
  {
    id: "sum.added",
    section: "4 Sum with N",
    claim: "with N of 2 two instruments are added to a clip",
    document: 2,
    evidence: { claimed: "2", found: "1: N clips in all", readIn: "the original's program" },
  },
  {
    id: "sum.few_several",
    section: "4 Sum with N",
    claim: "without sums few training clips have several labels (less than a quarter)",
    evidence: { estimate: "training clips with several labels", below: 0.25 },
  },
  {
    id: "sum.sweet_spot",
    section: "4 Sum with N",
    claim: "two or three summed are best; four and five are worse (on sums of two)",
    evidence: { family: "E6", best: ["sum-2", "sum-3"], others: ["base", "sum-4", "sum-5"] },
  },
  {
    id: "sum.exponential_data",
    section: "4 Exponential adding",
    claim:
      "from two on excerpts fall exponentially with the number of their instruments: from three to four by the same factor as from two to three (to a quarter)",
    evidence: {
      estimate: "excerpts: fall from two to three by that from three to four, logarithm",
      is: 0,
      within: 0.25,
    },
  },
  {
    id: "sum.exponential",
    section: "4 Exponential adding",
    claim: "an exponential number of clips is worse than a fixed one",
    evidence: { family: "E6", best: ["sum-2"], others: ["exponential-sum"] },
  },
  {
    id: "sum.exponential_uniform",
    section: "4 Exponential adding",
    claim: "an exponential number of clips makes the labels less uniform than sum with 2 does",
    evidence: { estimate: "sums: exponential less sum with 2", above: 0 },
  },
  {
    id: "sum.strongest",
    section: "6 Conclusion",
    claim:
      "summing is the strongest augmentation (on such sums, and on the clips with several labels that human ears gave)",
    evidence: SEVERAL_LABELS.map((measure) => ({
      family: "E8",
      best: ["sum-2", "sum-3"],
      others: ["screen+complete", ...SPECTROGRAM_VARIANTS],
      measure,
    })),
  },
  {
    id: "sum.many",
    section: "6 Conclusion",
    claim: "sums make a model work where many instruments sound (sums of three)",
    evidence: better("E6", "sum-3", "mixturesOfThree"),
  },
  {
    id: "concat.helps",
    section: "4 Concat N",
    claim: "clips joined in time augment the data too (ConvNeXt; the document's network is AST)",
    evidence: better("E7", "concat-2", "ranking"),
  },
];

const EFFECTS: Claim[] = [
  {
    id: "noise.background",
    section: "4 Background noise",
    claim: "noises of the world help more than synthetic noise",
    evidence: { needs: BACKGROUND },
  },
  {
    id: "noise.clips",
    section: "4 Background noise",
    claim: "ESC-50 has 2,000 sounds",
    document: 2000,
    evidence: {
      claimed: "2000",
      found: "2000",
      readIn: "Piczak, ESC: Dataset for Environmental Sound Classification, ACM MM 2015",
    },
  },
  {
    id: "stretch.tempo",
    section: "4 Time stretch",
    claim: "stretched clips keep pitch and tempo",
    document: "pitch and tempo",
    evidence: {
      claimed: "pitch and tempo",
      found: "pitch",
      readIn: "what a phase vocoder is (A5)",
    },
  },
  {
    id: "reverse.reversal",
    section: "4 Time inversion",
    claim: "time inversion plays clips backwards",
    document: "reversal",
    evidence: {
      claimed: "reversal",
      found: "change of sign, which no power spectrogram sees",
      readIn: "the original's program",
    },
  },
  {
    id: "reverse.invariant",
    section: "4 Time inversion",
    claim: "a single note sounds alike backwards",
    evidence: { needs: "listeners" },
  },
  {
    id: "colour.pink",
    section: "4 Coloured noise",
    claim: "pink noise is mostly in the high frequencies (above 1 kHz more than half)",
    evidence: { estimate: "pink noise above 1 kHz", above: 0.5 },
  },
  {
    id: "colour.brown_pink",
    section: "4 Coloured noise",
    claim: "brown noise has more of its power in the low frequencies than pink noise",
    evidence: { estimate: "brown less pink noise above 1 kHz", below: 0 },
  },
  {
    id: "colour.brown",
    section: "4 Coloured noise",
    claim: "brown noise is mostly in the low frequencies (below 1 kHz more than half)",
    evidence: { estimate: "brown noise above 1 kHz", below: 0.5 },
  },
  {
    id: "mask.octaves",
    section: "4 Frequency mask",
    claim:
      "30 mel bands hold about as many notes wherever they lie (low by high at most twice as many)",
    evidence: { estimate: "octaves under 30 low by 30 high mel bands", below: 2 },
  },
  {
    id: "erase.heard",
    section: "4 Random pixel erasing",
    claim: "erased pixels cannot be heard; masked instruments are still recognised",
    evidence: { needs: "listeners" },
  },
];

export const AUGMENTATION_CLAIMS: readonly Claim[] = [
  ...SUMS,
  ...EFFECTS,
  ...TABLE.map(([variant, name, gain, claims, measure]): Claim => ({
    id: `effect.${name.replaceAll(" ", "_")}`,
    section: "4 Table of augmentations",
    claim: `${name} is ${claims} than none`,
    document: gain,
    evidence: { family: "E8", variant, ...(measure && { measure }), claims },
  })),
  {
    id: "effect.background_noise",
    section: "4 Table of augmentations",
    claim: "background noise is worse than none",
    document: -0.006,
    evidence: { needs: BACKGROUND },
  },
  {
    id: "effect.all_others",
    section: "4 Table of augmentations; 6 Conclusion",
    claim: "all augmentations that do not raise F1 lower it, reversal too",
    document: "lower",
    evidence: { claimed: "lower", found: "reversal: equal", readIn: "the document's own table" },
  },
  {
    id: "effect.shift_best",
    section: "4 Table of augmentations",
    claim: "of all effects time shift is best (of those that a spectrogram can have)",
    evidence: {
      family: "E8",
      best: ["screen+complete"],
      others: [...SPECTROGRAM_VARIANTS, "noise"],
    },
  },
  {
    id: "effect.three",
    section: "6 Best F1",
    claim: "more than three augmentations at once are worse",
    evidence: {
      family: "E26",
      best: ["augmentations-3"],
      others: ["augmentations-4", "augmentations-5"],
    },
  },
];
