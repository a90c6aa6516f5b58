/** What the document claims of the product, of IRMAS, of how it is split and what is in it, and of the other data sets. */
import type { Claim } from "../../lib/experiments/claims.ts";

const AST = "the Audio Spectrogram Transformer's published weights";
const OUTSIDE = "figures of the music business, on which nothing here bears";

const PRODUCT: Claim[] = [
  {
    id: "product.revenue",
    section: "1 Product",
    claim: "the music business had a revenue of 26.2 billion US dollars in 2022",
    document: 26.2,
    evidence: {
      claimed: "26.2",
      found: "26.2",
      readIn: "reports of IFPI's Global Music Report 2023, of recorded music",
    },
  },
  {
    id: "product.samples",
    section: "1 Product",
    claim: "a shop for samples had a revenue of 141 million US dollars in 2021",
    document: 141,
    evidence: { needs: OUTSIDE },
  },
  {
    id: "product.score",
    section: "1 Product",
    claim: "the competition counts the mean share of right labels",
    document: "mean share of right labels",
    evidence: {
      claimed: "mean share of right labels",
      found: "mean share of right labels",
      readIn: "the competition's task",
    },
  },
  {
    id: "product.labelling",
    section: "1 Product",
    claim: "to label sounds takes longer than to label pictures",
    evidence: { needs: "people who label both" },
  },
];

const METRICS: Claim[] = [
  {
    id: "irmas.one_instrument",
    section: "2 IRMAS",
    claim: "clips of the training part hold one instrument only",
    evidence: { estimate: "relabelled: several", is: 0 },
  },
  {
    id: "irmas.one_to_five",
    section: "2 Metrics",
    claim: "excerpts of the multi-instrument part hold one to five instruments",
    document: "1 to 5",
    evidence: { estimate: "labels of an excerpt", is: "1 to 5" },
  },
  {
    id: "metrics.zeros_single",
    section: "2 Metrics",
    claim:
      "never naming an instrument is right about 90 % of the labels of single-instrument clips",
    document: 0.9,
    evidence: { estimate: "zeros on single labels", is: 0.9, within: 0.01 },
    fact: { id: "R6.zeros_single", on: "tables", tolerance: 0.01 },
  },
  {
    id: "metrics.zeros_multi",
    section: "2 Metrics",
    claim: "never naming an instrument has a rather high accuracy on the songs too (above 0.8)",
    evidence: { estimate: "all zeros: accuracy on the songs", above: 0.8 },
  },
  {
    id: "metrics.f1",
    section: "2 Metrics",
    claim: "F1 is harder to fool than accuracy: what never listens has less of it",
    evidence: { estimate: "best accuracy less best F1 of what never listens", above: 0 },
  },
  {
    id: "metrics.macro_f1",
    section: "2 Metrics; 5 Loss",
    claim: "the F1 that is followed is the macro-F1, which is 1 where every decision is right",
    evidence: { row: "R6.perfect_sorted_16", is: 1 },
  },
];

const SPLIT: Claim[] = [
  {
    id: "split.songs",
    section: "2 Split",
    claim: "the multi-instrument part comes from 208 songs",
    document: 208,
    evidence: { row: "D2.songs" },
  },
  {
    id: "split.half",
    section: "2 Split",
    claim: "half of the multi-instrument part goes to training, half to validation",
    document: 0.5,
    evidence: { estimate: "split: share of the training half", is: 0.5, within: 0.05 },
  },
  {
    id: "split.throughout",
    section: "2 Split",
    claim: "every labelled instrument plays at every instant of an excerpt",
    evidence: { needs: "IRMAS audio and a listener" },
  },
  {
    id: "split.random_leaks",
    section: "2 Split",
    claim: "a random split would put pieces of a song on both sides (of nearly every song)",
    evidence: { estimate: "split: songs on both sides of a random one", above: 0.9 },
  },
  {
    id: "split.leak_flatters",
    section: "2 Split",
    claim: "a leak of songs or recordings makes a model look better than it is",
    evidence: { estimate: "leak: RBF SVM, random less by recording", above: 0 },
  },
  {
    id: "split.balance",
    section: "2 Split",
    claim: "the split keeps the balance of the labels (better than 19 of 20 random splits by song)",
    evidence: { estimate: "split: random splits by song that are less balanced", above: 0.95 },
  },
  {
    id: "split.no_leak",
    section: "2 Split",
    claim: "no song, and no sound, is in both halves",
    evidence: [
      { estimate: "split: songs in both halves", is: 0 },
      { estimate: "split: sounds in both halves", is: 0 },
    ],
  },
];

