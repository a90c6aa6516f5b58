/** Where a run's numbers come from: versions, machine, data, commit. */
import { ROOT } from "../core/paths.ts";
import { askedThreads, binding, tf } from "../nn/engine/mod.ts";

/**
 * Raised whenever the same configuration and seed give another result, which a change of comments does not: experiments
 * make runs of another version again.
 */
export const TRAINING_VERSION = 1;

/** What is written beside a run's configuration. */
export interface Provenance {
  started: string;
  versions: { deno: string; tensorflow: string; tfjs: string };
  platform: string;
  cores: number;
  /** Of an operation: with another number sums are rounded otherwise. The first runs do not say it, and had one a core. */
  threads?: number;
  /** Of names, labels and spectrograms. */
  dataFingerprint: string;
  /** {@link TRAINING_VERSION}; the first runs do not say it. */
  trainingVersion?: number;
  /** Git commit, with "+" where files were changed since; undefined outside of a repository. */
  commit?: string;
}

async function git(...args: string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("git", { args, cwd: ROOT, stderr: "null" })
      .output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch {
    return undefined; // git is not installed
  }
}

/** The commit that the code is at. */
export async function currentCommit(): Promise<string | undefined> {
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

/** Collects everything. */
export async function provenance(dataFingerprint: string): Promise<Provenance> {
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
    dataFingerprint,
    trainingVersion: TRAINING_VERSION,
    commit: await currentCommit(),
  };
}
