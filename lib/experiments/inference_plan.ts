/** Which measurements of inference time are wanted, and which are there (E18). */
import { randomFrom } from "../core/random.ts";
import type { NetworkCost } from "../inference/timing.ts";

/** Lengths from `step` seconds to {@link LONGEST} in steps of as many, each so many times. */
export interface Grid {
  step: number;
  runs: number;
}

/** The longest sound, s. */
export const LONGEST = 600;

/** The document's grid, and smaller ones for networks that would take too long. */
export const GRIDS: readonly Grid[] = [
  { step: 10, runs: 10 },
  { step: 20, runs: 5 },
  { step: 50, runs: 5 },
  { step: 100, runs: 3 },
  { step: 100, runs: 2 },
];

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
  started: string;
  /** Processes that were running, as a mean over the minute before: what else the machine had to do. */
  load: number;
}

/** A line of the journal. A plan makes void what was measured of its network before. */
export type TimingEntry = { session: TimingSession } | { plan: TimingPlan } | { timing: Timing };

/** Of a network: the last plan, and what was measured since. */
export function timingsOf(
  entries: readonly TimingEntry[],
  network: string,
): { plan?: TimingPlan; timings: Timing[] } {
  let plan: TimingPlan | undefined, timings: Timing[] = [];
  for (const entry of entries) {
    if ("plan" in entry && entry.plan.network === network) [plan, timings] = [entry.plan, []];
    if ("timing" in entry && entry.timing.network === network) timings.push(entry.timing);
  }
  return { plan, timings };
}

/** What is to be measured by a plan, in shuffled order; from sound every length once. */
export function timingsWanted(
  { network, grid: { step, runs } }: TimingPlan,
): Omit<Timing, "milliseconds">[] {
  const lengths = Array.from({ length: Math.floor(LONGEST / step) }, (_, k) => (k + 1) * step);
  const wanted = lengths.flatMap((seconds) => [
    ...Array.from({ length: runs }, (_, run) => ({ heard: "log-mel" as const, seconds, run })),
    { heard: "sound" as const, seconds, run: 0 },
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

/** The first grid that a network gets through in a time, or the smallest. @param limit seconds */
export function gridFor(firstLook: number, limit: number): Grid {
  const plan = { network: "", firstLook } as TimingPlan;
  return GRIDS.find((grid) => secondsOf(plan, timingsWanted({ ...plan, grid })) <= limit) ??
    GRIDS.at(-1)!;
}

/** What is left of some plans, as lines of text. */
export function formatPlans(
  entries: readonly TimingEntry[],
  plans: readonly TimingPlan[],
): string {
  const minutes = (seconds: number) => `${(seconds / 60).toFixed(1)} min`;
  const left = plans.map((plan) => secondsOf(plan, timingsLeft(entries, plan)));
  return [
    ...plans.map(({ network, grid: { step, runs } }, k) =>
      `${network.padEnd(24)} every ${String(step).padStart(3)} s to ${LONGEST} s, ${runs} runs: ${
        left[k] > 0 ? minutes(left[k]) : "done"
      }`
    ),
    `in all: ${minutes(left.reduce((sum, seconds) => sum + seconds, 0))}`,
  ].join("\n");
}
