/** What the document claims of losses, heads, networks, training, and of classical models. */
import type { Claim, Direction, Evidence, Measure } from "../../lib/experiments/claims.ts";

const variant = (
  family: string,
  name: string,
  claims: Direction,
  measure?: Measure,
): Evidence => ({ family, variant: name, ...(measure && { measure }), claims });

const LOSSES: Claim[] = [
  {
    id: "bce.zeros",
    section: "5 Binary cross-entropy",
    claim:
      "cross-entropy alone teaches to name no instrument (on nineteen of twenty clips, at one half)",
    evidence: { estimate: "clips without any instrument at one half", above: 0.95 },
  },
  {
    id: "positive.example",
    section: "5 Positive weights",
    claim: "in its example of positive weights a guitar weighs 1.6",
    document: 1.6,
    evidence: { estimate: "positive weight: the document's example", is: 1.6 },
    fact: { id: "M2.example", on: "arithmetic" },
  },
  {
    id: "positive.f1",
    section: "5 Positive weights",
    claim: "positive weights raise F1 slightly, at one half",
    evidence: { estimate: "positive-weights at one half: macroF1", above: 0 },
  },
  {
    id: "positive.f1_tuned",
    section: "5 Positive weights",
    claim: "positive weights raise F1 slightly, at thresholds that are tuned",
    evidence: variant("E1", "positive-weights", "better"),
  },
  {
    id: "positive.speed",
    section: "5 Positive weights",
    claim:
      "positive weights make training converge faster (fewer epochs to nine tenths of the accuracy that both reach)",
    evidence: variant("E1", "positive-weights", "better", "convergence"),
  },
  {
    id: "positive.speed_f1",
    section: "5 Positive weights",
    claim:
      "positive weights make training converge faster (fewer epochs to nine tenths of the F1 at one half that both reach)",
    evidence: { estimate: "positive weights: epochs saved by F1 at one half", above: 0 },
  },
  {
    id: "positive.recall",
    section: "5 Focal loss",
    claim: "positive weights raise recall and cost precision, at one half",
    evidence: [
      { estimate: "positive-weights at one half: recall", above: 0 },
      { estimate: "positive-weights at one half: precision", below: 0 },
    ],
  },
  {
    id: "positive.recall_tuned",
    section: "5 Focal loss",
    claim: "positive weights raise recall and cost precision, at thresholds that are tuned",
    evidence: [
      variant("E1", "positive-weights", "better", "recall"),
      variant("E1", "positive-weights", "worse", "precision"),
    ],
  },
  ...([["0.1", 0.349], ["0.3", 0.3516], ["0.5", 0.3748]] as const).map(([gamma, f1]): Claim => ({
    id: `focal.${gamma.replace(".", "")}`,
    section: "5 Focal loss",
    claim:
      `focal loss with gamma ${gamma} is better than cross-entropy (0.3456 there), at thresholds that are tuned`,
    document: f1,
    evidence: variant("E2", `focal-document-${gamma}`, "better"),
  })),
  {
    id: "focal.half",
    section: "5 Focal loss",
    claim: "focal loss with gamma 0.5 is better than cross-entropy, at one half",
    evidence: { estimate: "focal-document-0.5 at one half: macroF1", above: 0 },
  },
  {
    id: "focal.grows",
    section: "5 Focal loss",
    claim: "the larger gamma, the better: 0.5 above 0.3 above 0.1",
    evidence: [
      { family: "E2", best: ["focal-document-0.5"], others: ["focal-document-0.3"] },
      { family: "E2", best: ["focal-document-0.3"], others: ["focal-document-0.1"] },
    ],
  },
  {
    id: "focal.zero",
    section: "5 Focal loss",
    claim: "gamma 0 is cross-entropy",
    evidence: {
      test: "gamma 0, weights of 1, alpha 1/2 and families of one are binary cross-entropy",
      file: "tests/nn/losses_test.ts",
    },
  },
  {
    id: "focal.formula",
    section: "5 Focal loss",
    claim: "examples that are decided well, of either label, count less",
    document: "either label",
    evidence: {
      claimed: "either label",
      found: "whatever the label: easy negatives keep their weight",
      readIn: "the original's loss",
    },
  },
  {
    id: "focal.precision",
    section: "5 Focal loss",
    claim:
      "focal loss keeps the precision that positive weights cost, at one half: more than with them",
    evidence: {
      estimate: "focal-document-0.5 less positive-weights at one half: precision",
      above: 0,
    },
  },
  {
    id: "focal.precision_tuned",
    section: "5 Focal loss",
    claim:
      "focal loss keeps the precision that positive weights cost, at thresholds that are tuned: more than with them",
    evidence: {
      family: "E2",
      best: ["focal-document-0.5"],
      others: ["E1:positive-weights"],
      measure: "precision",
    },
  },
  {
    id: "focal.unfreezing",
    section: "5 Focal loss; 6 Best F1",
    claim:
      "F1 grows most in the epoch in which the backbone is unfrozen (YAMNet's, after three epochs of the head alone)",
    evidence: {
      estimate: "F1: gain where the backbone is unfrozen less the largest other",
      above: 0,
    },
  },
  {
    id: "focal.unfreezing_loss",
    section: "5 Focal loss",
    claim:
      "the loss on held-out clips rises in the epoch in which the backbone is unfrozen (YAMNet's, after three epochs of the head alone)",
    evidence: { estimate: "loss on held-out clips: rise where the backbone is unfrozen", above: 0 },
  },
  {
    id: "family.five",
    section: "5 Family loss",
    claim: "there are five families",
    document: 5,
    evidence: {
      claimed: "5",
      found: "6, with strings: those of its example of cello and violin",
      readIn: "the original's program",
    },
  },
  {
    id: "family.no_gain",
    section: "5 Family loss",
    claim: "the family loss brings nothing much at any of its three factors",
    evidence: ["family-0.3", "family-0.8", "family-1.5"].map((name) =>
      variant("E3", name, "no better")
    ),
  },
  {
    id: "family.cello",
    section: "5 Family loss",
    claim: "a cello is taken for a violin more often than for a trumpet",
    evidence: { estimate: "cello: as violin less as trumpet", above: 0 },
  },
  {
    id: "family.errors",
    section: "5 Family loss",
    claim: "instruments of one family are confused more often than by chance",
    evidence: { estimate: "errors inside the family less by chance", above: 0 },
  },
];

