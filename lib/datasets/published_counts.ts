/** What the publishers of data sets say is in them, to hold a copy against. */
import type { Instrument } from "./labels.ts";

/** What a source should hold. */
export interface PublishedCounts {
  clips: number;
  /** Clips that have each instrument. */
  labels?: Readonly<Record<Instrument, number>>;
}

/** Clips of each class in IRMAS-TrainingData (Bosch, Janer, Fuhrmann, Herrera, ISMIR 2012). */
export const IRMAS_TRAINING_COUNTS: Readonly<Record<Instrument, number>> = {
  cel: 388,
  cla: 505,
  flu: 451,
  gac: 637,
  gel: 760,
  org: 682,
  pia: 721,
  sax: 626,
  tru: 577,
  vio: 580,
  voi: 778,
};

/** By a clip's source. */
export const PUBLISHED_COUNTS: Readonly<Record<string, PublishedCounts>> = {
  "irmas-train": { clips: 6705, labels: IRMAS_TRAINING_COUNTS },
  // the labels of `data/published/irmas_multi.csv`
  "irmas-test": {
    clips: 2874,
    labels: {
      cel: 111,
      cla: 62,
      flu: 163,
      gac: 535,
      gel: 942,
      org: 361,
      pia: 995,
      sax: 326,
      tru: 167,
      vio: 211,
      voi: 1044,
    },
  },
  esc50: { clips: 2000 },
};

/** By the name of a data set's tally. */
export const PUBLISHED_TALLIES: Readonly<Record<string, number>> = {
  // Humphrey, Durand and McFee, ISMIR 2018, and its partitions
  "openmic, clips with labels": 20000,
  "openmic, labels": 41268,
  "openmic, clips of the training partition": 14915,
  "openmic, clips of the test partition": 5085,
  // Gemmeke et al., ICASSP 2017: 2,084,320 together
  "audioset, eval_segments": 20371,
  "audioset, balanced_train_segments": 22160,
  "audioset, unbalanced_train_segments": 2041789,
};
