/** What the document claims of its results, of inference, and in its conclusion. */
import type { Claim } from "../../lib/experiments/claims.ts";

const AUDIOSET = "IRMAS's and AudioSet's audio";
const OPENMIC = "IRMAS's, OpenMIC's and AudioSet's audio";

const F1: Claim[] = [
  {
    id: "f1.top_five",
    section: "6 Best F1",
    claim: "the five best models have a validation F1 of 0.4435 to 0.4076",
    document: [0.4435, 0.4112, 0.4095, 0.4084, 0.4076],
    evidence: {
      needs: `${AUDIOSET} and ImageNet's weights; it is a mean over batches, see metrics.macro_f1`,
    },
    fact: { id: "E12.top_five", on: "AudioSet" },
  },
  {
    id: "f1.fluffy",
    section: "6 Best F1",
    claim: "with sums and time shift Fluffy gains 0.0017 against one head of the same layers",
    document: 0.0017,
    evidence: { family: "E12", variant: "fluffy-deep", claims: "better" },
  },
  {
    id: "f1.shift",
    section: "6 Best F1",
    claim: "with sums time shift gains 0.0011: without it it is worse",
    document: 0.0011,
    evidence: { family: "E12", variant: "no-shift", claims: "worse" },
  },
  {
    id: "f1.larger_network",
    section: "6 Best F1",
    claim:
      "a larger network with Fluffy is 0.0019 worse than the small one without (there smaller pictures and no time shift too)",
    document: -0.0019,
    evidence: { family: "E12", variant: "pico+fluffy-deep", claims: "worse" },
  },
  {
    id: "f1.best_setting",
    section: "6 Best F1",
    claim: "the best model was trained for 10 epochs on sums of two",
    document: "10 epochs, sum with 2",
    evidence: {
      claimed: "10 epochs, sum with 2",
      found: "30 epochs, sum with 3",
      readIn: "the original's slides",
    },
  },
  {
    id: "f1.rate",
    section: "6 Best F1",
    claim: "a learning rate of 1e-4 is best for every convolutional network",
    document: 1e-4,
    evidence: {
      needs: "pretrained networks: rates of training from random weights say nothing of it",
    },
  },
  {
    id: "f1.batch",
    section: "6 Best F1",
    claim: "batches of 16 are best: above 8 and 64 (the base's are 32)",
    document: 16,
    evidence: { family: "E19", best: ["batch-16"], others: ["batch-8", "base", "batch-64"] },
  },
  {
    id: "f1.larger_pictures",
    section: "6 Best F1",
    claim: "larger pictures are better: with half as many rows and columns it is worse",
    evidence: { family: "E19", variant: "screen", claims: "worse" },
  },
  {
    id: "f1.longer",
    section: "6 Best F1",
    claim: "the best model would have gained by longer training",
    evidence: { needs: AUDIOSET },
  },
  {
    id: "f1.voice",
    section: "6 Best F1; 6 Best Hamming",
    claim: "voice has the highest F1",
    evidence: { estimate: "F1: voice less the best other", above: 0 },
  },
  {
    id: "f1.saxophone",
    section: "6 Best F1; 6 Best Hamming",
    claim: "the saxophone is among the best (above the median)",
    evidence: { estimate: "F1: saxophone less the median", above: 0 },
  },
  {
    id: "f1.saxophone_clarinet",
    section: "6 Best F1",
    claim: "a saxophone is easily taken for a clarinet: more often than for any other, on average",
    evidence: { estimate: "saxophone: as clarinet less as another", above: 0 },
  },
  {
    id: "f1.piano",
    section: "6 Best F1; 6 Best Hamming",
    claim: "the piano is among the best (above the median)",
    evidence: { estimate: "F1: piano less the median", above: 0 },
  },
  {
    id: "f1.cello_clarinet",
    section: "6 Best F1; 6 Best Hamming",
    claim: "cello and clarinet are the worst (below the others' mean)",
    evidence: { estimate: "F1: cello and clarinet less the others", below: 0 },
  },
  {
    id: "f1.best_three",
    section: "6 Best F1; 6 Best Hamming",
    claim: "voice, saxophone and piano have the highest F1, in this order",
    evidence: { row: "R2.best" },
  },
  {
    id: "f1.worst_two",
    section: "6 Best F1; 6 Best Hamming",
    claim: "cello and clarinet have the lowest F1",
    evidence: { row: "R2.worst" },
  },
  {
    id: "auc.best_two",
    section: "6 Best F1",
    claim: "saxophone and voice have the largest areas under their ROC curves",
    evidence: { row: "R4.best" },
  },
  {
    id: "auc.worst_two",
    section: "6 Best F1",
    claim: "acoustic guitar and organ have the smallest areas under their ROC curves",
    evidence: { row: "R4.worst" },
  },
  {
    id: "f1.trimodal",
    section: "6 Best F1; 6 Best Hamming",
    claim: "F1 by clip has three peaks: bad, mediocre and excellent",
    document: 3,
    evidence: { row: "R3.heaps" },
  },
  {
    id: "auc.voice",
    section: "6 Best F1",
    claim: "by its ROC curve voice is found easily (above the median)",
    evidence: { estimate: "ROC area: voice less the median", above: 0 },
  },
  {
    id: "auc.saxophone",
    section: "6 Best F1",
    claim: "by its ROC curve the saxophone is found easily (above the median)",
    evidence: { estimate: "ROC area: saxophone less the median", above: 0 },
  },
  {
    id: "auc.acoustic_guitar",
    section: "6 Best F1",
    claim: "by its ROC curve the acoustic guitar is hard to find (below the median)",
    evidence: { estimate: "ROC area: acoustic guitar less the median", below: 0 },
  },
  {
    id: "auc.electric_guitar",
    section: "6 Best F1",
    claim: "by its ROC curve the electric guitar is hard to find (below the median)",
    evidence: { estimate: "ROC area: electric guitar less the median", below: 0 },
  },
  {
    id: "auc.organ",
    section: "6 Best F1",
    claim: "by its ROC curve the organ is hard to find (below the median)",
    evidence: { estimate: "ROC area: organ less the median", below: 0 },
  },
  {
    id: "f1.audioset",
    section: "6 Best F1",
    claim: "AudioSet raises F1 by 0.0323",
    document: 0.0323,
    evidence: { needs: AUDIOSET },
    fact: { id: "E12.audioset", on: "AudioSet" },
  },
  {
    id: "auc.audioset",
    section: "6 Best F1",
    claim:
      "without AudioSet no area under a ROC curve is larger, and the acoustic guitar's is 0.05 smaller",
    document: 0.05,
    evidence: { needs: AUDIOSET },
    fact: { id: "R4.guitar_without_audioset", on: "AudioSet" },
  },
  {
    id: "auc.fluffy",
    section: "6 Best F1",
    claim:
      "without Fluffy the piano's area grows and the trumpet's falls (ConvNeXt-atto, small pictures, relabelled clips)",
    evidence: [
      { estimate: "ROC area of the piano: one head less Fluffy", above: 0 },
      { estimate: "ROC area of the trumpet: one head less Fluffy", below: 0 },
    ],
  },
];

