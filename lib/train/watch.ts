/** A validation measure that is watched from epoch to epoch: it decides the learning rate, or when to stop. */

/** What was measured after an epoch, by name, e.g. `validation/macroF1`. */
export type Measurements = Readonly<Record<string, number>>;

/** Which measure is watched, and what a gain is. */
export interface Watched {
  /** Its name in `metrics.jsonl`. */
  measure: string;
  better: "higher" | "lower";
  /** A gain is a change for the better by more than this. */
  leastGain: number;
}

/** Whether a value is a gain over the best one before it, if any. NaN is none. */
export function isGain(
  value: number,
  best: number | undefined,
  { better, leastGain }: Pick<Watched, "better" | "leastGain">,
): boolean {
  if (best === undefined) return !Number.isNaN(value);
  return better === "higher" ? value > best + leastGain : value < best - leastGain;
}

/** The watched measure of each epoch. @throws Error that names the measures that there are, where it is none of them */
export function watchedValues(
  history: readonly Measurements[],
  { measure }: Pick<Watched, "measure">,
): number[] {
  return history.map((measurements) => {
    if (measure in measurements) return measurements[measure];
    throw new Error(
      `"${measure}" is to be watched and was not measured; measured were ${
        Object.keys(measurements).join(", ") || "none"
      }`,
    );
  });
}

/** The epoch of the last gain, 0 for the first; undefined where there is none. */
export function bestEpoch(values: readonly number[], watched: Watched): number | undefined {
  let best: number | undefined;
  values.forEach((value, epoch) => {
    if (isGain(value, best === undefined ? undefined : values[best], watched)) best = epoch;
  });
  return best;
}
