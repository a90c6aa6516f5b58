/**
 * A folder of one's own as a data set: a folder for each class, or a table of files and labels.
 *
 *     sounds/cello/a.wav, sounds/acoustic guitar/some recording/b.flac    codes or English names
 *     sounds/labels.csv with the columns path, labels and, where known, group and split
 */
import { basename, dirname, join, relative, resolve } from "node:path";
import {
  type Clip,
  type DataSet,
  makeClip,
  makeDataSet,
  type Problem,
  type Split,
} from "./clip.ts";
import { exists } from "../core/files.ts";
import { readCsv } from "./csv.ts";
import { findInstrument, KNOWN_NAMES, parseInstruments } from "./instrument_names.ts";
import { isFolder, isSoundFile, listFolder, listSounds } from "./listing.ts";

/** The table's name in a folder. */
const TABLE = "labels.csv";

/**
 * The clips of a folder of one's own.
 *
 * With class folders a folder inside one is a recording: its clips are kept together by splits. A table may give a group
 * to each clip instead.
 *
 * @param root the folder, or the table
 * @throws Error that says what was expected, when there is neither a table nor a class folder
 */
export function readFolder(root: string): DataSet {
  if (root.toLowerCase().endsWith(".csv")) return readTable(root);
  if (exists(join(root, TABLE))) return readTable(join(root, TABLE));
  return readClassFolders(root);
}

function readClassFolders(root: string): DataSet {
  const clips: Clip[] = [], problems: Problem[] = [], folders: string[] = [];
  for (const { name } of listFolder(root)) {
    const path = join(root, name), instrument = findInstrument(name);
    if (!isFolder(path)) {
      if (isSoundFile(name)) problems.push({ where: name, what: "it lies in no class's folder" });
    } else if (!instrument) {
      folders.push(name);
      problems.push({
        where: name,
        what: `the folder is named after no class; known: ${KNOWN_NAMES}`,
      });
    } else {
      clips.push(
        ...listSounds(path).map((file) => {
          const inside = relative(path, dirname(file)), below = relative(root, file);
          return ownClip(file, {
            name: below,
            labels: [instrument],
            group: inside && join(name, inside),
          });
        }),
      );
    }
  }
  if (clips.length === 0) {
    throw new Error(
      `there is no sound in class folders of ${root}: expected folders ${KNOWN_NAMES}, or a table ${TABLE}` +
        (folders.length > 0 ? `; found the folders ${folders.slice(0, 5).join(", ")}` : ""),
    );
  }
  return makeDataSet({ name: "folder", clips, problems, notes: groupNotes(clips) });
}

function readTable(path: string): DataSet {
  const where = basename(path), root = dirname(resolve(path));
  const { rows, problems } = readCsv(path, {
    columns: ["path", "labels"],
    optional: ["group", "split"],
    where,
  });
  const clips: Clip[] = [];
  for (const { line, cells } of rows) {
    try {
      const file = resolve(root, cells.path), labels = parseInstruments(cells.labels);
      if (!exists(file)) throw new Error(`there is no file ${file}`);
      const clip = ownClip(file, { name: cells.path, labels, group: cells.group });
      clips.push({ ...clip, split: parseSplit(cells.split) });
    } catch (error) {
      problems.push({ where: `${where}, line ${line}`, what: (error as Error).message });
    }
  }
  return makeDataSet({ name: "folder", clips, problems, notes: groupNotes(clips) });
}

/** @param options.group empty: the clip is a recording of its own */
function ownClip(
  path: string,
  { name, labels, group }: Pick<Clip, "name" | "labels" | "group">,
): Clip {
  return makeClip({
    name: name.normalize("NFC"),
    path,
    source: "folder",
    labels,
    group: (group || name).normalize("NFC"),
  });
}

const SPLITS: readonly string[] = ["train", "validation", "test"] satisfies Split[];

function parseSplit(text: string): Split | null {
  if (text === "" || SPLITS.includes(text)) return text as Split || null;
  throw new Error(`split "${text}" is none of ${SPLITS.join(", ")}`);
}

function groupNotes(clips: readonly Clip[]): string[] {
  const alone = clips.every(({ name, group }) => name === group);
  return alone && clips.length > 1
    ? [
      "every file counts as a recording of its own; where several are of one recording, say so in " +
      `a folder inside the class's, or in the column "group" of ${TABLE}`,
    ]
    : [];
}
