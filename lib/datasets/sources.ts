/**
 * Where the data sets are that others publish: addresses, checksums, licences, and what is in them.
 *
 * Checksums are those that Zenodo shows and public loaders carry. Where none is published there is none
 * here. None of these addresses was reached when this was written: an address that has moved is
 * answered by the advice to get the file by hand.
 */

/** A file of a source. */
export interface SourceFile {
  /** Its name, as its publisher has it, so at a mirror and where it is put by hand too. */
  name: string;
  url: string;
  /** Hex. */
  md5?: string;
  /** Bytes, in round figures: to know what one lets oneself in for. */
  about: number;
  /** How it is packed; a file that is not packed is kept as it is. */
  packed?: "zip" | "tar.gz";
  /**
   * What it becomes in the source's folder: the file itself, or what unpacking it there by hand would make. An archive's
   * folder of that name is this one, one of another name lies in it.
   */
  becomes: string;
}

/** A number that the publishers give and a copy can be held against. */
export interface PublishedCount {
  /** What is counted, e.g. "training clips". */
  what: string;
  count: number;
  /** Which files' paths, below the source's folder, with "/". */
  paths: RegExp;
  /** Whether the files are counted, the rows of data in them, or the items of the list that they are (JSON). */
  unit: "files" | "rows" | "items";
  /** Names of the source's files that it takes. Default: all */
  of?: readonly string[];
}

/** A data set as its publishers give it away. */
export interface Source {
  /** Its name here; also that of its folder in `data/`. */
  name: string;
  title: string;
  /** Where a person gets it. */
  page: string;
  licence: string;
  /** What one agrees to, in a sentence or two. */
  terms: string;
  citation: string;
  files: readonly SourceFile[];
  counts: readonly PublishedCount[];
}

const irmasFile = (name: string, facts: Pick<SourceFile, "md5" | "about">): SourceFile => ({
  name: `${name}.zip`,
  url: `https://zenodo.org/records/1290750/files/${name}.zip?download=1`,
  packed: "zip",
  becomes: name,
  ...facts,
});

const IRMAS: Source = {
  name: "irmas",
  title: "IRMAS, instrument recognition in musical audio signals",
  page: "https://zenodo.org/records/1290750",
  licence: "CC BY-NC-SA 3.0",
  terms:
    "For non-commercial research, with attribution, changed versions under the same licence. The excerpts are of " +
    "commercial recordings: they are not to be passed on.",
  citation:
    "J. J. Bosch, J. Janer, F. Fuhrmann and P. Herrera, A comparison of sound segregation techniques for " +
    "predominant instrument recognition in musical audio signals, ISMIR 2012",
  files: [
    // 20,115 s and 48,531 s of 44.1 kHz stereo in 16 bits; zip makes it a little less. How the second is divided is not published
    irmasFile("IRMAS-TrainingData", { md5: "4fd9f5ed5a18d8e2687e6360b5f60afe", about: 3.5e9 }),
    irmasFile("IRMAS-TestingData-Part1", { md5: "5a2e65520dcedada565dff2050bb2a56", about: 2.9e9 }),
    irmasFile("IRMAS-TestingData-Part2", { md5: "afb0c8ea92f34ee653693106be95c895", about: 2.9e9 }),
    irmasFile("IRMAS-TestingData-Part3", { md5: "9b3fb2d0c89cdc98037121c25bd5b556", about: 2.9e9 }),
  ],
  counts: [
    {
      what: "training clips",
      count: 6705,
      paths: /(^|\/)(cel|cla|flu|gac|gel|org|pia|sax|tru|vio|voi)\/[^/]+\.wav$/i,
      unit: "files",
      of: ["IRMAS-TrainingData.zip"],
    },
    {
      what: "testing clips",
      count: 2874,
      paths: /^(?!.*(^|\/)(cel|cla|flu|gac|gel|org|pia|sax|tru|vio|voi)\/[^/]+$).*\.wav$/i,
      unit: "files",
      of: [1, 2, 3].map((part) => `IRMAS-TestingData-Part${part}.zip`),
    },
  ],
};

