/**
 * A run is a folder: `config.json` (the whole configuration and where the run comes from), `metrics.jsonl`
 * (what was measured, a line each), `events.out.tfevents` (the same for TensorBoard), `checkpoint.safetensors` while it is under way, `weights.safetensors`
 * and `result.json` once it is finished, `songs.json` where a run on other recordings was asked what it hears in the
 * demo's songs. The weights stay out of version control.
 */
import { join } from "node:path";
import { append, exists, readJson, sha256, writeAtomically, writeJson } from "../core/files.ts";
import { projectPath } from "../core/paths.ts";
import { parseConfig, type RunConfig } from "../train/config.ts";
import { EventFile } from "../train/event_file.ts";
import type { Metric } from "../train/loop.ts";
import type { Provenance } from "./provenance.ts";

/** Where runs are: those that others can see, under version control, and those of this place alone. */
export interface RunRoots {
  shared: string;
  local: string;
}

/** The project's runs. */
export const RUN_ROOTS: RunRoots = {
  shared: projectPath("experiments", "runs"),
  local: projectPath("data", "runs"),
};

/**
 * Raised whenever the same configuration and seed give another result, which a change of comments does not: experiments
 * make runs of another version again.
 */
export const TRAINING_VERSION = 1;

/** What `config.json` holds. */
export interface RunRecord {
  config: RunConfig;
  provenance: Provenance;
}

/** The name of a configuration's run: recipe, eight digits that tell variants apart, seed. */
export async function runName(config: RunConfig): Promise<string> {
  const { seed, recipe, ...rest } = config;
  const digits = (await sha256(JSON.stringify(sorted(rest)))).slice(0, 8);
  return `${recipe}-${digits}-seed${seed}`;
}

/** A run's name without its seed: what runs that differ in nothing else share. */
export const withoutSeed = (run: string) => run.replace(/-seed-?\d+$/, "");

/** The same value with the keys of all objects in alphabetical order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

/** A run's folder and what is read from and written to it. */
export class RunFolder {
  readonly path: string;

  constructor(readonly name: string, root = RUN_ROOTS.shared) {
    this.path = join(root, name);
  }

  get checkpoint(): string {
    return join(this.path, "checkpoint.safetensors");
  }
  get weights(): string {
    return join(this.path, "weights.safetensors");
  }
  get #metrics(): string {
    return join(this.path, "metrics.jsonl");
  }
  get #songs(): string {
    return join(this.path, "songs.json");
  }
  get #events(): EventFile {
    return new EventFile(join(this.path, "events.out.tfevents"));
  }

  get isStarted(): boolean {
    return exists(join(this.path, "config.json"));
  }
  get isFinished(): boolean {
    return exists(join(this.path, "result.json"));
  }
  get hasWeights(): boolean {
    return exists(this.weights);
  }
  /** Whether a run that was begun is of code that gives the results of today's. */
  get isCurrent(): boolean {
    const { provenance: { trainingVersion = 1 } } = this.readRecord();
    return trainingVersion === TRAINING_VERSION;
  }

  /** @throws Error that names the file, when it is missing or wrong */
  readRecord(): RunRecord {
    const path = join(this.path, "config.json");
    const { config, provenance } = readJson<RunRecord>(path);
    return { config: parseConfig(config, path), provenance };
  }

  writeRecord(record: RunRecord): void {
    writeJson(join(this.path, "config.json"), record);
  }

  readResult<T>(): T {
    return readJson<T>(join(this.path, "result.json"));
  }

  writeResult(result: unknown): void {
    writeJson(join(this.path, "result.json"), result);
  }

  /** What its weights heard in the demo's songs, where they were asked. */
  readSongs<T>(): T | undefined {
    return exists(this.#songs) ? readJson<T>(this.#songs) : undefined;
  }

  writeSongs(heard: unknown): void {
    writeJson(this.#songs, heard);
  }

  /**
   * All measurements, in the order in which they were taken; a last line that was cut is left out.
   *
   * @throws Error that names the file and the line, where another one is broken
   */
  readMetrics(): Metric[] {
    if (!exists(this.#metrics)) return [];
    const lines = Deno.readTextFileSync(this.#metrics).split("\n");
    // nothing stands behind the last line's end, but for what a process that was killed had begun
    return lines.slice(0, -1).map((line, k) => {
      try {
        return JSON.parse(line) as Metric;
      } catch {
        throw new Error(`cannot read ${this.#metrics}: line ${k + 1} is no JSON`);
      }
    });
  }

  /** Forgets what was measured after `step`: a resumed run measures it again. */
  truncateMetrics(step: number): void {
    const kept = this.readMetrics().filter((metric) => metric.step <= step);
    writeAtomically(this.#metrics, kept.map((metric) => JSON.stringify(metric) + "\n").join(""));
    this.#events.truncate(step);
  }

  appendMetric(metric: Metric): void {
    append(this.#metrics, JSON.stringify(metric) + "\n");
    this.#events.append(metric);
  }

  /** Removes what a process that was killed had begun to write. Nobody else may be writing. */
  removeUnfinished(): void {
    for (const { name } of Deno.readDirSync(this.path)) {
      if (name.endsWith(".tmp")) Deno.removeSync(join(this.path, name));
    }
  }

  /** Removes what is in it, for a run that begins anew. The folder itself stays: it may be locked. */
  clear(): void {
    for (const { name } of Deno.readDirSync(this.path)) {
      Deno.removeSync(join(this.path, name), { recursive: true });
    }
  }
}

/**
 * The finished runs by name.
 *
 * @param options.roots where they are looked for; of a run that is in several, the first. Default: the project's shared
 * runs, then the local ones
 * @param options.withWeights leaves out those whose weights are not here, before it chooses between two
 */
export function finishedRuns(
  { roots = [RUN_ROOTS.shared, RUN_ROOTS.local], withWeights = false }: {
    roots?: readonly string[];
    withWeights?: boolean;
  } = {},
): RunFolder[] {
  const runs = new Map<string, RunFolder>();
  for (const root of roots.filter(exists)) {
    for (const { name, isDirectory } of Deno.readDirSync(root)) {
      const folder = new RunFolder(name, root);
      if (!isDirectory || !folder.isFinished || withWeights && !folder.hasWeights) continue;
      if (!runs.has(name)) runs.set(name, folder);
    }
  }
  return [...runs.values()].sort((a, b) => a.name < b.name ? -1 : 1);
}

/** The run that was begun last, whatever the files' dates say. */
export const newestOf = (folders: readonly RunFolder[]): RunFolder | undefined =>
  folders
    .map((folder) => ({ folder, started: folder.readRecord().provenance.started }))
    .toSorted((a, b) => a.started < b.started ? -1 : 1)
    .at(-1)?.folder;

/** What to say where a run's weights are not here. */
export const missingWeights = (name: string): Error =>
  new Error(
    `the weights of run "${name}" are not here (they are not in version control): "./lumen train ${name}" makes them`,
  );

/** A finished run whose weights are here, by its name. @throws Error that says how to get it, or its weights */
export function runWithWeights(name: string, roots?: readonly string[]): RunFolder {
  const named = (folder: RunFolder) => folder.name === name;
  const folder = finishedRuns({ roots, withWeights: true }).find(named);
  if (folder) return folder;
  const finished = finishedRuns({ roots });
  if (finished.some(named)) throw missingWeights(name);
  throw new Error(
    `there is no finished run "${name}"; finished: ${
      finished.map(({ name }) => name).join(", ") || "none"
    }`,
  );
}
