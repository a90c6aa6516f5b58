/** A worker of the demo's renderer: jobs in, files and their hashes out. */
import { join } from "node:path";
import { sha256, writeAtomically } from "../../core/files.ts";
import { serveTasks } from "../../core/parallel.ts";
import { encodeWav } from "../../audio/wav.ts";
import { formatLabels } from "../irmas.ts";
import { Banks } from "./banks.ts";
import { type Clip, type Job, labelsOf } from "./job.ts";
import { clipSamples, renderJob } from "./render_job.ts";
import { SAMPLE_RATE } from "./synthesize.ts";

/** What a worker is given. */
export interface RenderTask {
  job: Job;
  seed: number;
  /** The demo's folder. */
  out: string;
}

/** What a worker gives back. */
export interface RenderedFiles {
  files: { file: string; sha256: string }[];
  /** False where all files of the job were there already. */
  rendered: boolean;
}

/** Header and 16-bit stereo samples: a file of this size was written whole, because writing is atomic. */
function fileBytes(clip: Clip): number {
  return 44 + 4 * clipSamples(clip);
}

function isThere(path: string, bytes: number): boolean {
  try {
    return Deno.statSync(path).size === bytes;
  } catch {
    return false;
  }
}

const banks = new Banks();

serveTasks<RenderTask, RenderedFiles>(async ({ job, seed, out }) => {
  const paths = job.clips.map((clip) => join(out, clip.file));
  const there = job.clips.every((clip, k) => isThere(paths[k], fileBytes(clip)));
  if (!there) {
    const sounds = await renderJob(job, { seed, banks });
    sounds.forEach(({ left, right }, k) => {
      if (job.domain === "songs") {
        writeAtomically(paths[k].replace(/wav$/, "txt"), formatLabels(labelsOf(job)));
      }
      writeAtomically(
        paths[k],
        encodeWav({ sampleRate: SAMPLE_RATE, channels: [left, right] }, { bits: 16 }),
      );
    });
  }
  const files = await Promise.all(job.clips.map(async ({ file }, k) => ({
    file,
    sha256: await sha256(Deno.readFileSync(paths[k])),
  })));
  return { value: { files, rendered: !there } };
});
