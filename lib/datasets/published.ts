/**
 * The published tables in data/published/ (its README tells who measured them).
 *
 * A clip is known by its file name in Unicode's NFC form. Clip tables are lists of typed rows, feature
 * tables are matrices in typed arrays; `publishedTable` gives any of them as a Polars table.
 */
import pl, { type DataFrame } from "nodejs-polars";
import { exists, readJson } from "../core/files.ts";
import { projectPath } from "../core/paths.ts";
import type { Genre } from "./irmas.ts";
import { type Instrument, instrumentIndex, INSTRUMENTS, isInstrument } from "./labels.ts";
import { isOpenMicClass } from "./openmic_labels.ts";

export { type Genre, GENRE_NAMES, GENRES } from "./irmas.ts";

/** What the original study estimated from a clip's sound. */
export interface MusicEstimates {
  /** Tonic and mode, e.g. `F# minor`. */
  key: string;
  /** The pitch class with the largest summed chroma, e.g. `C#`. */
  tone: string;
  /** Beats a minute. */
  tempo: number;
}

/** A clip of the single-instrument part. */
export interface SingleClip extends MusicEstimates {
  file: string;
  instrument: Instrument;
  /** Whether drums play; null where the name does not tell. */
  drums: boolean | null;
  genre: Genre;
}

/** A clip of the multi-instrument part. */
export interface MultiClip extends MusicEstimates {
  file: string;
  song: string;
  /** The part of the download, 1 to 3. */
  part: number;
  labels: Instrument[];
  /** Where the clip fell in the authors' split of the songs. */
  half: "train" | "validation";
}

/** A clip that was labelled anew by ear. */
export interface RelabelledClip {
  file: string;
  /** The instrument of its name and folder. */
  original: Instrument;
  /** What the listener heard. */
  labels: Instrument[];
}

/** Features of clips. */
export interface FeatureTable {
  /** File names, one a row. */
  files: string[];
  /** Instruments, one or several a row. */
  labels: Instrument[][];
  /** Names of the features, one a column. */
  features: string[];
  /** `files.length` x `features.length` values, a row after the other. */
  values: Float64Array;
}

/** The feature tables. */
export type FeatureTableName =
  | "irmas_single_features_28"
  | "irmas_single_features_25"
  | "irmas_multi_features_25";

/** A linear SVM of the original study: one against the rest, an instrument a row. */
export interface PublishedLinearSvm {
  scaling: string;
  C: number;
  coef: number[][];
  intercept: number[];
}

/** An RBF SVM of the original study. */
export interface PublishedRbfSvm {
  scaling: string;
  C: number;
  gamma: number;
  /** Support vectors of the rest and of the instrument. */
  n_support_negative_positive: [number, number][];
  intercept: number[];
}

/** Name of a file or clip in the form that tables are joined by: no folder, NFC. */
export function clipName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).normalize("NFC");
}

/** A published table by its name without extension. @throws Error that names the missing file. */
export function publishedTable(name: string): DataFrame {
  const path = projectPath("data", "published", name);
  if (exists(`${path}.parquet`)) return pl.readParquet(`${path}.parquet`);
  if (!exists(`${path}.csv`)) {
    throw new Error(
      `there is no table ${path}.csv or .parquet: restore data/published/ from the repository`,
    );
  }
  return pl.readCSV(`${path}.csv`, { inferSchemaLength: 1_000_000 });
}

type Row = Record<string, string | number | null>;

function rowsOf(name: string): Row[] {
  return publishedTable(name).toRecords() as Row[];
}

/** Instruments of a text like `gel voi`. @throws RangeError for an unknown code. */
function parseLabels(text: string): Instrument[] {
  return text.split(" ").map((code) => INSTRUMENTS[instrumentIndex(code)]);
}

const estimates = (row: Row): MusicEstimates => ({
  key: row.key as string,
  tone: row.tone as string,
  tempo: row.tempo as number,
});

/** The 6,705 clips of the single-instrument part, by instrument and name. */
export function loadSingleClips(): SingleClip[] {
  return rowsOf("irmas_single").map((row) => ({
    file: row.file as string,
    instrument: parseLabels(row.instrument as string)[0],
    drums: row.drums ? row.drums === "dru" : null,
    genre: row.genre as Genre,
    ...estimates(row),
  }));
}

/** The 2,874 clips of the multi-instrument part, by name. */
export function loadMultiClips(): MultiClip[] {
  return rowsOf("irmas_multi").map((row) => ({
    file: row.file as string,
    song: row.song as string,
    part: row.part as number,
    labels: parseLabels(row.labels as string),
    half: row.half as MultiClip["half"],
    ...estimates(row),
  }));
}

/** The 297 clips that were labelled anew by ear. */
export function loadRelabelledClips(): RelabelledClip[] {
  return rowsOf("irmas_relabelled").map((row) => ({
    file: row.file as string,
    original: originalInstrument(row.file as string),
    labels: INSTRUMENTS.filter((code) => row[code] === 1),
  }));
}

/** The instrument in a single-instrument clip's name. @throws RangeError when the name has none. */
export function originalInstrument(file: string): Instrument {
  const code = /\[(\w+)\]/.exec(file)?.[1] ?? "";
  if (!isInstrument(code)) {
    throw new RangeError(`"${file}" does not name an instrument in brackets`);
  }
  return code;
}

/** Features of all clips of a part. */
export function loadFeatures(name: FeatureTableName): FeatureTable {
  const table = publishedTable(name);
  const [, labelColumn, ...features] = table.columns;
  return {
    files: table.getColumn("file").toArray() as string[],
    labels: (table.getColumn(labelColumn).toArray() as string[]).map(parseLabels),
    features,
    values: matrixOf(table, features),
  };
}

/** OpenMIC's clips with published features. */
export interface OpenMicFeatures {
  /** OpenMIC's keys, one a row. */
  keys: string[];
  /** `[keys, 20]`, the classes in OpenMIC's order: the relevance, 0 to 1, or NaN where nobody was asked. */
  labels: Float64Array;
  features: string[];
  /** `[keys, 34]` */
  values: Float64Array;
}

/** Labels and features of the 5,085 clips of OpenMIC's test partition. */
export function loadOpenMicFeatures(): OpenMicFeatures {
  const table = publishedTable("openmic_features_34");
  const [, ...columns] = table.columns;
  const classes = columns.filter(isOpenMicClass), features = columns.slice(classes.length);
  return {
    keys: table.getColumn("key").toArray() as string[],
    labels: matrixOf(table, classes),
    features,
    values: matrixOf(table, features),
  };
}

/** Columns of numbers as a matrix, a row after the other; NaN where there is none. */
function matrixOf(table: DataFrame, columns: readonly string[]): Float64Array {
  const values = new Float64Array(table.height * columns.length);
  columns.forEach((name, column) => {
    (table.getColumn(name).toArray() as (number | null)[]).forEach((value, row) => {
      values[row * columns.length + column] = value ?? NaN;
    });
  });
  return values;
}

/** The SVMs that the original study fitted and published. */
export function loadPublishedSvms(): { linear: PublishedLinearSvm[]; rbf: PublishedRbfSvm[] } {
  return readJson(projectPath("data", "published", "published_svm.json"));
}
