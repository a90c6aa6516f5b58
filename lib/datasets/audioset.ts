/**
 * AudioSet: excerpts of 10 s of videos, and of its 632 classes the eleven that are ours (D13).
 *
 *     eval_segments.csv, balanced_train_segments.csv, unbalanced_train_segments.csv
 *     ontology.json
 *     any folders with <video>_<start>.wav, .flac, .ogg or .mp3
 *
 * Gemmeke et al., "Audio Set: an ontology and human-labeled dataset for audio events", ICASSP 2017.
 */
import { basename, extname, join } from "node:path";
import { z } from "zod";
import { exists, readJson } from "../core/files.ts";
import { showProgress } from "../core/progress.ts";
import { type Clip, type DataSet, makeClip, makeDataSet, type Problem } from "./clip.ts";
import { type Instrument, INSTRUMENTS } from "./labels.ts";
import { isFolder, listFolder, listSounds } from "./listing.ts";

/** What the eleven are called in AudioSet, and their places among the 527 classes that have clips. */
export const AUDIOSET_CLASSES: Readonly<
  Record<Instrument, { mid: string; index: number; name: string }>
> = {
  cel: { mid: "/m/01xqw", index: 193, name: "Cello" },
  cla: { mid: "/m/01wy6", index: 198, name: "Clarinet" },
  flu: { mid: "/m/0l14j_", index: 196, name: "Flute" },
  gac: { mid: "/m/042v_gx", index: 143, name: "Acoustic guitar" },
  gel: { mid: "/m/02sgy", index: 141, name: "Electric guitar" },
  org: { mid: "/m/013y1f", index: 155, name: "Organ" },
  pia: { mid: "/m/05r5c", index: 153, name: "Piano" },
  sax: { mid: "/m/06ncr", index: 197, name: "Saxophone" },
  tru: { mid: "/m/07gql", index: 187, name: "Trumpet" },
  vio: { mid: "/m/07y_7", index: 191, name: "Violin, fiddle" },
  voi: { mid: "/m/015lz1", index: 27, name: "Singing" },
};

/** Options of {@link readAudioSet}. */
export interface AudioSetOptions {
  /**
   * Whether what stands below a class in the ontology counts as that class: a Hammond organ as an organ. Default: no, as
   * the study did.
   */
  descendants?: boolean;
  /** Seconds from an excerpt's start that are used. Default: all of it. */
  limit?: number;
}

/** One excerpt, whatever the number of lines that list it. */
interface Segment {
  labels: Set<Instrument>;
  /** The video. */
  video: string;
  /** The table, without its extension. */
  part: string;
}

/**
 * The excerpts with exactly one of our classes, each once, as far as their sound is there.
 *
 * @param root the folder with the tables and the sound files
 * @throws Error that says what was expected, when there is no table of segments, or the ontology is not AudioSet's
 */
export function readAudioSet(
  root: string,
  { descendants = false, limit }: AudioSetOptions = {},
): DataSet {
  const tables = isFolder(root)
    ? listFolder(root).map(({ name }) => name).filter((name) => name.endsWith("_segments.csv"))
    : [];
  if (tables.length === 0) {
    throw new Error(
      `there is no AudioSet in ${root}: expected balanced_train_segments.csv, unbalanced_train_segments.csv ` +
        "or eval_segments.csv, and sound files <video>_<start>",
    );
  }
  const classes = readClasses(root, descendants), problems: Problem[] = [];
  const segments = new Map<string, Segment>(), tallies: Record<string, number> = {};
  let listedAgain = 0;
  for (const name of tables) {
    const part = basename(name, ".csv");
    const { rows, repeats } = readSegments(join(root, name), { part, classes, segments, problems });
    tallies[part] = rows;
    listedAgain += repeats;
  }
  const { sounds, copies } = listExcerpts(root, problems);
  const clips = [...segments].flatMap(([key, { labels, video, part }]): Clip[] =>
    labels.size !== 1 || !sounds.has(key) ? [] : [makeClip({
      name: key,
      path: sounds.get(key)!,
      source: "audioset",
      labels: [...labels],
      group: video,
      tags: { part },
      limit: limit ?? null,
      split: part.startsWith("eval") ? "test" : "train",
    })]
  );
  const single = segments.values().reduce((sum, { labels }) => sum + Number(labels.size === 1), 0);
  const n = (value: number) => value.toLocaleString("en");
  return makeDataSet({
    name: "audioset",
    clips,
    tallies,
    problems,
    notes: [
      `${n(segments.size)} excerpts have one of our classes, ${n(single)} exactly one`,
      `${n(single - clips.length)} of these have no sound file here`,
      `${n(sounds.size - clips.length)} sound files belong to other excerpts and are left out`,
      `${n(listedAgain)} repeated lines and ${n(copies)} repeated sound files are left out`,
    ],
  });
}

