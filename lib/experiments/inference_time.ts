/**
 * Measures how long networks take for sounds from ten seconds to ten minutes (E18). Every measurement is a line of a
 * journal, so that a killed study goes on where it was; lengths come in shuffled order, so that a machine that slows down
 * does not look like a slope.
 */
import os from "node:os";
import { join } from "node:path";
import { Journal } from "../core/journal.ts";
import { tryLockFolder } from "../core/lock.ts";
import { projectPath } from "../core/paths.ts";
import { showProgress } from "../core/progress.ts";
import { randomFrom } from "../core/random.ts";
import type { Spectrogram } from "../dsp/mel.ts";
import { chunkCount } from "../features/chunks.ts";
import type { FrontEnd } from "../features/front_end.ts";
import {
  networkCost,
  rowsAtOnce,
  timedBatch,
  TimedNetwork,
  type TimedSettings,
} from "../inference/timing.ts";
import { binding, gpuInUse, requireNative } from "../nn/engine/mod.ts";
import { TIMED_NETWORKS } from "./inference_networks.ts";
import {
  type Grid,
  gridFor,
  type Heard,
  LONGEST,
  secondsOf,
  type TimingEntry,
  type TimingPlan,
  type TimingSession,
  timingsLeft,
  timingsOf,
  timingsWanted,
} from "./inference_plan.ts";

/** Where timings are kept. */
const FOLDER = projectPath("data", "cache", "inference_time");

/** What else the machine had to do, before this process gave it work. */
const LOAD = Deno.loadavg()[0];

const deviceInUse = () => binding?.isUsingGpuDevice() ? "GPU" : "CPU";

/**
 * Opens the journal of this machine's device.
 *
 * @throws Error where another process measures: each would slow down the other; where there is no native library
 */
export function openTimings(
  folder = FOLDER,
): { journal: Journal<TimingEntry>; lock: Disposable; device: TimingSession["device"] } {
  requireNative("timing networks");
  const lock = tryLockFolder(folder);
  if (!lock) throw new Error("another process is timing networks: wait until it ends");
  const device = deviceInUse();
  const journal = new Journal<TimingEntry>(join(folder, `${device.toLowerCase()}.jsonl`));
  return { journal, lock, device };
}

/** After so many seconds a first look is enough. */
const LOOK = 3;

/** Options of {@link planTimings}. */
export interface PlanOptions {
  /** One grid for all. Default: {@link gridFor} each */
  grid?: Grid;
  /** Plans them anew, which makes void what was measured. */
  restart?: boolean;
}

/**
 * Plans what is not planned yet: a look at each network says how long it takes. What was planned on the same network
 * stays, unless another grid is asked for.
 *
 * @param names of networks
 * @throws Error for an unknown one, with the known ones
 */
export async function planTimings(
  journal: Journal<TimingEntry>,
  names: readonly string[],
  { grid, restart }: PlanOptions = {},
): Promise<TimingPlan[]> {
  const unknown = names.find((name) => !(name in TIMED_NETWORKS));
  if (unknown !== undefined) {
    throw new Error(
      `there is no network "${unknown}" to time; known: ${Object.keys(TIMED_NETWORKS).join(", ")}`,
    );
  }
  const progress = showProgress("first look at networks", names.length), plans: TimingPlan[] = [];
  for (const [k, network] of names.entries()) {
    progress.update(k, network);
    const cost = networkCost(TIMED_NETWORKS[network]), batch = timedBatch(cost.pieceSeconds);
    const { plan } = timingsOf(journal.entries, network);
    const wanted = grid ?? plan?.grid;
    const same = plan && !restart &&
      JSON.stringify(plan) === JSON.stringify({ ...plan, ...cost, batch, grid: wanted });
    if (same) {
      plans.push(plan);
      continue;
    }
    const firstLook = await look(TIMED_NETWORKS[network], { batch, ...cost });
    const made = { network, grid: grid ?? gridFor(network, firstLook), batch, firstLook, ...cost };
    journal.append({ plan: made });
    plans.push(made);
  }
  progress.update(names.length);
  progress.done();
  return plans;
}

/** Seconds of computing for a second of sound: the least of a few batches, fewer where they take long. */
async function look(
  settings: TimedSettings,
  { batch, pieceSeconds }: { batch: number; pieceSeconds: number },
): Promise<number> {
  using network = new TimedNetwork(settings, { batch });
  const seconds = batch * pieceSeconds, { mel } = noiseFor(settings.frontEnd, seconds);
  await network.hear(mel); // is compiled
  let least = Infinity, spent = 0;
  for (let k = 0; k < 3 && spent < LOOK; k++) {
    const time = await timed(() => network.hear(mel)) / 1000;
    least = Math.min(least, time);
    spent += time;
  }
  return least / seconds;
}