const IMBALANCE: Claim[] = [
  {
    id: "imbalance.both",
    section: "2 Imbalance; 2 Exploration",
    claim: "both parts are imbalanced (most frequent by rarest instrument above 1.5)",
    evidence: [
      { estimate: "single: most by fewest", above: 1.5 },
      { estimate: "multi: most by fewest", above: 1.5 },
    ],
  },
  {
    id: "imbalance.sparse",
    section: "2 Imbalance; 5 Loss",
    claim: "most excerpts have one or two instruments (three of four, at least)",
    evidence: { estimate: "excerpts with at most two labels", above: 0.75 },
  },
  {
    id: "imbalance.harms",
    section: "2 Imbalance",
    claim: "imbalance that is left alone does harm: drawing by weight helps",
    evidence: {
      family: "E10",
      variant: "weighted-median",
      measure: "ranking",
      claims: "better",
    },
  },
  {
    id: "imbalance.data",
    section: "2 Imbalance; 6 Conclusion",
    claim: "more data help: with a half, or a quarter, of the recordings it is worse",
    evidence: [
      { family: "E27", variant: "half", measure: "ranking", claims: "worse" },
      { family: "E27", variant: "quarter", measure: "ranking", claims: "worse" },
    ],
  },
  {
    id: "sampler.example",
    section: "2 Sampler",
    claim: "in its example of a weighted sampler a piano weighs 80/30",
    document: 2.667,
    evidence: { estimate: "sampler: the document's example", is: 80 / 30 },
    fact: { id: "D4.example", on: "arithmetic", tolerance: 0.0005 },
  },
  {
    id: "sampler.median",
    section: "2 Sampler",
    claim: "the sampler gives a track of several instruments the median of their weights",
    document: "median",
    evidence: { claimed: "median", found: "maximum", readIn: "the original's program" },
  },
  {
    id: "sampler.uniform",
    section: "2 Sampler",
    claim: "weighted drawing makes the labels more uniform",
    evidence: { estimate: "sampler: evenness gained", above: 0 },
  },
];

const RELABELLING: Claim[] = [
  {
    id: "relabelling.exact",
    section: "2 Relabelling",
    claim:
      "47.97 % of the relabelled clips hold their one label and nothing else (to half a point)",
    document: 47.97,
    evidence: { row: "D5.exact", within: 0.5 },
  },
  {
    id: "relabelling.lacking",
    section: "2 Relabelling",
    claim: "13.85 % of the relabelled clips lack their original instrument (to half a point)",
    document: 13.85,
    evidence: { row: "D5.lacking", within: 0.5 },
  },
  {
    id: "relabelling.counts",
    section: "2 Relabelling",
    claim: "159, 127 and 10 relabelled clips have one, two, three instruments (to one clip)",
    document: [159, 127, 10],
    evidence: { row: "D5.by_labels", within: 1 },
  },
  {
    id: "relabelling.several",
    section: "2 Relabelling",
    claim: "46.23 % of the relabelled clips hold several instruments (to half a point)",
    document: 46.23,
    evidence: { row: "D5.several", within: 0.5 },
  },
  {
    id: "relabelling.several_of_all",
    section: "2 Relabelling",
    claim:
      "46.23 % of the whole single-instrument part hold several instruments (about: to ten points)",
    document: 0.4623,
    evidence: { estimate: "relabelled: several, of all clips", is: 0.4623, within: 0.1 },
  },
  {
    id: "relabelling.mostly_right",
    section: "2 Relabelling",
    claim: "most relabelled clips have no label or one label wrong",
    evidence: [
      { row: "D5.by_distance" },
      { estimate: "relabelled: at most one wrong", above: 0.5 },
    ],
  },
];