/** Fluffy heads, and one head of the same layers for all instruments: two linear ones, or attention and one linear layer. */
const HEADS_IN_PAIRS = [["fluffy-deep", "base"], ["fluffy-attention", "attention"]] as const;

const HEADS: Claim[] = [
  {
    id: "head.attention",
    section: "5 Heads",
    claim: "attention over time is better than a mean over it",
    evidence: variant("E4", "attention", "better", "ranking"),
  },
  {
    id: "fluffy.slightly_worse",
    section: "5 Fluffy",
    claim: "Fluffy is slightly worse than one head of the same layers (its figure)",
    evidence: variant("E4", "fluffy-deep", "worse"),
  },
  {
    id: "fluffy.consistently",
    section: "6 Best F1; 6 Conclusion",
    claim: "Fluffy is consistently better than one head of the same layers (its results)",
    evidence: HEADS_IN_PAIRS.map(([fluffy, one]) => ({
      family: "E4",
      best: [fluffy],
      others: [one],
    })),
  },
  {
    id: "fluffy.noise",
    section: "5 Fluffy",
    claim: "Fluffy is more robust to noise: it hears more in noise, and loses less to it",
    evidence: HEADS_IN_PAIRS.flatMap(([fluffy, one]) =>
      (["noise", "noiseChange"] as const).map((measure) => ({
        family: "E4",
        best: [fluffy],
        others: [one],
        measure,
      }))
    ),
  },
  {
    id: "fluffy.untangled",
    section: "5 Fluffy",
    claim:
      "one head links instruments, Fluffy does not: what it scores of two that a clip has not is less correlated",
    evidence: { estimate: "spurious correlations: Fluffy less one head", below: 0 },
  },
  {
    id: "fluffy.parameters",
    section: "5 Fluffy",
    claim:
      "Fluffy's heads add few parameters (less than a tenth of ConvNeXt-small's), where they are linear",
    evidence: { estimate: "Fluffy: more parameters of ConvNeXt-S, share", below: 0.1 },
  },
  {
    id: "fluffy.parameters_attention",
    section: "5 Fluffy",
    claim:
      "Fluffy's heads add few parameters (less than a tenth of ConvNeXt-small's), with attention",
    evidence: {
      estimate: "Fluffy with attention: more parameters of ConvNeXt-S, share",
      below: 0.1,
    },
  },
  {
    id: "fluffy.new_instrument",
    section: "5 Fluffy",
    claim: "a new instrument needs a new head alone; the others stay as they are",
    evidence: {
      test: "head is trained alone: the eleven give what they gave, bit for bit",
      file: "tests/nn/heads_test.ts",
    },
  },
  {
    id: "fluffy.attention_read",
    section: "5 Fluffy",
    claim:
      "attention shows where an instrument plays: its head looks there more than elsewhere, and more than heads of absent ones",
    evidence: [
      { estimate: "attention to what enters, over that of all moments", above: 0 },
      { estimate: "attention to what enters, over that of heads of absent instruments", above: 0 },
    ],
  },
];

