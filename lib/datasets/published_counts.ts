/** What the publishers of data sets say is in them, to hold a copy against. */
import { countLabels, type DataSet } from "./clip.ts";
import { SOURCES } from "./sources.ts";
import { type Instrument, INSTRUMENT_NAMES, INSTRUMENTS } from "./labels.ts";

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

/** Clips of IRMAS-TestingData that have each class, of 2,874. */
export const IRMAS_TESTING_COUNTS: Readonly<Record<Instrument, number>> = {
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
};

const IRMAS: Readonly<Record<string, PublishedCounts>> = {
  "irmas-train": { clips: 6705, labels: IRMAS_TRAINING_COUNTS },
  "irmas-test": { clips: 2874, labels: IRMAS_TESTING_COUNTS },
};

/** By the data set's name, by its clips' source. */
export const PUBLISHED_COUNTS: Readonly<Record<string, Readonly<Record<string, PublishedCounts>>>> =
  { irmas: IRMAS, published: IRMAS, esc50: { esc50: { clips: 2000 } } };

/** By the data set's name, by the name of its tally. */
export const PUBLISHED_TALLIES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  // Humphrey, Durand and McFee, ISMIR 2018, and its partitions
  openmic: {
    "clips with labels": 20000,
    "labels": 41268,
    "clips of the training partition": 14915,
    "clips of the test partition": 5085,
  },
  audioset: Object.fromEntries(
    SOURCES.audioset.counts.filter(({ unit }) => unit === "rows")
      .map(({ of, count }) => [of![0].replace(".csv", ""), count]),
  ),
};

/** A count of a copy beside the published one. */
export interface Comparison {
  what: string;
  here: number;
  /** Undefined where none was published. */
  published?: number;
}

/** The counts of a data set beside the published ones. @param name the data set's name in the catalog */
export function compareCounts(name: string, { clips, tallies }: DataSet): Comparison[] {
  const sources = Map.groupBy(clips, ({ source }) => source), counts = PUBLISHED_COUNTS[name] ?? {};
  const ofSources = [...new Set([...sources.keys(), ...Object.keys(counts)])].flatMap((source) => {
    const own = sources.get(source) ?? [], published = counts[source], labels = countLabels(own);
    return [
      { what: `${source}: clips`, here: own.length, published: published?.clips },
      ...INSTRUMENTS.filter((code) => labels[code] > 0 || published?.labels).map((code) => ({
        what: `${source}: ${INSTRUMENT_NAMES[code]}`,
        here: labels[code],
        published: published?.labels?.[code],
      })),
    ];
  });
  return [
    ...ofSources,
    ...Object.entries(tallies).map(([what, here]) => {
      return { what: `${name}: ${what}`, here, published: PUBLISHED_TALLIES[name]?.[what] };
    }),
  ];
}
