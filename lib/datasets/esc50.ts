/**
 * ESC-50: 2,000 environmental sounds of 5 s, none of our instruments, as background noise (A4).
 *
 * Piczak, "ESC: Dataset for environmental sound classification", ACM Multimedia 2015.
 */
import { join } from "node:path";
import { exists } from "../core/files.ts";
import { type Clip, type DataSet, makeClip, makeDataSet, type Problem } from "./clip.ts";
import { readCsv } from "./csv.ts";
import { isFolder, listFolder } from "./listing.ts";

/** ESC-50's table, below its folder. */
export const ESC50_TABLE = "meta/esc50.csv";

/** The archive's folder: `root` itself or the one in it, e.g. ESC-50-master; undefined where there is none. */
function findFolder(root: string): string | undefined {
  const inside = isFolder(root) ? listFolder(root).map(({ name }) => join(root, name)) : [];
  return [root, ...inside].find((folder) => exists(join(folder, ESC50_TABLE)));
}

/**
 * The files of ESC-50 that its table lists.
 *
 * @param root its folder, or the one that the archive was unpacked in
 * @throws Error when the table is not there or lacks a column
 */
export function readEsc50(root: string): DataSet {
  const folder = findFolder(root);
  if (folder === undefined) {
    throw new Error(`there is no ESC-50 in ${root}: expected ${ESC50_TABLE} and a folder audio`);
  }
  const { rows, problems } = readCsv(join(folder, ESC50_TABLE), {
    columns: ["filename", "category"],
    optional: ["fold", "src_file"],
    where: ESC50_TABLE,
  });
  const clips: Clip[] = [], left: Problem[] = [];
  for (const { line, cells: { filename, category, fold, src_file } } of rows) {
    const path = join(folder, "audio", filename), where = `${ESC50_TABLE}, line ${line}`;
    if (!exists(path)) {
      left.push({ where, what: `audio/${filename} is not there` });
    } else if (fold && !/^[1-5]$/.test(fold)) {
      left.push({ where, what: `its fold is "${fold}", not 1 to 5` });
    } else {
      clips.push(makeClip({
        name: filename.normalize("NFC"),
        path,
        source: "esc50",
        labels: [],
        group: src_file || filename,
        tags: { category, ...(fold ? { fold: Number(fold) } : {}) },
      }));
    }
  }
  return makeDataSet({ name: "esc50", clips, problems: [...problems, ...left] });
}