const EXPLORATION: Claim[] = [
  {
    id: "single.clips",
    section: "2 Exploration",
    claim: "the single-instrument part has 6,705 clips",
    document: 6705,
    evidence: { row: "D1.clips" },
  },
  {
    id: "single.seconds",
    section: "2 Exploration",
    claim: "the single-instrument part lasts 20,115 s",
    document: 20115,
    evidence: { row: "D1.seconds" },
  },
  {
    id: "single.voice_cello",
    section: "2 Exploration",
    claim: "far more single-instrument clips are voices than cellos (half as many again, at least)",
    evidence: { estimate: "single: voice by cello", above: 1.5 },
  },
  {
    id: "multi.clips",
    section: "2 Exploration",
    claim: "the multi-instrument part has 2,874 excerpts",
    document: 2874,
    evidence: { row: "D2.clips" },
  },
  {
    id: "multi.range",
    section: "2 Exploration",
    claim: "excerpts last 5 to 20 s",
    document: [5, 20],
    evidence: { claimed: "5 to 20", found: "5 to 20", readIn: "IRMAS's README" },
  },
  {
    id: "multi.seconds",
    section: "2 Exploration",
    claim: "the multi-instrument part lasts 48,531 s",
    document: 48531,
    evidence: { row: "D2.seconds" },
  },
  {
    id: "multi.longest",
    section: "2 Exploration",
    claim: "most excerpts last about 20 s",
    document: 20,
    evidence: { needs: "IRMAS audio" },
  },
  {
    id: "multi.chunks",
    section: "2 Exploration",
    claim: "cut into 3 s, excerpts are more than the training clips",
    evidence: { estimate: "fewest chunks by the document's own seconds", above: 6705 },
  },
  {
    id: "multi.to_training",
    section: "2 Exploration",
    claim: "it is good to train on a part of the excerpts",
    evidence: { needs: "IRMAS audio: the songs' clips have no published spectrograms" },
  },
  {
    id: "multi.voice",
    section: "2 Exploration",
    claim:
      "voice is far more frequent in excerpts than clarinet, trumpet or cello (three times, at least)",
    evidence: { estimate: "multi: voice by trumpet", above: 3 },
  },
  {
    id: "multi.voice_better",
    section: "2 Exploration",
    claim: "voice, being more frequent, is recognised better than clarinet, trumpet and cello",
    evidence: { estimate: "F1: voice less clarinet, trumpet and cello", above: 0 },
  },
];

const FEATURES: Claim[] = [
  {
    id: "features.count",
    section: "2 Classical features; 5 Naive models",
    claim: "there are 28 classical features",
    document: 28,
    evidence: { estimate: "features", is: 28 },
    fact: { id: "D8.features", on: "real features" },
  },
  {
    id: "features.variance",
    section: "2 Classical features",
    claim: "of the features roll-off, centroid, bandwidth and MFCC vary most",
    document: "bandwidth centroid mfcc rolloff",
    evidence: {
      estimate: "features: kinds of highest variance",
      is: "bandwidth centroid mfcc rolloff",
    },
  },
  {
    id: "features.insight",
    section: "2 Classical features",
    claim:
      "the features that vary most tell most: the instrument explains more of their variance than of the others'",
    evidence: { estimate: "features: variance explained, named less others", above: 0 },
  },
  {
    id: "pca.share",
    section: "2 Classical features",
    claim: "two principal components hold 0.59 of the variance of the features",
    document: 0.59,
    evidence: { row: "D10.cumulative" },
  },
  {
    id: "pca.confident",
    section: "2 Classical features; 5 Naive models",
    claim:
      "the plane of two components can be trusted: most clips are nearest to their own class's centre there",
    evidence: {
      estimate: "features: clips nearest to their own class's centre in the plane",
      above: 0.5,
    },
  },
];

