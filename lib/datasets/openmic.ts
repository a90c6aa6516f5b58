/**
 * OpenMIC-2018 as it is unpacked, as a data set (D11): 20,000 clips of 10 s.
 *
 *     openmic-2018/openmic-2018-aggregated-labels.csv    sample_key, instrument, relevance, num_responses
 *     openmic-2018/openmic-2018.npz                      the same labels as matrices
 *     openmic-2018/partitions/split01_train.csv          a key a line; split01_test.csv too
 *     openmic-2018/audio/000/000046_3840.ogg
 */
import { join } from "node:path";
import { exists, readJson } from "../core/files.ts";
import type { NumberArray } from "../core/npy.ts";
import { readNpz } from "../core/npz.ts";
import { type Clip, type DataSet, makeDataSet, type Problem, type Split } from "./clip.ts";
import { readCsv, readText } from "./csv.ts";
import { isFolder, listFolder } from "./listing.ts";
import {
  isOpenMicClass,
  OPENMIC_CLASSES,
  type OpenMicClass,
  openMicClip,
  trackOf,
} from "./openmic_labels.ts";

const LABELS = "openmic-2018-aggregated-labels.csv";
const MATRICES = "openmic-2018.npz";

/** Labels that the publishers' errata correct: the listeners had been given damaged files. */
const ERRATA: readonly (readonly [string, OpenMicClass])[] = [
  ["095253_134400", "piano"],
  ["095263_96000", "mallet_percussion"],
  ["113025_99840", "trumpet"],
];

/** All labels: of every key, the relevance of the classes that listeners were asked about. */
export type OpenMicLabels = Map<string, Map<OpenMicClass, number>>;

/**
 * OpenMIC's clips by D11's rule: those with at least one of our instruments, each with all that it has.
 *
 * @param root the folder `openmic-2018`, or the one that it is in
 * @param options.least the relevance that a label must exceed. Default: 0.8
 * @throws Error that says what was expected, when the table of labels is not there or lacks a column
 */
export async function readOpenMic(
  root: string,
  { least }: { least?: number } = {},
): Promise<DataSet> {
  const folder = [root, join(root, "openmic-2018")].find((path) => exists(join(path, LABELS)));
  if (folder === undefined) {
    throw new Error(`there is no OpenMIC-2018 in ${root}: expected ${LABELS} and a folder audio`);
  }
  const { labels, rows, problems } = readLabels(folder);
  const corrected = correct(labels);
  problems.push(...await compareMatrices(folder, labels));
  const splits = readPartitions(folder, problems), sounds = listClips(folder);
  const clips: Clip[] = [];
  let silent = 0;
  for (const [key, relevance] of [...labels].sort(([a], [b]) => a < b ? -1 : 1)) {
    const split = splits.get(key) ?? null;
    const clip = openMicClip(key, { relevance, path: sounds.get(key), split, least });
    if (splits.size > 0 && split === null) {
      problems.push({ where: LABELS, what: `${key} is in neither partition` });
    }
    if (!sounds.has(key)) {
      problems.push({ where: `audio/${key.slice(0, 3)}/${key}.ogg`, what: "it is not there" });
    } else if (clip) clips.push(clip);
    else silent++;
  }
  for (const key of sounds.keys()) {
    if (!labels.has(key)) {
      problems.push({ where: `audio/${key.slice(0, 3)}/${key}.ogg`, what: "it has no labels" });
    }
  }
  return makeDataSet({
    name: "openmic",
    clips,
    tallies: {
      "clips with labels": labels.size,
      labels: rows,
      "clips of the training partition": count(splits, "train"),
      "clips of the test partition": count(splits, "test"),
    },
    problems,
    notes: [
      `${silent.toLocaleString("en")} clips have none of our instruments for sure and are left out`,
      ...(corrected > 0 ? [`${corrected} labels are corrected as the publishers' errata say`] : []),
    ],
  });
}

const count = (splits: ReadonlyMap<string, Split>, of: Split) =>
  splits.values().reduce((sum, split) => sum + Number(split === of), 0);

function readLabels(folder: string): { labels: OpenMicLabels; rows: number; problems: Problem[] } {
  const { rows, problems } = readCsv(join(folder, LABELS), {
    columns: ["sample_key", "instrument", "relevance"],
  });
  const labels: OpenMicLabels = new Map();
  for (const { line, cells: { sample_key: key, instrument, relevance } } of rows) {
    try {
      trackOf(key);
      const value = relevance === "" ? NaN : Number(relevance);
      if (!isOpenMicClass(instrument)) {
        throw new Error(
          `"${instrument}" is no class; known: ${CLASSES.join(", ")}`,
        );
      }
      if (!(value >= 0 && value <= 1)) throw new Error(`relevance "${relevance}" is not 0 to 1`);
      const known = labels.get(key) ?? new Map();
      if (known.has(instrument)) throw new Error(`${key} has "${instrument}" twice`);
      labels.set(key, known.set(instrument, value));
    } catch (error) {
      problems.push({ where: `${LABELS}, line ${line}`, what: (error as Error).message });
    }
  }
  return { labels, rows: rows.length, problems };
}

