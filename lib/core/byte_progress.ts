/** Amounts of bytes: how they are written, and their progress with its pace. */
import { type Progress, showProgress } from "./progress.ts";

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Writes an amount of bytes with three digits in decimal units, e.g. "3.2 GB", "812 B". */
export function formatBytes(bytes: number): string {
  let unit = 0, value = bytes;
  // 999.5 would be written as 1000
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : Number(value.toPrecision(3))} ${UNITS[unit]}`;
}

/** Seconds over which a pace is taken: long enough to be calm, short enough to show that a line has become slow. */
const WINDOW = 5;

/** How fast an amount grows, over the last five seconds. */
export class Pace {
  readonly #samples: { amount: number; second: number }[];

  constructor(amount: number, second: number) {
    this.#samples = [{ amount, second }];
  }

  /** Takes the amount at a time, in seconds. @returns units a second, 0 for no time at all */
  at(amount: number, second: number): number {
    const samples = this.#samples;
    if (second - samples.at(-1)!.second >= WINDOW / 20) samples.push({ amount, second });
    // the oldest one stays in as long as the next is no full window ago
    while (samples.length > 1 && second - samples[1].second >= WINDOW) samples.shift();
    const seconds = second - samples[0].second;
    return seconds > 0 ? (amount - samples[0].amount) / seconds : 0;
  }
}

/** As {@link showProgress}, of bytes: with amounts like "1.2 GB/3.2 GB" and the pace as its note. */
export function showByteProgress(
  label: string,
  total: number | undefined,
  { start = 0 } = {},
): Progress {
  const progress = showProgress(label, total, { start, format: formatBytes });
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const pace = new Pace(start, 0);
  let latest = start;
  return {
    update(finished) {
      latest = finished;
      progress.update(finished, `${formatBytes(Math.round(pace.at(finished, seconds())))}/s`);
    },
    done: () =>
      progress.done(`${formatBytes(Math.round((latest - start) / Math.max(seconds(), 0.001)))}/s`),
  };
}
