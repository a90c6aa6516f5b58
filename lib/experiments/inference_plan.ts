/** Which measurements of inference time are wanted, and which are there (E18). */
import { randomFrom } from "../core/random.ts";
import type { NetworkCost } from "../inference/timing.ts";
import { DOCUMENT_NETWORKS } from "./inference_networks.ts";

/** Lengths from `step` seconds to {@link LONGEST} in steps of as many. */
export interface Grid {
  step: number;
  /** Of a sound of up to a minute. Longer ones have fewer: {@link runsOf}. */
  runs: number;
}

/** The longest sound, s. */
export const LONGEST = 600;

/** The document's grid, and smaller ones for networks that would take too long. */
export const GRIDS: readonly [Grid, ...Grid[]] = [
  { step: 10, runs: 10 },
  { step: 20, runs: 10 },
  { step: 50, runs: 5 },
  { step: 100, runs: 3 },
  { step: 200, runs: 2 },
];

/** Measurements of networks that the document does not have take no longer than this, s, where a grid allows it. */
const LIMIT = 120;

/** At so many lengths at least the spectrogram is computed as well: it is the same work for nearly all networks. */
const FROM_SOUND = 3;

/** What a network is given: its spectrogram, or the sound, from which the spectrogram is computed first. */
export type Heard = "log-mel" | "sound";

/** What is going to be measured of a network. */
export interface TimingPlan extends NetworkCost {
  network: string;
  grid: Grid;
  /** Pieces at once. */
  batch: number;
  /** Seconds that it takes for a second of sound, from a first look. */
  firstLook: number;
}

/** One measurement. */
export interface Timing {
  network: string;
  heard: Heard;
  /** Length of the sound. */
  seconds: number;
  run: number;
  milliseconds: number;
}

/** A process that measured. */
export interface TimingSession {
  machine: string;
  device: "CPU" | "GPU";
  /** The GPU, where it is one. */
  gpu?: string;
  started: string;
  /** Processes that were running, as a mean over the minute before: what else the machine had to do. */
  load: number;
}

/** A line of the journal. A plan makes void what was measured of its network before. */
export type TimingEntry = { session: TimingSession } | { plan: TimingPlan } | { timing: Timing };

/** Of a network: the last plan, what was measured since, and by which processes. */
export function timingsOf(
  entries: readonly TimingEntry[],
  network: string,
): { plan?: TimingPlan; timings: Timing[]; sessions: TimingSession[] } {
  let plan: TimingPlan | undefined, session: TimingSession | undefined;
  let timings: Timing[] = [];
  const sessions = new Set<TimingSession>();
  for (const entry of entries) {
    if ("session" in entry) session = entry.session;
    if ("plan" in entry && entry.plan.network === network) {
      [plan, timings] = [entry.plan, []];
      sessions.clear();
    }
    if ("timing" in entry && entry.timing.network === network) {
      timings.push(entry.timing);
      if (session) sessions.add(session);
    }
  }
  return { plan, timings, sessions: [...sessions] };
}

/**
 * How often a length is measured: what differs from run to run are single batches, of which a long sound has many, so that
 * as much sound at every length is as precise a median there. Three at least: the median stands when one run is disturbed.
 */
export const runsOf = ({ runs }: Grid, seconds: number): number =>
  Math.min(runs, Math.max(3, Math.round(runs * 60 / seconds)));

/** What is to be measured by a plan, in shuffled order; some lengths once from sound. */
export function timingsWanted({ network, grid }: TimingPlan): Omit<Timing, "milliseconds">[] {
  const count = Math.floor(LONGEST / grid.step), apart = Math.floor(count / FROM_SOUND);
  const wanted = Array.from({ length: count }, (_, k) => (k + 1) * grid.step)
    .flatMap((seconds, k) => [
      ...Array.from(
        { length: runsOf(grid, seconds) },
        (_, run) => ({ heard: "log-mel" as const, seconds, run }),
      ),
      ...(count - 1 - k) % apart === 0 ? [{ heard: "sound" as const, seconds, run: 0 }] : [],
    ]);
  return randomFrom("inference time", network).shuffle(wanted).map((job) => ({ network, ...job }));
}

/** What a plan still lacks. */
export function timingsLeft(entries: readonly TimingEntry[], plan: TimingPlan) {
  const key = ({ heard, seconds, run }: Omit<Timing, "milliseconds">) =>
    `${heard} ${seconds} ${run}`;
  const done = new Set(timingsOf(entries, plan.network).timings.map(key));
  return timingsWanted(plan).filter((job) => !done.has(key(job)));
}

/** Seconds that a plan's measurements will take, or some of them. */
export const secondsOf = (
  { firstLook }: TimingPlan,
  jobs: readonly { seconds: number }[],
): number => firstLook * jobs.reduce((sum, { seconds }) => sum + seconds, 0);

/** The document's grid for the document's networks, and for others the largest one that takes two minutes. */
export function gridFor(network: string, firstLook: number): Grid {
  if (DOCUMENT_NETWORKS.includes(network)) return GRIDS[0];
  const seconds = (grid: Grid) => {
    const plan = { network, grid, firstLook } as TimingPlan;
    return secondsOf(plan, timingsWanted(plan));
  };
  return GRIDS.find((grid) => seconds(grid) <= LIMIT) ?? GRIDS.at(-1)!;
}

/** Seconds that plans still take. */
const secondsLeft = (entries: readonly TimingEntry[], plan: TimingPlan) =>
  secondsOf(plan, timingsLeft(entries, plan));

const inMinutes = (seconds: number) => `${(seconds / 60).toFixed(1)} min`;

/** What is left of all plans together, as text; nothing where all is done. */
export function formatLeft(
  entries: readonly TimingEntry[],
  plans: readonly TimingPlan[],
): string | undefined {
  const seconds = plans.reduce((sum, plan) => sum + secondsLeft(entries, plan), 0);
  return seconds > 0 ? inMinutes(seconds) : undefined;
}

/** Plans as lines of text, with what is left of each. */
export function formatPlans(
  entries: readonly TimingEntry[],
  plans: readonly TimingPlan[],
): string {
  const rows = plans.map((plan) => {
    const { network, grid: { step, runs } } = plan, seconds = secondsLeft(entries, plan);
    const grid = `every ${String(step).padStart(3)} s to ${LONGEST} s, up to ${runs} runs`;
    return `${network.padEnd(24)} ${grid}: ${seconds > 0 ? inMinutes(seconds) : "done"}`;
  });
  return [...rows, `in all: ${formatLeft(entries, plans) ?? "done"}`].join("\n");
}