const NETWORKS: Claim[] = [
  {
    id: "cnn.head",
    section: "5 CNN",
    claim: "a head is linear, norm, ReLU, linear",
    document: "linear, norm, ReLU, linear",
    evidence: {
      claimed: "linear, norm, ReLU, linear",
      found: "norm, ReLU, linear, dropout",
      readIn: "the original's program",
    },
  },
  {
    id: "cnn.from_scratch",
    section: "5 Backbones",
    claim: "only the LSTM and support vector machines have no pretrained backbone",
    document: "LSTM, SVM",
    evidence: {
      claimed: "LSTM, SVM",
      found: 'LSTM, SVM, ConvLSTM, "good boy"',
      readIn: "the document's own graveyard",
    },
  },
  {
    id: "size.larger_worse",
    section: "5 CNN; 6 Conclusion",
    claim:
      "networks that are too large are worse: ConvNeXt-tiny (27.8 million parameters) than atto (3.4)",
    evidence: variant("E25", "convnext-tiny", "worse"),
  },
  {
    id: "size.smaller_better",
    section: "6 Conclusion",
    claim: "smaller is better: ConvNeXt-atto above femto, pico, nano and tiny",
    evidence: {
      family: "E25",
      best: ["base"],
      others: ["femto", "pico", "nano", "convnext-tiny"],
    },
  },
  {
    id: "cnn.any_size",
    section: "5 CNN",
    claim: "the networks take pictures of other sizes than 224 x 224",
    evidence: {
      test: "a network takes pictures of any size: its map has a place for every 32 x 32 cells",
      file: "tests/nn/backbones_test.ts",
    },
  },
  {
    id: "cnn.convnext_best",
    section: "5 CNN",
    claim: "ConvNeXt is the best of four backbones",
    evidence: {
      family: "E5",
      best: ["convnext-tiny"],
      others: ["screen+efficientnet-v2-s", "screen+resnext50", "screen+mobilenet-v3-large"],
    },
  },
  {
    id: "cnn.parameters_mobilenet",
    section: "5 MobNet",
    claim: "MobileNetV3-large has 5.4 million parameters (to a tenth)",
    document: 5.4,
    evidence: { estimate: "MobileNetV3-L, million parameters", is: 5.4, within: 0.1 },
    fact: { id: "M12.parameters", on: "arithmetic", tolerance: 0.1 },
  },
  {
    id: "cnn.parameters_convnext",
    section: "5 MobNet",
    claim: "ConvNeXt-small has 50 million parameters (to one)",
    document: 50,
    evidence: { estimate: "ConvNeXt-S, million parameters", is: 50, within: 1 },
    fact: { id: "M11.parameters", on: "arithmetic", tolerance: 1 },
  },
  {
    id: "cnn.fewer_parameters",
    section: "6 Results",
    claim: "convolutional networks have fewer parameters than transformers (ConvNeXt-small, AST)",
    evidence: { estimate: "AST less ConvNeXt-S, million parameters", above: 0 },
  },
  {
    id: "pretraining.imagenet",
    section: "6 Best F1",
    claim: "ImageNet's weights help",
    evidence: { needs: "ImageNet's weights" },
  },
  {
    id: "pretraining.patches",
    section: "5 Pretraining",
    claim: "pretraining on scrambled patches would help (it was hoped)",
    evidence: variant("E20", "irmas_after_patches", "better", "ranking"),
  },
  {
    id: "pretraining.masked",
    section: "6 Conclusion",
    claim: "masked autoencoding would help",
    evidence: variant("E20", "irmas_after_masked", "better", "ranking"),
  },
  {
    id: "pretraining.implemented",
    section: "5 Pretraining",
    claim: "the pretraining on scrambled patches is implemented",
    document: "implemented",
    evidence: {
      claimed: "implemented",
      found: "cannot learn: gradients are cleared before the update, edits go to the whole batch",
      readIn: "the original's program",
    },
  },
  {
    id: "pretraining.audioset",
    section: "6 Conclusion",
    claim:
      "weights that have heard AudioSet bring much: YAMNet's, against the same from scratch (by 0.05, at least)",
    evidence: { family: "E20", variant: "irmas_yamnet", claims: "better", by: 0.05 },
  },
  {
    id: "ast.zero_shot",
    section: "5 AST",
    claim: "without training AST has an F1 of 0.51 to 0.54 on IRMAS",
    document: [0.51, 0.54],
    evidence: { claimed: "0.51 to 0.54", found: "0.34", readIn: "the original's slides" },
    fact: { id: "M14.zero_shot", on: "IRMAS" },
  },
  {
    id: "ast.distinguishes",
    section: "5 AST",
    claim:
      "a network that heard AudioSet knows the instruments without training: YAMNet, above always all",
    evidence: { estimate: "zero-shot: YAMNet less always all", above: 0 },
  },
  {
    id: "mobnet.smaller",
    section: "5 MobNet",
    claim: "MobNet has fewer parameters than ConvNeXt-small",
    evidence: { estimate: "MobNet less ConvNeXt-S, million parameters", below: 0 },
  },
  {
    id: "mobnet.number",
    section: "5 MobNet",
    claim: "MobNet has a validation F1 of 0.2433",
    document: 0.2433,
    evidence: { needs: "IRMAS audio and ImageNet's weights (paper_mobnet)" },
    fact: { id: "M15.f1", on: "IRMAS" },
  },
  {
    id: "mobnet.bad",
    section: "5 MobNet",
    claim: "MobNet is surprisingly bad: worse than ConvNeXt, both small and from random weights",
    evidence: variant("E15", "irmas_mobnet", "worse"),
  },
];

