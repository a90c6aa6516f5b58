/** Where a run's numbers come from: versions, machine, data, commit. */
import { ROOT } from "../core/paths.ts";
import { outputOf } from "../core/program.ts";
import { askedThreads, binding, gpuInUse, tf } from "../nn/engine/mod.ts";
import { TRAINING_VERSION } from "./run_folder.ts";

/** What is written beside a run's configuration. */
export interface Provenance {
  started: string;
  versions: { deno: string; tensorflow: string; tfjs: string };
  platform: string;
  cores: number;
  /** Of an operation: with another number sums are rounded otherwise. The first runs do not say it, and had one a core. */
  threads?: number;
  /** The GPU that operations ran on; absent where they ran on the processor. */
  gpu?: string;
  /**
   * What of the environment changes numbers, where it is set: `LUMEN_PRECISION`, `LUMEN_XLA`, `LUMEN_DETERMINISTIC`, and
   * NVIDIA's `NVIDIA_TF32_OVERRIDE`, with 0 of which a GPU multiplies float32 as float32.
   */
  settings?: Record<string, string>;
  /** Of names, labels and spectrograms. */
  dataFingerprint: string;
  /** Of the names of the clips that are trained on, and of those that are held out; the first runs do not say it. */
  splitFingerprint?: string;
  /** `TRAINING_VERSION` (run_folder.ts); the first runs do not say it. */
  trainingVersion?: number;
  /** Git commit, with "+" where files were changed since; undefined outside of a repository. */
  commit?: string;
}

/** The commit that the code is at. */
export async function currentCommit(): Promise<string | undefined> {
  const git = (...args: string[]) => outputOf("git", args, { cwd: ROOT });
  const commit = await git("rev-parse", "--short=12", "HEAD");
  if (!commit) return undefined;
  const changed = await git(
    "status",
    "--porcelain",
    "--untracked-files=no",
    "lib",
    "experiments/recipes",
  );
  return commit + (changed ? "+" : "");
}

/** What of the environment changes a run's numbers, and is set. */
export function numericSettings(): Record<string, string> {
  const names = ["LUMEN_PRECISION", "LUMEN_XLA", "LUMEN_DETERMINISTIC", "NVIDIA_TF32_OVERRIDE"];
  return Object.fromEntries(names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value ? [[name, value]] : [];
  }));
}

/** Collects everything. */
export async function provenance(
  fingerprints: Pick<Provenance, "dataFingerprint" | "splitFingerprint">,
): Promise<Provenance> {
  const settings = numericSettings(), gpu = await gpuInUse();
  return {
    started: new Date().toISOString(),
    versions: {
      deno: Deno.version.deno,
      tensorflow: binding?.TF_Version ?? tf.getBackend(),
      tfjs: tf.version.tfjs,
    },
    platform: `${Deno.build.os} ${Deno.build.arch}`,
    cores: navigator.hardwareConcurrency,
    threads: askedThreads().intraOpThreads || navigator.hardwareConcurrency,
    ...gpu !== undefined && { gpu },
    ...Object.keys(settings).length > 0 && { settings },
    ...fingerprints,
    trainingVersion: TRAINING_VERSION,
    commit: await currentCommit(),
  };
}