const HAMMING: Claim[] = [
  {
    id: "hamming.loss",
    section: "6 Best Hamming",
    claim: "the Hamming loss is the share of labels that are right: 1 of perfect decisions",
    evidence: { estimate: "Hamming loss of perfect decisions", is: 1 },
  },
  {
    id: "hamming.top_five",
    section: "6 Best Hamming",
    claim: "the five best models have a Hamming score of 0.9014 to 0.894",
    document: [0.9014, 0.8977, 0.8974, 0.8949, 0.894],
    evidence: { needs: `${OPENMIC} and ImageNet's weights` },
    fact: { id: "E13.top_five", on: "AudioSet" },
  },
  {
    id: "hamming.cosine",
    section: "6 Best Hamming",
    claim: "cosine annealing has a Hamming score 0.0009 lower than one-cycle's",
    document: -0.0009,
    evidence: { family: "E13", variant: "cosine", measure: "hamming", claims: "worse" },
  },
  {
    id: "hamming.batch",
    section: "6 Best Hamming",
    claim: "smaller batches raise the Hamming score",
    evidence: { family: "E19", variant: "batch-8", measure: "hamming", claims: "better" },
  },
  {
    id: "hamming.openmic",
    section: "6 Best Hamming",
    claim: "OpenMIC helps the cello and the piano, AudioSet the clarinet, whose area grows by 0.08",
    document: 0.08,
    evidence: { needs: OPENMIC },
    fact: { id: "R4.clarinet_with_audioset", on: "AudioSet" },
  },
  {
    id: "hamming.more_certain",
    section: "6 Best Hamming",
    claim: "with OpenMIC more clips have a high F1 and fewer a mediocre one",
    evidence: { needs: OPENMIC },
  },
  {
    id: "hamming.data_not_settings",
    section: "6 Best Hamming",
    claim: "settings change ROC curves little, data sets much",
    evidence: { needs: OPENMIC },
  },
];

const INFERENCE: Claim[] = [
  {
    id: "inference.linear",
    section: "6 Inference",
    claim:
      "the time of a forward pass grows linearly with the length (of all four backbones, from a minute on, with its power 0.9 to 1.1)",
    evidence: { row: "E18.growth" },
  },
  {
    id: "inference.parameters",
    section: "6 Inference",
    claim:
      "the slope of that time is in proportion to the number of parameters (for one of them at most half as much again as for another's)",
    evidence: { row: "E18.proportion", below: 1.5 },
  },
  {
    id: "inference.mobilenet",
    section: "6 Inference",
    claim: "MobileNetV3-large is the fastest of four backbones",
    evidence: { row: "E18.fastest" },
  },
];

const CONCLUSION: Claim[] = [
  {
    id: "conclusion.background",
    section: "6 Conclusion",
    claim: "instruments in the background are missed: the leading one has the higher recall",
    evidence: { estimate: "recall: leading less other instruments", above: 0 },
  },
  {
    id: "conclusion.data_beat_models",
    section: "6 Conclusion",
    claim:
      "data matter more than the model: half of them cost more than the best of four other networks brings",
    evidence: [
      { family: "E27", variant: "half", claims: "worse" },
      {
        estimate: "what half of the recordings cost less what the best other network brings",
        above: 0,
      },
    ],
  },
  {
    id: "conclusion.ensemble",
    section: "6 Conclusion",
    claim: "several models together would be better than one",
    evidence: { estimate: "ensemble: gain", above: 0 },
  },
];

export const RESULT_CLAIMS: readonly Claim[] = [...F1, ...HAMMING, ...INFERENCE, ...CONCLUSION];