const TRAINING: Claim[] = [
  {
    id: "threshold.search",
    section: "5 Threshold",
    claim: "a tuned threshold gives a better F1 than one half",
    evidence: { estimate: "threshold: tuned less one half", above: 0 },
  },
  {
    id: "threshold.sums",
    section: "5 Threshold",
    claim:
      "a threshold tuned on sums of 4 to 6 clips, its way, is better than one half on sums of two (from scratch, and pretrained)",
    evidence: ["irmas_scratch", "irmas_yamnet"].map((recipe) => ({
      estimate: `threshold: of sums less one half, ${recipe}`,
      above: 0,
    })),
  },
  {
    id: "threshold.fine",
    section: "5 Threshold",
    claim: "the finer search of a threshold takes 100 points",
    document: "100",
    evidence: { claimed: "100", found: "1000", readIn: "the original's src/train/metrics.py" },
  },
  {
    id: "threshold.official",
    section: "5 Threshold",
    claim: "sums of 4 to 6 are like the competition's own validation set",
    evidence: {
      needs:
        "the competition's set, which was never published (by the team's own ears its tracks have 4.1 labels)",
    },
  },
  {
    id: "threshold.fixed",
    section: "2 Metrics; 5 Threshold",
    claim: "while training, F1 is of decisions at one half",
    document: 0.5,
    evidence: {
      claimed: "0.5",
      found: "0.31201",
      readIn: "the original's program, which overrides any setting",
    },
  },
  {
    id: "schedule.one_cycle",
    section: "5 Schedulers",
    claim: "one-cycle is better than another schedule: cosine annealing is worse",
    evidence: variant("E13", "cosine", "worse"),
  },
  {
    id: "schedule.one_cycle_speed",
    section: "5 Schedulers",
    claim: "with one-cycle training converges faster: with cosine annealing it is slower",
    evidence: variant("E13", "cosine", "worse", "convergence"),
  },
  {
    id: "schedule.phases",
    section: "5 Schedulers",
    claim: "one-cycle ends with a phase of a constant low rate",
    document: "constant",
    evidence: { claimed: "constant", found: "falls to nearly 0", readIn: "the original's program" },
  },
  {
    id: "schedule.source",
    section: "5 Schedulers",
    claim: "one-cycle comes from Smith's paper on cyclical learning rates",
    document: "Cyclical Learning Rates",
    evidence: {
      claimed: "Cyclical Learning Rates",
      found: "Super-Convergence",
      readIn: "Smith and Topin, arXiv 1708.07120, two years later",
    },
  },
];