const OPENMIC: Source = {
  name: "openmic",
  title: "OpenMIC-2018, polyphonic instrument recognition",
  page: "https://zenodo.org/records/1432913",
  licence: "CC BY 4.0; each recording has its own Creative Commons licence",
  terms:
    "With attribution. The recordings come from the Free Music Archive; the table of metadata in it names the licence of " +
    "each, and some do not allow commercial use.",
  citation:
    "E. J. Humphrey, S. Durand and B. McFee, OpenMIC-2018: an open data-set for multiple instrument recognition, " +
    "ISMIR 2018",
  files: [{
    name: "openmic-2018-v1.0.0.tgz",
    url: "https://zenodo.org/records/1432913/files/openmic-2018-v1.0.0.tgz?download=1",
    md5: "e4ccf187e2bb5ab2e115416e8aafe7f4",
    about: 2.6e9,
    packed: "tar.gz",
    becomes: "openmic-2018",
  }],
  counts: [{
    what: "clips",
    count: 20_000,
    paths: /(^|\/)audio\/\d{3}\/[^/]+\.ogg$/,
    unit: "files",
  }],
};

const ESC50: Source = {
  name: "esc50",
  title: "ESC-50, environmental sounds",
  page: "https://github.com/karolpiczak/ESC-50",
  licence: "CC BY-NC 3.0; a part of it, ESC-10, CC BY",
  terms:
    "For non-commercial purposes, with attribution. The sounds come from Freesound; the LICENSE file in it names the " +
    "author of each.",
  citation:
    "K. J. Piczak, ESC: dataset for environmental sound classification, ACM Multimedia 2015",
  files: [{
    // an archive that the host makes when it is asked for: no checksum, no length, no ranges
    name: "ESC-50-master.zip",
    url: "https://github.com/karolpiczak/ESC-50/archive/refs/heads/master.zip",
    about: 6e8,
    packed: "zip",
    becomes: "ESC-50-master",
  }],
  counts: [{ what: "clips", count: 2000, paths: /(^|\/)audio\/[^/]+\.wav$/, unit: "files" }],
};

const audioSetTable = (name: string, about: number): SourceFile => ({
  name,
  url: `https://storage.googleapis.com/us_audioset/youtube_corpus/v1/csv/${name}`,
  about,
  becomes: name,
});

/** Rows as the tables' own heads give them, 2,084,320 together; the page's figures are those of an earlier count. */
const audioSetRows = (name: string, count: number): PublishedCount => ({
  what: `excerpts in ${name}`,
  count,
  paths: new RegExp(`(^|/)${name}$`),
  unit: "rows",
  of: [name],
});

const AUDIOSET: Source = {
  name: "audioset",
  title: "AudioSet, tables of excerpts of videos",
  page: "https://research.google.com/audioset/download.html",
  licence: "CC BY 4.0 (tables), CC BY-SA 4.0 (ontology)",
  terms:
    "With attribution. These are tables; the sound is that of videos, which belong to their authors and are not " +
    "given away: put what you may use of it beside the tables, as VIDEO_START.wav.",
  citation:
    "J. F. Gemmeke et al., Audio Set: an ontology and human-labeled dataset for audio events, ICASSP 2017",
  files: [
    audioSetTable("eval_segments.csv", 1e6),
    audioSetTable("balanced_train_segments.csv", 1e6),
    audioSetTable("unbalanced_train_segments.csv", 1e8),
    {
      name: "ontology.json",
      url: "https://raw.githubusercontent.com/audioset/ontology/master/ontology.json",
      about: 3e5,
      becomes: "ontology.json",
    },
  ],
  counts: [
    audioSetRows("eval_segments.csv", 20_371),
    audioSetRows("balanced_train_segments.csv", 22_160),
    audioSetRows("unbalanced_train_segments.csv", 2_041_789),
    {
      what: "classes in ontology.json",
      count: 632,
      paths: /(^|\/)ontology\.json$/,
      unit: "items",
      of: ["ontology.json"],
    },
  ],
};

/** All of them, by their name here. */
export const SOURCES = {
  irmas: IRMAS,
  openmic: OPENMIC,
  esc50: ESC50,
  audioset: AUDIOSET,
} as const;

/** The name of a data set that can be downloaded. */
export type SourceName = keyof typeof SOURCES;