const TOGETHER: Claim[] = [
  {
    id: "together.piano_guitars",
    section: "2 Label correlations",
    claim: "piano keeps away from both guitars",
    evidence: [
      { estimate: "phi: piano, acoustic guitar", below: 0 },
      { estimate: "phi: piano, electric guitar", below: 0 },
    ],
  },
  {
    id: "together.highly",
    section: "2 Label correlations",
    claim:
      "its label correlations are high: piano against guitars, piano with saxophone (0.5 either way, at least)",
    evidence: [
      { estimate: "phi: piano, electric guitar", below: -0.5 },
      { estimate: "phi: piano, acoustic guitar", below: -0.5 },
      { estimate: "phi: piano, saxophone", above: 0.5 },
    ],
  },
  {
    id: "together.genres",
    section: "2 Label correlations",
    claim: "piano is more classical than the guitars",
    evidence: { estimate: "genre: classical, piano less guitars", above: 0 },
  },
  {
    id: "together.highest",
    section: "2 Label correlations",
    claim:
      "of all labels saxophone and piano, trumpet and saxophone, violin and cello correlate most",
    document: "cel-vio pia-sax sax-tru",
    evidence: { row: "D9.highest" },
  },
  {
    id: "together.piano_voice",
    section: "2 Label correlations",
    claim: "voice and piano are inversely correlated",
    evidence: { estimate: "phi: piano, voice", below: 0 },
  },
  {
    id: "together.voice_electric",
    section: "2 Label correlations",
    claim:
      "voice comes with electric guitar far more often than with piano, organ or cello (twice as often, at least)",
    evidence: [
      { estimate: "voice: with electric guitar by with piano", above: 2 },
      { estimate: "voice: with electric guitar by with organ", above: 2 },
      { estimate: "voice: with electric guitar by with cello", above: 2 },
    ],
  },
  {
    id: "together.jazz",
    section: "2 Label correlations",
    claim: "saxophone, trumpet and piano come together",
    evidence: [
      { estimate: "phi: piano, saxophone", above: 0 },
      { estimate: "phi: saxophone, trumpet", above: 0 },
      { estimate: "phi: piano, trumpet", above: 0 },
    ],
  },
  {
    id: "together.jazz_genre",
    section: "2 Label correlations",
    claim: "saxophone, trumpet and piano belong to jazz more than the others do",
    evidence: {
      estimate: "genre: jazz, saxophone, trumpet and piano less the others",
      above: 0,
    },
  },
  {
    id: "together.strings",
    section: "2 Label correlations; 4 Sum with N",
    claim: "violin and cello come together",
    evidence: { estimate: "phi: violin, cello", above: 0 },
  },
  {
    id: "together.strings_genre",
    section: "2 Label correlations",
    claim: "violin and cello are classical (most of their clips)",
    evidence: { estimate: "genre: classical among violin and cello", above: 0.5 },
  },
  {
    id: "together.unlikely",
    section: "4 Sum with N",
    claim: "electric guitar and clarinet seldom come together",
    evidence: { estimate: "phi: electric guitar, clarinet", below: 0 },
  },
];