const CLASSICAL: Claim[] = [
  {
    id: "svm.well",
    section: "5 Naive models",
    claim:
      "its support vector machines work fairly well: the best, with 0.19, has more F1 than always naming all",
    document: 0.19,
    evidence: [
      { estimate: "always all: F1 on the songs", below: 0.1948 },
      { estimate: "SVM: the document's best F1 less always all's", above: 0 },
    ],
  },
  {
    id: "svm.well_scaled",
    section: "5 Naive models",
    claim: "scaled as the training part its best machine has more F1 than always naming all",
    evidence: {
      estimate: "SVM: the training part's scaler: F1 less always all's",
      above: 0,
    },
  },
  {
    id: "svm.accuracy",
    section: "5 Naive models",
    claim: "its machine of the highest F1 is right in more labels than never naming any",
    document: [0.84, 0.84, 0.84, 0.79],
    evidence: { estimate: "SVM: accuracy less all zeros'", above: 0 },
  },
  {
    id: "svm.table",
    section: "5 Naive models",
    claim: "its machines' F1 are 0.10, 0.08, 0.02, 0.19",
    document: [0.1, 0.08, 0.02, 0.19],
    evidence: { needs: "IRMAS audio: the 28 features of the test part were never published" },
    fact: { id: "M19.f1", on: "IRMAS" },
  },
  {
    id: "svm.third",
    section: "5 Naive models",
    claim: "a third of the songs tells F1 accurately (to two hundredths)",
    evidence: { estimate: "SVM: half width of F1 on a third of the songs", below: 0.02 },
  },
  {
    id: "svm.rbf",
    section: "5 Naive models",
    claim: "an RBF kernel is better than a linear one: scaled features",
    evidence: { estimate: "SVM: RBF less linear, min-max", above: 0 },
  },
  {
    id: "svm.rbf_raw",
    section: "5 Naive models",
    claim: "an RBF kernel is better than a linear one: raw features",
    evidence: { estimate: "SVM: RBF less linear, raw", above: 0 },
  },
  {
    id: "svm.scaled",
    section: "5 Naive models",
    claim: "scaled features are better than raw ones, RBF kernel",
    evidence: { estimate: "SVM: scaled less raw, RBF", above: 0 },
  },
  {
    id: "svm.by_instrument",
    section: "5 Naive models",
    claim: "kernels chosen by instrument would be better",
    evidence: { estimate: "SVM: by instrument less one for all", above: 0 },
  },
  {
    id: "svm.linked",
    section: "5 Naive models",
    claim: "a model whose instruments are linked would be better: a small network",
    evidence: { estimate: "small network less SVM by instrument", above: 0 },
  },
];

