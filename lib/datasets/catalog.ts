/** All data sets that Lumen reads: what they are, what they cost, and how to load one by its name. */
import { formatBytes } from "../core/byte_progress.ts";
import { projectPath } from "../core/paths.ts";
import { exists } from "../core/files.ts";
import { readAudioSet } from "./audioset.ts";
import { assertWhole, type DataSet, joinDataSets } from "./clip.ts";
import { readDemo } from "./demo/clips.ts";
import { TRUTH_FILE } from "./demo/truth.ts";
import { measureSeconds } from "./durations.ts";
import { readEsc50 } from "./esc50.ts";
import { readFolder } from "./folder.ts";
import { readIrmas } from "./irmas_clips.ts";
import { readOpenMic } from "./openmic.ts";
import { placeOf } from "./places.ts";
import { type SourceName, SOURCES } from "./sources.ts";
import { publishedOpenMic, publishedTesting, publishedTraining } from "./published_clips.ts";

/** A data set that can be loaded by its name. */
export interface CatalogEntry {
  /** In a line. */
  what: string;
  licence: string;
  /** Of the download, or of what is made. */
  size: string;
  /** The command that brings or names it. */
  get: string;
  /** Reads it from a folder. */
  read(root: string): DataSet | Promise<DataSet>;
  /** Where it is; undefined where it is not. */
  find(): string | undefined;
}

const demoAt = (size: string) => {
  const folder = projectPath("data", "demo", size);
  return exists(`${folder}/${TRUTH_FILE}`) ? folder : undefined;
};

/** What is said of each data set that others publish. */
function fromOthers(name: SourceName) {
  const { licence, files } = SOURCES[name];
  return {
    licence,
    size: `about ${formatBytes(files.reduce((sum, { about }) => sum + about, 0))}`,
    get: `./lumen data ${name} --download, or --root PATH`,
    find: () => placeOf(name),
  };
}

/** By name. */
export const CATALOG = {
  published: {
    what: "labels, keys, tempi and features that others measured on IRMAS and OpenMIC; no sound",
    licence: "non-commercial research (IRMAS), CC BY 4.0 (OpenMIC)",
    size: "in the repository",
    get: "git checkout data/published",
    read: () =>
      joinDataSets("published", [publishedTraining(), publishedTesting(), publishedOpenMic()]),
    find: () => projectPath("data", "published"),
  },
  demo: {
    what:
      "rendered audio of the eleven instruments, in IRMAS's layout, of which everything is known",
    licence: "rendered here from MIT and GPL-2 sample libraries",
    size: "0.2 GB small, 1.7 GB full",
    get: "./lumen data demo --size small",
    read: readDemo,
    find: () => demoAt("full") ?? demoAt("small"),
  },
  irmas: {
    ...fromOthers("irmas"),
    what: "6,705 clips of one instrument, 2,874 of one to five",
    read: readIrmas,
  },
  openmic: {
    ...fromOthers("openmic"),
    what: "OpenMIC-2018: 20,000 clips of 10 s, partial labels of 20 instruments",
    read: readOpenMic,
  },
  audioset: {
    ...fromOthers("audioset"),
    what: "AudioSet: tables of 2,084,320 excerpts of videos; their sound is not part of it",
    read: readAudioSet,
  },
  esc50: {
    ...fromOthers("esc50"),
    what: "ESC-50: 2,000 environmental sounds of 5 s, for noise",
    read: readEsc50,
  },
  folder: {
    what: "sounds of one's own: a folder for each instrument, or a table labels.csv",
    licence: "yours",
    size: "yours",
    get: "./lumen data folder --root PATH",
    read: readFolder,
    find: () => placeOf("folder"),
  },
} as const satisfies Record<string, CatalogEntry>;

/** The name of a data set of the catalog. */
export type DataSetName = keyof typeof CATALOG;

/**
 * A data set by its name, with the lengths of its clips.
 *
 * @param options.root where it is. Default: where it was said to be, or in the project
 * @param options.strict whether a problem is an error. Default: no
 * @throws Error that says how to get it, when it is not there
 */
export async function loadDataSet(
  name: DataSetName,
  { root, strict = false }: { root?: string; strict?: boolean } = {},
): Promise<DataSet> {
  const entry: CatalogEntry = CATALOG[name], place = root ?? entry.find();
  if (place === undefined) {
    throw new Error(`${name} is not here (${entry.what}): "${entry.get}"`);
  }
  const dataSet = await measureSeconds(await entry.read(place));
  if (strict) assertWhole(dataSet);
  return dataSet;
}