/** A spectrogram and a sound of noise. */
function noiseFor({ sampleRate, hopLength, nMels }: FrontEnd, seconds: number) {
  const random = randomFrom("noise to be timed with");
  const sound = Float32Array.from(
    { length: Math.round(seconds * sampleRate) },
    () => random.uniform(-1, 1),
  );
  const frames = Math.round(sound.length / hopLength) + 1;
  const data = new Float32Array(nMels * frames);
  for (let k = 0; k < data.length; k++) data[k] = sound[k % sound.length];
  return { sound, mel: { data, nMels, frames } as Spectrogram };
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/**
 * Measures what plans lack.
 *
 * @param options.seconds ends before the measurement that would go beyond so many. Default: when all is measured
 * @param options.prepare gives what measures a network. Default: the network itself, warmed up
 */
export async function measureTimings(
  journal: Journal<TimingEntry>,
  plans: readonly TimingPlan[],
  { seconds = Infinity, prepare = prepared }: {
    seconds?: number;
    prepare?: (plan: TimingPlan) => Promise<Stopwatch>;
  } = {},
): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  const left = plans.map((plan) => timingsLeft(journal.entries, plan));
  const total = plans.reduce((sum, plan, k) => sum + secondsOf(plan, left[k]), 0);
  if (total === 0) return;
  journal.append({ session: await session() });
  const progress = showProgress("inference time", total, { format: (s) => `${Math.round(s)} s` });
  let finished = 0;
  measuring: for (const [k, plan] of plans.entries()) {
    if (left[k].length === 0) continue;
    using watch = await prepare(plan);
    for (const job of left[k]) {
      if (performance.now() + 1000 * secondsOf(plan, [job]) > end) break measuring;
      journal.append({ timing: { ...job, milliseconds: await watch.time(job) } });
      finished += secondsOf(plan, [job]);
      progress.update(Math.min(finished, total), plan.network); // sums may be a rounding beyond it
    }
  }
  progress.done();
}

/** Measures one network. */
export interface Stopwatch extends Disposable {
  /** Milliseconds for a sound of a length. */
  time(job: { heard: Heard; seconds: number }): Promise<number>;
}

/** A network that has run once with every number of pieces at once that its lengths need. */
async function prepared(plan: TimingPlan): Promise<Stopwatch> {
  const settings = TIMED_NETWORKS[plan.network], { frontEnd } = settings;
  const network = new TimedNetwork(settings, { batch: plan.batch });
  const { sound, mel } = noiseFor(frontEnd, LONGEST);
  const spectrogram = (seconds: number): Spectrogram => {
    const frames = Math.round(seconds * frontEnd.sampleRate / frontEnd.hopLength) + 1;
    return { nMels: mel.nMels, frames, data: mel.data.subarray(0, mel.nMels * frames) };
  };
  const input = ({ heard, seconds }: { heard: Heard; seconds: number }) =>
    heard === "log-mel"
      ? spectrogram(seconds)
      : sound.subarray(0, Math.round(seconds * frontEnd.sampleRate));
  const rest = (seconds: number) =>
    rowsAtOnce(chunkCount(spectrogram(seconds).frames, frontEnd) % plan.batch, plan.batch);
  const rests = new Map(timingsWanted(plan).map(({ seconds }) => [rest(seconds), seconds]));
  for (const rows of rests.keys()) {
    const seconds = (plan.batch + rows) * plan.pieceSeconds;
    for (const heard of ["log-mel", "sound"] as const) {
      await network.hear(input({ heard, seconds }));
    }
  }
  return {
    time: (job) => {
      const heard = input(job);
      return timed(() => network.hear(heard));
    },
    [Symbol.dispose]: () => network[Symbol.dispose](),
  };
}

/** This process, on this machine. */
export async function session(): Promise<TimingSession> {
  const cpus = os.cpus(), gpu = await gpuInUse();
  return {
    machine: `${cpus[0]?.model.trim() || Deno.build.arch}, ${cpus.length} cores`,
    device: deviceInUse(),
    ...gpu !== undefined && { gpu },
    started: new Date().toISOString(),
    load: LOAD,
  };
}