const GRAVEYARD: Claim[] = [
  {
    id: "graveyard.steps",
    section: "5 LSTM",
    claim: "3 s at a hop of 512 are 130 steps",
    document: 130,
    evidence: { estimate: "steps of 3 s at a hop of 512", is: 130 },
    fact: { id: "M20.steps", on: "arithmetic" },
  },
  {
    id: "graveyard.lstm_number",
    section: "5 LSTM",
    claim: "an LSTM has an F1 of 0.2",
    document: 0.2,
    evidence: { needs: "IRMAS audio (paper_lstm)" },
    fact: { id: "M20.f1", on: "IRMAS" },
  },
  {
    id: "graveyard.lstm",
    section: "5 LSTM",
    claim: "the LSTM is much worse than ConvNeXt, both from random weights (by 0.05, at least)",
    evidence: { family: "E15", variant: "irmas_lstm", claims: "worse", by: 0.05 },
  },
  {
    id: "graveyard.conv_lstm",
    section: "5 ConvLSTM",
    claim: "ConvLSTM is slightly better than the LSTM",
    evidence: { family: "E15", best: ["irmas_conv_lstm"], others: ["irmas_lstm"] },
  },
  {
    id: "graveyard.conv_lstm_speed",
    section: "5 ConvLSTM",
    claim: "ConvLSTM converges far more slowly than the LSTM (by more than one epoch of eight)",
    evidence: { estimate: "epochs to converge: ConvLSTM less LSTM", above: 1 },
  },
  {
    id: "graveyard.good_boy",
    section: "5 Good boy",
    claim: '"good boy" beats ConvLSTM',
    evidence: { family: "E15", best: ["irmas_good_boy"], others: ["irmas_conv_lstm"] },
  },
  {
    id: "graveyard.good_boy_number",
    section: "5 Good boy",
    claim: '"good boy" has an F1 of 0.35',
    document: 0.35,
    evidence: { needs: "IRMAS audio (paper_good_boy)" },
    fact: { id: "M22.f1", on: "IRMAS" },
  },
  {
    id: "graveyard.all",
    section: "5 Graveyard",
    claim:
      'LSTM, ConvLSTM, "good boy" and MobNet are all much worse than ConvNeXt (by 0.05, at least)',
    evidence: ["irmas_lstm", "irmas_conv_lstm", "irmas_good_boy", "irmas_mobnet"].map((
      recipe,
    ) => ({ family: "E15", variant: recipe, claims: "worse" as const, by: 0.05 })),
  },
  {
    id: "graveyard.wav2vec_parameters",
    section: "5 Wav2Vec",
    claim:
      'wav2vec 2.0\'s convolutions have far more parameters than "good boy" (twice as many, at least)',
    evidence: { estimate: "wav2vec 2.0's convolutions by good boy, parameters", above: 2 },
  },
  {
    id: "graveyard.wav2vec",
    section: "5 Wav2Vec",
    claim: "wav2vec 2.0's convolutions with Fluffy are about as good as good boy",
    evidence: { needs: "wav2vec 2.0's published weights" },
  },
];

export const MODELLING_CLAIMS: readonly Claim[] = [
  ...LOSSES,
  ...HEADS,
  ...NETWORKS,
  ...TRAINING,
  ...CLASSICAL,
  ...GRAVEYARD,
];