const OTHERS: Claim[] = [
  {
    id: "openmic.clips",
    section: "2 OpenMIC",
    claim: "OpenMIC has 20,000 clips",
    document: 20000,
    evidence: {
      claimed: "20000",
      found: "20000",
      readIn: "OpenMIC-2018's published partitions, 14,915 and 5,085 clips",
    },
  },
  {
    id: "openmic.classes",
    section: "2 OpenMIC",
    claim: "OpenMIC knows 20 instruments",
    document: 20,
    evidence: { row: "D11.instruments" },
  },
  {
    id: "openmic.multi_label",
    section: "2 OpenMIC",
    claim: "OpenMIC adds clips with several labels (one, at least)",
    evidence: { estimate: "OpenMIC: clips with several labels", above: 0 },
  },
  {
    id: "openmic.balance",
    section: "2 OpenMIC",
    claim: "OpenMIC makes the labels more balanced",
    evidence: { estimate: "OpenMIC: evenness gained", above: 0 },
  },
  {
    id: "openmic.guitar",
    section: "2 OpenMIC: guitars",
    claim: "OpenMIC knows one kind of guitar only",
    document: "guitar",
    evidence: { estimate: "OpenMIC: kinds of guitar", is: "guitar" },
  },
  {
    id: "openmic.noise",
    section: "2 OpenMIC",
    claim: "instruments that are not asked for make a model robust to noise",
    evidence: { needs: "OpenMIC's audio" },
  },
  {
    id: "openmic.guitar_split",
    section: "2 OpenMIC: guitars",
    claim: "a classifier on AST's embeddings tells acoustic from electric guitars",
    evidence: { needs: AST },
  },
  {
    id: "openmic.guitar_model",
    section: "2 OpenMIC: guitars",
    claim: "the classifier of OpenMIC's guitars is a logistic regression",
    document: "logistic regression",
    evidence: {
      claimed: "logistic regression",
      found: "RBF SVM, confident above 0.7",
      readIn: "the original's program",
    },
  },
  {
    id: "openmic.seconds",
    section: "2 OpenMIC",
    claim: "OpenMIC's clips last 10 s",
    document: 10,
    evidence: { claimed: "10", found: "10", readIn: "OpenMIC-2018's README" },
    fact: { id: "D11.seconds", on: "OpenMIC" },
  },
  {
    id: "openmic.automatic",
    section: "2 OpenMIC",
    claim: "a part of OpenMIC's labels was given by pretrained models",
    evidence: { needs: "OpenMIC's archive, whose table says how many listeners gave a label" },
  },
  {
    id: "audioset.classes",
    section: "2 AudioSet",
    claim: "AudioSet has 632 classes of events",
    document: 632,
    evidence: {
      claimed: "632",
      found: "632",
      readIn: "Gemmeke and others, Audio Set, ICASSP 2017, abstract",
    },
  },
  {
    id: "audioset.clips",
    section: "2 AudioSet",
    claim: "AudioSet has 2,084,320 clips",
    document: 2084320,
    evidence: {
      claimed: "2084320",
      found: "2084320",
      readIn: "AudioSet's page: 20,371 + 22,160 + 2,041,789",
    },
  },
  {
    id: "audioset.scraped",
    section: "2 AudioSet",
    claim: "15,174 tracks of one instrument were taken from AudioSet",
    document: 15174,
    evidence: { row: "D13.scraped" },
  },
  {
    id: "audioset.kept",
    section: "2 AudioSet",
    claim: "13,050 of AudioSet's tracks were left after cleaning",
    document: 13050,
    evidence: { claimed: "13050", found: "12598", readIn: "notes in the original's scripts" },
  },
  {
    id: "audioset.curated",
    section: "2 AudioSet",
    claim: "AudioSet's labels are well curated and its sound is good (elsewhere: they are not)",
    evidence: { needs: "AudioSet's audio and a listener" },
  },
];

