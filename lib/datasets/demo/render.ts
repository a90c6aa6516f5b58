/** Renders the demo data set: on all cores, resumable, the same bytes for the same seed. */
import { join } from "node:path";
import { exists, readJson, writeAtomically, writeJson } from "../../core/files.ts";
import { parallelMap } from "../../core/parallel.ts";
import { projectPath } from "../../core/paths.ts";
import { showProgress } from "../../core/progress.ts";
import { randomFrom } from "../../core/random.ts";
import { type Instrument, INSTRUMENTS } from "../labels.ts";
import { type Job, labelsOf } from "./job.ts";
import { type DemoSize, planDemo } from "./plan.ts";
import type { RenderedFiles, RenderTask } from "./render_worker.ts";
import { demoClips, formatTruth, TRUTH_FILE } from "./truth.ts";

/** Goes up whenever the same seed gives other bytes: what an older version rendered is rendered anew. */
export const DEMO_VERSION = 4;

/** The patch file with planted wrong labels. Nobody applies it unless asked to. */
export const WRONG_LABELS_FILE = "wrong_labels.csv";

/** Share of the training clips that the patch mislabels. */
const WRONG_LABELS = 0.06;

const STAMP_FILE = "stamp.json";

interface Stamp {
  version: number;
  size: DemoSize;
  seed: number;
}

/** Options of {@link renderDemo}. */
export interface DemoOptions {
  size: DemoSize;
  /** Where it is written. Default: `data/demo/<size>`. */
  out?: string;
  /** Default: 1. */
  seed?: number;
  /** Default: one a core. */
  workers?: number;
}

/** What {@link renderDemo} did. */
export interface DemoReport {
  folder: string;
  files: number;
  /** Files that were rendered now; the others were there. */
  rendered: number;
  seconds: number;
}

/** Where a demo of a size is kept. */
export function demoFolder(size: DemoSize): string {
  return projectPath("data", "demo", size);
}

/**
 * Renders a demo data set in IRMAS's layout, with `truth.csv` and `wrong_labels.csv`, and shows its progress. Stopped
 * at any time, the next call goes on; with nothing left to do it only looks whether the files are there. A folder that
 * another seed or version filled is emptied first.
 *
 * @throws Error when a job fails, with its name
 */
export async function renderDemo(
  { size, out = demoFolder(size), seed = 1, workers }: DemoOptions,
): Promise<DemoReport> {
  const start = performance.now();
  const report = (files: number, rendered: number) => ({
    folder: out,
    files,
    rendered,
    seconds: (performance.now() - start) / 1000,
  });
  const stamp: Stamp = { version: DEMO_VERSION, size, seed };
  if (isFinished(out, stamp)) return report(demoClips(out).length, 0);
  prepare(out, stamp);
  const jobs = planDemo({ size, seed });
  const tasks = jobs.map((job): RenderTask => ({ job, seed, out }));
  const progress = showProgress("rendering demo audio", tasks.length);
  const outcomes = await parallelMap<RenderTask, RenderedFiles>(
    new URL("./render_worker.ts", import.meta.url),
    tasks,
    { workers, onProgress: (finished) => progress.update(finished) },
  );
  progress.done();
  const hashes = new Map<string, string>();
  let rendered = 0;
  outcomes.forEach((outcome, k) => {
    if (!outcome.ok) throw new Error(`cannot render ${jobs[k].id} of the demo: ${outcome.error}`);
    for (const { file, sha256 } of outcome.value.files) hashes.set(file, sha256);
    if (outcome.value.rendered) rendered += outcome.value.files.length;
  });
  writeAtomically(join(out, WRONG_LABELS_FILE), formatWrongLabels(jobs, seed));
  // The truth table comes last: it says that everything else is there.
  writeAtomically(join(out, TRUTH_FILE), formatTruth(jobs, hashes));
  return report(hashes.size, rendered);
}

function isFinished(out: string, stamp: Stamp): boolean {
  if (!exists(join(out, TRUTH_FILE)) || !isStamped(out, stamp)) return false;
  const whole = demoClips(out).every(({ path, part }) =>
    exists(path) && (part === "train" || exists(path.replace(/wav$/, "txt")))
  );
  return whole && exists(join(out, WRONG_LABELS_FILE));
}

function isStamped(out: string, stamp: Stamp): boolean {
  const path = join(out, STAMP_FILE);
  if (!exists(path)) return false;
  const found = readJson<Stamp>(path);
  return (Object.keys(stamp) as (keyof Stamp)[]).every((key) => found[key] === stamp[key]);
}

function prepare(out: string, stamp: Stamp): void {
  if (isStamped(out, stamp)) return;
  if (exists(out) && [...Deno.readDirSync(out)].length > 0) {
    if (!exists(join(out, STAMP_FILE))) {
      throw new Error(
        `cannot render the demo into ${out}: it holds other files; choose an empty folder`,
      );
    }
    Deno.removeSync(out, { recursive: true });
  }
  writeJson(join(out, STAMP_FILE), stamp);
}

/** One mislabelled training clip. */
export interface WrongLabel {
  file: string;
  label: Instrument;
  wrong: Instrument;
}

/** Plants wrong labels: a share of the faultless training clips, each with another of the demo's classes. */
export function plantWrongLabels(jobs: readonly Job[], seed: number): WrongLabel[] {
  const random = randomFrom(seed, "demo", "wrong labels");
  const training = jobs.filter((job) => job.domain === "train");
  const classes = INSTRUMENTS.filter((code) => training.some((job) => labelsOf(job)[0] === code));
  const clips = training.flatMap((job) =>
    job.clips.filter((clip) => !clip.fault).map(({ file }) => ({ file, label: labelsOf(job)[0] }))
  );
  const chosen = random.sample(clips, Math.round(WRONG_LABELS * clips.length));
  return chosen
    .map((clip) => ({
      ...clip,
      wrong: random.choice(classes.filter((code) => code !== clip.label)),
    }))
    .sort((a, b) => a.file < b.file ? -1 : 1);
}

function formatWrongLabels(jobs: readonly Job[], seed: number): string {
  const lines = plantWrongLabels(jobs, seed).map(({ file, label, wrong }) =>
    `${file},${label},${wrong}`
  );
  return ["file,label,wrong", ...lines, ""].join("\n");
}

/** The planted wrong labels of a rendered demo. @throws Error when the patch file is missing. */
export function wrongLabels(folder: string): WrongLabel[] {
  const [, ...lines] = Deno.readTextFileSync(join(folder, WRONG_LABELS_FILE)).trimEnd().split("\n");
  return lines.filter(Boolean).map((line) => {
    const [file, label, wrong] = line.split(",");
    return { file, label: label as Instrument, wrong: wrong as Instrument };
  });
}