/** Applies the errata, where a release does not have them yet. @returns how many labels change */
function correct(labels: OpenMicLabels): number {
  const open = ERRATA.filter(([key, name]) => {
    const relevance = labels.get(key)?.get(name);
    return relevance !== undefined && relevance < 1;
  });
  for (const [key, name] of open) labels.get(key)!.set(name, 1);
  return open.length;
}

/** Holds the matrices of the .npz to the table: `Y_mask` says what is known, `Y_true` how relevant it is. */
async function compareMatrices(folder: string, labels: OpenMicLabels): Promise<Problem[]> {
  if (!exists(join(folder, MATRICES))) return [];
  const keys = [...labels.keys()].sort();
  try {
    const relevance = await readOpenMicMatrix(folder, keys);
    const differs = (key: string, row: number) =>
      CLASSES.some((name, column) => {
        const told = labels.get(key)!.get(name), found = relevance[row * CLASSES.length + column];
        // the matrices may have been written in single precision
        return told === undefined ? !Number.isNaN(found) : !(Math.abs(found - told) < 1e-6);
      });
    const differing = keys.filter(differs).filter((key) =>
      !ERRATA.some(([other]) => other === key)
    );
    if (differing.length === 0) return [];
    const example = differing.slice(0, 3).join(", ");
    return [{ where: MATRICES, what: `${differing.length} clips have other labels: ${example}` }];
  } catch (error) {
    return [{ where: MATRICES, what: (error as Error).message }];
  }
}

const CLASSES = Object.keys(OPENMIC_CLASSES) as OpenMicClass[];

/**
 * OpenMIC's labels in three values, from its .npz: the relevance, or NaN where nobody was asked.
 *
 * The list of keys in the file is in a format of Python's own and not read: its rows are the keys in order.
 *
 * @param folder `openmic-2018`
 * @param keys all keys, sorted
 * @returns `[keys, 20]`, the classes in OpenMIC's order
 * @throws Error that names the file, when it does not fit the keys
 */
export async function readOpenMicMatrix(
  folder: string,
  keys: readonly string[],
): Promise<Float64Array> {
  const path = join(folder, MATRICES), width = CLASSES.length;
  const arrays = await readNpz(path, { only: ["Y_true", "Y_mask"] });
  const truth = arrays.get("Y_true")!, mask = arrays.get("Y_mask")!;
  const shape = [keys.length, width].join();
  if (truth.shape.join() !== shape || mask.shape.join() !== shape) {
    throw new Error(
      `cannot read ${path}: its labels are (${truth.shape}), those of ${LABELS} (${shape})`,
    );
  }
  const columns = columnsOf(folder);
  const values = truth.data as NumberArray, known = mask.data as NumberArray;
  const relevance = new Float64Array(keys.length * width).fill(NaN);
  for (let row = 0; row < keys.length; row++) {
    columns.forEach((from, column) => {
      const at = row * width + from;
      if (known[at]) relevance[row * width + column] = Number(values[at]);
    });
  }
  return relevance;
}

/** Where each class stands in the matrices. */
function columnsOf(folder: string): number[] {
  const path = join(folder, "class-map.json");
  if (!exists(path)) return CLASSES.map((_, column) => column);
  const map = readJson<Record<string, number>>(path);
  const columns = CLASSES.map((name) => map[name]);
  if (columns.some((column) => !(column >= 0 && column < CLASSES.length))) {
    throw new Error(`${path} does not number each of ${CLASSES.join(", ")} from 0`);
  }
  return columns;
}

function readPartitions(folder: string, problems: Problem[]): Map<string, Split> {
  const splits = new Map<string, Split>();
  for (const split of ["train", "test"] as const) {
    const name = `partitions/split01_${split}.csv`, path = join(folder, name);
    if (!exists(path)) continue;
    readText(path).trimEnd().split(/\r?\n/).forEach((key, k) => {
      if (splits.has(key)) {
        problems.push({
          where: `${name}, line ${k + 1}`,
          what: `${key} is in a partition already`,
        });
      } else splits.set(key, split);
    });
  }
  return splits;
}

/** The sound files that are there, by key. */
function listClips(folder: string): Map<string, string> {
  const audio = join(folder, "audio");
  if (!isFolder(audio)) return new Map();
  return new Map(
    listFolder(audio).filter(({ name }) => isFolder(join(audio, name))).flatMap(({ name }) =>
      listFolder(join(audio, name)).filter((file) => file.name.endsWith(".ogg"))
        .map((file) => [file.name.slice(0, -4), join(audio, name, file.name)] as const)
    ),
  );
}
