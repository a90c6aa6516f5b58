/** Clips of any data set in one form: what is known of each, and what could not be read. */
import type { Genre } from "./irmas.ts";
import { type Instrument, instrumentIndex, INSTRUMENTS } from "./labels.ts";

/** What its publisher meant a clip for. */
export type Split = "train" | "validation" | "test";

/** What else is known of a clip; what is not known is left out. */
export interface Tags {
  /** Which part of the download it came in, e.g. `Part2` or `balanced_train_segments`. */
  part?: string;
  genre?: Genre;
  drums?: boolean;
  /** Tonic and mode, e.g. `F# minor`: an estimate for IRMAS, the truth for the demo. */
  key?: string;
  /** The pitch class with the largest summed chroma. */
  tone?: string;
  /** Beats a minute. */
  tempo?: number;
  /** What is wrong with a demo file on purpose. */
  fault?: "silent" | "short";
  /** ESC-50's fold, 1 to 5, and its name of what is heard. */
  fold?: number;
  category?: string;
  /** How sure OpenMIC's listeners were, 0 to 1, of a guitar that may be acoustic or electric (D12). */
  guitar?: number;
  /** How sure the decision between the two was, 0.5 to 1. */
  guitarConfidence?: number;
}

/** One clip. */
export interface Clip {
  /** What it is called within its source: a file's name or a key, in Unicode's NFC. */
  name: string;
  /** Its sound file; null where there is only a table. */
  path: string | null;
  /** The data set that it comes from, e.g. `irmas-train`. */
  source: string;
  /** In the labels' order; empty where none of the eleven is told. */
  labels: readonly Instrument[];
  /** Instruments of whose presence or absence somebody decided; null: all eleven. */
  judged: readonly Instrument[] | null;
  /** The recording or song: clips of one group must never be on both sides of a split. */
  group: string;
  tags: Tags;
  /** Length of what is used of it; null where unknown. */
  seconds: number | null;
  /** Seconds from its start that are used; null: all of it. */
  limit: number | null;
  /** What its publisher meant it for; null where nobody said. */
  split: Split | null;
}

/** Something that did not fit: it is left out, and told. */
export interface Problem {
  /** The file, below the data set's folder, and the line where it is a table. */
  where: string;
  /** What is wrong, and what was expected. */
  what: string;
}

/** A data set. */
export interface DataSet {
  name: string;
  clips: readonly Clip[];
  /** Sizes of what it was read from, by name, to be held against what its publishers say. */
  tallies: Readonly<Record<string, number>>;
  /** What was left out because it did not fit. */
  problems: readonly Problem[];
  /** What a reader should know and is no fault, e.g. how many repeats were removed. */
  notes: readonly string[];
}

/** A clip with what is the same for most. */
export function makeClip(
  clip: Pick<Clip, "name" | "source" | "labels" | "group"> & Partial<Clip>,
): Clip {
  return { path: null, judged: null, tags: {}, seconds: null, limit: null, split: null, ...clip };
}

/**
 * A data set of clips by name; of two with one name and source the second is a problem, not a clip.
 *
 * @param problems what could not be read
 */
export function makeDataSet(
  { name, clips, tallies = {}, problems = [], notes = [] }:
    & Pick<DataSet, "name" | "clips">
    & Partial<DataSet>,
): DataSet {
  const seen = new Map<string, Clip>(), repeated: Problem[] = [];
  for (const clip of clips) {
    const key = `${clip.source}/${clip.name}`, first = seen.get(key);
    if (first) {
      const where = first.path ? ` (${first.path})` : "";
      repeated.push({ where: clip.path ?? clip.name, what: `its name is there already${where}` });
    } else seen.set(key, clip);
  }
  return {
    name,
    clips: [...seen.values()],
    tallies,
    problems: [...problems, ...repeated],
    notes,
  };
}

/** Several data sets as one. */
export function joinDataSets(name: string, sets: readonly DataSet[]): DataSet {
  return makeDataSet({
    name,
    clips: sets.flatMap(({ clips }) => clips),
    tallies: Object.assign({}, ...sets.map(({ tallies }) => tallies)),
    problems: sets.flatMap(({ problems }) => problems),
    notes: sets.flatMap(({ notes }) => notes),
  });
}

/**
 * The first problems as lines, and how many more there are.
 *
 * @param limit lines at the most. Default: 10
 */
export function formatProblems(
  problems: readonly Problem[],
  { limit = 10 }: { limit?: number } = {},
): string[] {
  const lines = problems.slice(0, limit).map(({ where, what }) => `${where}: ${what}`);
  const more = problems.length - lines.length;
  return more > 0 ? [...lines, `... and ${more.toLocaleString("en")} more`] : lines;
}

/** Makes sure that all of a data set could be read. @throws Error with the first problems */
export function assertWhole({ name, problems }: Pick<DataSet, "name" | "problems">): void {
  if (problems.length === 0) return;
  const many = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  throw new Error(`${many} in ${name}: ${formatProblems(problems, { limit: 3 }).join("; ")}`);
}

/** Label vectors of clips: 0 or 1, `[clips, 11]`. */
export function targetsOf(clips: readonly Pick<Clip, "labels">[]): Uint8Array {
  const targets = new Uint8Array(clips.length * INSTRUMENTS.length);
  clips.forEach(({ labels }, row) => {
    for (const code of labels) targets[row * INSTRUMENTS.length + instrumentIndex(code)] = 1;
  });
  return targets;
}

/** How many clips have each instrument. */
export function countLabels(clips: readonly Pick<Clip, "labels">[]): Record<Instrument, number> {
  const counts = Object.fromEntries(INSTRUMENTS.map((code) => [code, 0]));
  for (const { labels } of clips) for (const code of labels) counts[code]++;
  return counts as Record<Instrument, number>;
}