const OUTLIERS: Claim[] = [
  {
    id: "outliers.irmas_curated",
    section: "2 Difficult examples",
    claim: "IRMAS is well curated, mostly: most clips are what their label says and nothing else",
    evidence: { estimate: "relabelled: exact", above: 0.5 },
  },
  {
    id: "outliers.many",
    section: "2 Difficult examples",
    claim: "every data set has many wrong labels (IRMAS: more than one in twenty)",
    evidence: { estimate: "relabelled: lacking", above: 0.05 },
  },
  {
    id: "outliers.found",
    section: "2 Difficult examples",
    claim:
      "confident learning finds the clips that are labelled wrongly (above chance, real clips)",
    evidence: [
      { estimate: "label quality: real, 28 features", above: 0 },
      { estimate: "label quality: real, a network's embeddings", above: 0 },
      { estimate: "label quality: real, YAMNet", above: 0 },
    ],
  },
  {
    id: "outliers.found_planted",
    section: "2 Difficult examples",
    claim:
      "confident learning finds planted errors on embeddings of a network that heard AudioSet (above chance)",
    evidence: { estimate: "label quality: demo, YAMNet", above: 0 },
  },
  {
    id: "outliers.removed_irmas",
    section: "2 Difficult examples",
    claim: "0.074 of IRMAS's clips are below a label quality of 0.11",
    document: 0.074,
    evidence: { needs: `${AST}: on 28 features the same cut drops 0.304` },
  },
  {
    id: "outliers.removed_audioset",
    section: "2 Difficult examples",
    claim: "0.156 of AudioSet's tracks are below a label quality of 0.13",
    document: 0.156,
    evidence: { row: "D16.share_audioset" },
  },
  {
    id: "outliers.cuts",
    section: "2 Difficult examples",
    claim: "the cuts of label quality are 0.11 for IRMAS and 0.13 for AudioSet",
    document: "0.11 0.13",
    evidence: {
      claimed: "0.11 0.13",
      found: "0.13 0.11",
      readIn: "notes in the original's scripts",
    },
  },
  {
    id: "outliers.clusters",
    section: "2 Difficult examples",
    claim: "in AST's plane cello lies by violin and one guitar by the other",
    evidence: { needs: AST },
  },
  {
    id: "outliers.gain",
    section: "2 Difficult examples",
    claim: "to train without doubtful clips is slightly better: linear model, real clips",
    evidence: { estimate: "without doubtful clips: real, logistic regression", above: 0 },
  },
  {
    id: "outliers.gain_neighbours",
    section: "2 Difficult examples",
    claim: "to train without doubtful clips is slightly better: nearest neighbours, real clips",
    evidence: { estimate: "without doubtful clips: real, neighbours", above: 0 },
  },
  {
    id: "outliers.gain_yamnet",
    section: "2 Difficult examples",
    claim:
      "to train without doubtful clips is slightly better: linear model on pretrained embeddings, real clips",
    evidence: { estimate: "without doubtful clips: real, YAMNet", above: 0 },
  },
  {
    id: "outliers.gain_songs",
    section: "2 Difficult examples",
    claim:
      "to train without doubtful clips is slightly better: linear model, songs of the multi-instrument part",
    evidence: { estimate: "without doubtful clips: songs, logistic regression", above: 0 },
  },
  {
    id: "outliers.gain_songs_neighbours",
    section: "2 Difficult examples",
    claim:
      "to train without doubtful clips is slightly better: nearest neighbours, songs of the multi-instrument part",
    evidence: { estimate: "without doubtful clips: songs, neighbours", above: 0 },
  },
  {
    id: "outliers.gain_demo",
    section: "2 Difficult examples",
    claim:
      "to train without doubtful clips is slightly better: pretrained embeddings, planted errors",
    evidence: { estimate: "without doubtful clips: demo, YAMNet", above: 0 },
  },
  {
    id: "outliers.gain_network",
    section: "2 Difficult examples",
    claim: "to train without doubtful clips is slightly better: ConvNeXt, real clips",
    evidence: { family: "E9", variant: "without-share", measure: "heldOut", claims: "better" },
  },
];

export const DATA_CLAIMS: readonly Claim[] = [
  ...PRODUCT,
  ...METRICS,
  ...SPLIT,
  ...IMBALANCE,
  ...RELABELLING,
  ...EXPLORATION,
  ...FEATURES,
  ...TOGETHER,
  ...OTHERS,
  ...OUTLIERS,
];
