/** The truth table: one line a file, all that is known about it because it was made here. */
import { basename, join } from "node:path";
import type { Genre } from "../irmas.ts";
import { type Instrument, isInstrument } from "../labels.ts";
import { exists } from "../../core/files.ts";
import { type Fault, type Job, labelsOf } from "./job.ts";
import { keyName } from "./theory.ts";
import type { Domain } from "./voices.ts";

/** The truth table's file name. */
export const TRUTH_FILE = "truth.csv";

/** One file of the demo. */
export interface DemoClip {
  /** Path below the demo's folder. */
  file: string;
  /** Full path. */
  path: string;
  part: Domain;
  /** Its true labels, in the labels' order. */
  labels: Instrument[];
  /** The recording (training) or song: what must never be on both sides of a split. */
  recording: string;
  seconds: number;
  /** E.g. "D# minor". */
  key: string;
  /** Beats per minute. */
  tempo: number;
  beatsPerBar: number;
  genre: Genre;
  drums: boolean;
  bass: boolean;
  fault: Fault;
  /** What sounds: `instrument=library/bank:program`, bass and drums too. */
  presets: string[];
  sha256: string;
}

const COLUMNS = [
  "file",
  "part",
  "labels",
  "recording",
  "seconds",
  "key",
  "tempo",
  "beats_per_bar",
  "genre",
  "drums",
  "bass",
  "fault",
  "presets",
  "sha256",
] as const;

/** What sounds in a job: `instrument=library/bank:program`. */
export function presetsOf(job: Job): string[] {
  const presets = job.players.map(({ instrument, voice: { library, bank, program } }) =>
    `${instrument}=${library}/${bank}:${program}`
  );
  if (job.bass !== null) presets.push(`bass=${job.rhythmLibrary}/0:${job.bass}`);
  if (job.drums !== null) presets.push(`drums=${job.rhythmLibrary}/0:${job.drums}`);
  return presets;
}

/** The truth table's text. `hashes` has the SHA-256 of every file of the jobs, by file. */
export function formatTruth(jobs: readonly Job[], hashes: ReadonlyMap<string, string>): string {
  const lines = jobs.flatMap((job) =>
    job.clips.map((clip) =>
      [
        clip.file,
        job.domain,
        labelsOf(job).join(" "),
        job.recording,
        clip.seconds,
        keyName(job.key),
        job.tempo,
        job.beatsPerBar,
        job.genre,
        job.drums !== null,
        job.bass !== null,
        clip.fault,
        presetsOf(job).join(" "),
        hashes.get(clip.file),
      ].join(",")
    )
  );
  return [COLUMNS.join(","), ...lines, ""].join("\n");
}

/**
 * The files of a rendered demo.
 *
 * @param folder e.g. `data/demo/small`
 * @throws Error when there is no finished demo, or when its table is not as this version writes it
 */
export function demoClips(folder: string): DemoClip[] {
  const path = join(folder, TRUTH_FILE);
  if (!exists(path)) {
    throw new Error(
      `no demo in ${folder} (${TRUTH_FILE} is missing); ` +
        `"./lumen data demo --size ${basename(folder)}" renders it`,
    );
  }
  const [header, ...lines] = Deno.readTextFileSync(path).trimEnd().split("\n");
  if (header !== COLUMNS.join(",")) {
    throw new Error(`${path} has other columns than this version writes; delete ${folder}`);
  }
  return lines.map((line, k) => {
    const fields = line.split(",");
    const labels = fields[2]?.split(" ") ?? [];
    if (fields.length !== COLUMNS.length || !labels.every(isInstrument)) {
      throw new Error(`${path}, line ${k + 2}: not as this version writes it; delete ${folder}`);
    }
    const [
      file,
      part,
      ,
      recording,
      seconds,
      key,
      tempo,
      beats,
      genre,
      drums,
      bass,
      fault,
      presets,
      sha256,
    ] = fields;
    return {
      file,
      path: join(folder, file),
      part: part as Domain,
      labels,
      recording,
      seconds: Number(seconds),
      key,
      tempo: Number(tempo),
      beatsPerBar: Number(beats),
      genre: genre as Genre,
      drums: drums === "true",
      bass: bass === "true",
      fault: fault as Fault,
      presets: presets.split(" "),
      sha256,
    };
  });
}
