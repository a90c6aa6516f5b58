/**
 * A run is a folder: `config.json` (the whole configuration and where the run comes from), `metrics.jsonl`
 * (what was measured, a line each), `checkpoint.safetensors` while it is under way, `weights.safetensors`
 * and `result.json` once it is finished. The weights stay out of version control.
 */
import { join } from "node:path";
import { exists, readJson, sha256, writeAtomically, writeJson } from "../core/files.ts";
import { projectPath } from "../core/paths.ts";
import { parseConfig, type RunConfig } from "../train/config.ts";
import type { Metric } from "../train/loop.ts";
import type { Provenance } from "./provenance.ts";

/** Where runs are. */
export const RUNS = projectPath("experiments", "runs");

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

  constructor(readonly name: string, root = RUNS) {
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

  get isStarted(): boolean {
    return exists(join(this.path, "config.json"));
  }
  get isFinished(): boolean {
    return exists(join(this.path, "result.json"));
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

  /** All measurements, in the order in which they were taken; a last line that was cut is left out. */
  readMetrics(): Metric[] {
    if (!exists(this.#metrics)) return [];
    return Deno.readTextFileSync(this.#metrics).split("\n").flatMap((line) => {
      try {
        return [JSON.parse(line) as Metric];
      } catch {
        return []; // the process was killed while it wrote this line
      }
    });
  }

  /** Forgets what was measured after `step`: a resumed run measures it again. */
  truncateMetrics(step: number): void {
    const kept = this.readMetrics().filter((metric) => metric.step <= step);
    writeAtomically(this.#metrics, kept.map((metric) => JSON.stringify(metric) + "\n").join(""));
  }

  appendMetric(metric: Metric): void {
    Deno.writeTextFileSync(this.#metrics, JSON.stringify(metric) + "\n", { append: true });
  }

  /** Removes everything, for a run that begins anew. */
  clear(): void {
    if (exists(this.path)) Deno.removeSync(this.path, { recursive: true });
  }
}

/** Names of the runs that are finished, the newest last. */
export function finishedRuns(root = RUNS): string[] {
  if (!exists(root)) return [];
  const finished = (name: string) =>
    Deno.statSync(join(root, name, "result.json")).mtime!.getTime();
  return [...Deno.readDirSync(root)]
    .filter((entry) => entry.isDirectory && exists(join(root, entry.name, "result.json")))
    .map((entry) => entry.name)
    .sort((a, b) => finished(a) - finished(b) || (a < b ? -1 : 1));
}