const ONTOLOGY = z.array(
  z.object({ id: z.string(), name: z.string(), child_ids: z.array(z.string()) }),
);

/** Our instrument of each of AudioSet's identifiers. */
function readClasses(root: string, descendants: boolean): Map<string, Instrument> {
  const classes = new Map(INSTRUMENTS.map((code) => [AUDIOSET_CLASSES[code].mid, code] as const));
  const path = join(root, "ontology.json");
  if (!exists(path)) {
    if (descendants) throw new Error(`there is no ${path}, which says what stands below a class`);
    return classes;
  }
  const { success, data } = ONTOLOGY.safeParse(readJson(path));
  if (!success) throw new Error(`${path} is no ontology: a list of id, name and child_ids`);
  const nodes = new Map(data.map((node) => [node.id, node] as const));
  for (const [code, { mid, name }] of Object.entries(AUDIOSET_CLASSES)) {
    if (nodes.get(mid)?.name !== name) {
      throw new Error(
        `${path} is not AudioSet's ontology: ${mid} is "${nodes.get(mid)?.name}", not "${name}"`,
      );
    }
    const below = descendants ? [...nodes.get(mid)!.child_ids] : [];
    for (let child = below.pop(); child !== undefined; child = below.pop()) {
      if (classes.has(child)) continue;
      classes.set(child, code as Instrument);
      below.push(...nodes.get(child)?.child_ids ?? []);
    }
  }
  return classes;
}

const SEGMENT = /^([\w-]{11}), (\d+\.\d+), (\d+\.\d+), "([^"]+)"$/;

/** Characters of a table from which on reading it takes long enough to be shown. */
const LARGE = 2e7;

const keyOf = (video: string, start: string) => `${video}_${Number(start)}`;

/** Reads a table of segments, and keeps those with one of our classes. */
function readSegments(
  path: string,
  { part, classes, segments, problems }: {
    part: string;
    classes: ReadonlyMap<string, Instrument>;
    segments: Map<string, Segment>;
    problems: Problem[];
  },
): { rows: number; repeats: number } {
  const text = Deno.readTextFileSync(path);
  const progress = text.length > LARGE ? showProgress(basename(path), text.length) : undefined;
  let rows = 0, repeats = 0, announced: number | undefined;
  // the largest table has two million lines: they are looked at one by one, not as a list
  for (let at = 0, line = 1; at < text.length; line++) {
    if (line % 100_000 === 0) progress?.update(at);
    const end = text.indexOf("\n", at), row = text.slice(at, end < 0 ? undefined : end).trimEnd();
    at = end < 0 ? text.length : end + 1;
    if (row.startsWith("#")) {
      announced ??= Number(/num_segs=(\d+)/.exec(row)?.[1] ?? NaN) || undefined;
      continue;
    }
    if (row === "") continue;
    const match = SEGMENT.exec(row);
    if (!match) {
      const what = `"${row.slice(0, 60)}" is not: video, start, end, "labels"`;
      problems.push({ where: `${basename(path)}, line ${line}`, what });
      continue;
    }
    rows++;
    const [, video, start, , list] = match;
    const labels = list.split(",").flatMap((mid) => classes.get(mid) ?? []);
    if (labels.length === 0) continue;
    const key = keyOf(video, start), known = segments.get(key);
    if (known) {
      repeats++;
      for (const code of labels) known.labels.add(code);
    } else segments.set(key, { labels: new Set(labels), video, part });
  }
  progress?.done();
  if (announced !== undefined && announced !== rows) {
    const what = `it announces ${announced} segments and has ${rows}: download it again`;
    problems.push({ where: basename(path), what });
  }
  return { rows, repeats };
}

/** The sound files, by video and start. */
function listExcerpts(
  root: string,
  problems: Problem[],
): { sounds: Map<string, string>; copies: number } {
  const sounds = new Map<string, string>();
  let copies = 0;
  for (const path of listSounds(root)) {
    const match = /^([\w-]{11})_(\d+(?:\.\d+)?)$/.exec(basename(path, extname(path)));
    if (!match) {
      const what = "its name is not <video>_<start in seconds>";
      problems.push({ where: path.slice(root.length + 1), what });
      continue;
    }
    const key = keyOf(match[1], match[2]);
    if (sounds.has(key)) copies++;
    else sounds.set(key, path);
  }
  return { sounds, copies };
}
