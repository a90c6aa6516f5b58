/**
 * Relabellings as patches (D5): a file that says which labels of which clips change, for what data set, who made it and
 * which version it is. A data set stays as it is; a patched one is a new data set.
 *
 *     # name: irmas-relabelled
 *     # version: 1
 *     # source: irmas-train
 *     # made by: three listeners
 *     clip,from,to
 *     [cel][cla]0068__2.wav,cel,cel cla gac
 */
import { basename } from "node:path";
import { writeAtomically } from "../core/files.ts";
import { type Clip, countLabels, type DataSet, makeDataSet, type Problem } from "./clip.ts";
import { readCsv, readText } from "./csv.ts";
import { parseInstruments } from "./instrument_names.ts";
import { type Instrument, INSTRUMENTS } from "./labels.ts";

/** A clip's labels before and after. */
export interface LabelChange {
  /** The clip's name within its source. */
  clip: string;
  from: readonly Instrument[];
  to: readonly Instrument[];
}

/** A relabelling. */
export interface Patch {
  name: string;
  version: number;
  /** The source of the clips, e.g. `irmas-train`. */
  source: string;
  /** Who heard or decided it, and how. */
  madeBy: string;
  changes: readonly LabelChange[];
}

/** What a patch does to a data set. */
export interface PatchedDataSet {
  dataSet: DataSet;
  /** The changes that were made. */
  changed: LabelChange[];
  /** Clips that already had, or keep, the labels that the patch gives them. */
  confirmed: number;
  /** Changes that do not fit: no such clip, or it has other labels than the patch expects. */
  unmatched: Problem[];
  /** Clips with each instrument among those that the patch names. */
  before: Record<Instrument, number>;
  after: Record<Instrument, number>;
  /** Clips that the patch names, by the number of the eleven labels that differ. */
  byDistance: number[];
}

const words = (labels: readonly Instrument[]) => labels.join(" ");
const quoted = (text: string) => /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** The lines in front of the table: what they are called, and the field they fill. */
const FIELDS = {
  "name": "name",
  "version": "version",
  "source": "source",
  "made by": "madeBy",
} as const;

/** Writes a patch as a file. */
export function writePatch(path: string, patch: Patch): void {
  const head = Object.entries(FIELDS).map(([title, field]) => `# ${title}: ${patch[field]}`);
  const lines = patch.changes.map(({ clip, from, to }) =>
    [quoted(clip), words(from), words(to)].join(",")
  );
  writeAtomically(path, [...head, "clip,from,to", ...lines, ""].join("\n"));
}

/**
 * Reads a patch.
 *
 * @throws Error that names the file and the line, when its head lacks a field or a line does not fit
 */
export function readPatch(path: string): Patch {
  let text = readText(path);
  const head: Record<string, string> = {};
  let lines = 0;
  for (const [line] of text.matchAll(/^#.*\r?\n/gym)) {
    const [, title, value] = /^#\s*([^:]+?)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    if (title) head[title] = value;
    text = text.slice(line.length);
    lines++;
  }
  const missing = Object.keys(FIELDS).filter((title) => !head[title]);
  if (missing.length > 0) {
    throw new Error(`cannot read ${path}: it does not begin with "# ${missing[0]}: ..."`);
  }
  const version = Number(head.version);
  if (!(Number.isInteger(version) && version > 0)) {
    throw new Error(`cannot read ${path}: its version is "${head.version}", not 1, 2, ...`);
  }
  const { rows, problems } = readCsv(path, {
    columns: ["clip", "from", "to"],
    text,
    firstLine: lines + 1,
  });
  if (problems.length > 0) throw new Error(`${problems[0].where}: ${problems[0].what}`);
  const seen = new Set<string>();
  const changes = rows.map(({ line, cells }) => {
    try {
      const clip = cells.clip.normalize("NFC");
      if (seen.has(clip)) throw new Error(`"${clip}" stands there twice`);
      seen.add(clip);
      return { clip, from: parseInstruments(cells.from), to: parseInstruments(cells.to) };
    } catch (error) {
      throw new Error(`${basename(path)}, line ${line}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  });
  return { name: head.name, version, source: head.source, madeBy: head["made by"], changes };
}

/**
 * A data set with a patch's labels.
 *
 * A clip that the data set does not have, or whose labels are neither those before nor those after, stays as it is and
 * is told in `unmatched`, and among the data set's problems.
 *
 * @throws Error when none of the patch's clips is in the data set
 */
export function applyPatch(dataSet: DataSet, patch: Patch): PatchedDataSet {
  const title = `${patch.name} (version ${patch.version})`;
  const rows = new Map(
    dataSet.clips.map((clip, row) => [`${clip.source}/${clip.name}`, row] as const),
  );
  const clips: Clip[] = [...dataSet.clips], named: Clip[] = [], changed: LabelChange[] = [];
  const unmatched: Problem[] = [], byDistance: number[] = [];
  for (const change of patch.changes) {
    const row = rows.get(`${patch.source}/${change.clip}`), clip = clips[row ?? -1];
    const problem = !clip ? "there is no such clip" : misfit(clip.labels, change);
    if (problem) {
      unmatched.push({ where: change.clip, what: `${problem}, the patch ${title} does not fit` });
      continue;
    }
    named.push(clip);
    const distance = countDifferences(clip.labels, change.to);
    byDistance[distance] = (byDistance[distance] ?? 0) + 1;
    if (distance === 0) continue;
    changed.push({ clip: clip.name, from: clip.labels, to: change.to });
    // a listener who gave labels has decided on all eleven
    clips[row!] = { ...clip, labels: change.to, judged: null };
  }
  if (named.length === 0) {
    throw new Error(
      `the patch ${title} fits no clip of ${dataSet.name}: it is for ${patch.source}, e.g. ${
        patch.changes[0]?.clip
      }`,
    );
  }
  const after = named.map((clip) => clips[rows.get(`${clip.source}/${clip.name}`)!]);
  const note = `labels of ${changed.length} clips are changed by the patch ${title}`;
  return {
    dataSet: makeDataSet({
      ...dataSet,
      clips,
      problems: [...dataSet.problems, ...unmatched],
      notes: [...dataSet.notes, note],
    }),
    changed,
    confirmed: named.length - changed.length,
    unmatched,
    before: countLabels(named),
    after: countLabels(after),
    byDistance: Array.from(byDistance, (count) => count ?? 0),
  };
}

function misfit(labels: readonly Instrument[], { from, to }: LabelChange): string | undefined {
  if (words(labels) === words(from) || words(labels) === words(to)) return undefined;
  return `its labels are "${words(labels)}", not "${words(from)}"`;
}

function countDifferences(a: readonly Instrument[], b: readonly Instrument[]): number {
  return INSTRUMENTS.filter((code) => a.includes(code) !== b.includes(code)).length;
}
