/** Analysis of variance with one factor: do the groups' means differ by more than chance, and by how much? */
import { incompleteBeta } from "../core/beta.ts";
import { mean } from "../core/statistics.ts";

/** What {@link oneWayAnova} found. */
export interface Anova {
  /** Variance between the groups over that within them. */
  f: number;
  /** Degrees of freedom between the groups and within them. */
  freedom: [between: number, within: number];
  /** Probability of such an F or a larger one where all groups have one mean. */
  p: number;
  /** Share of the variance that the factor explains, without the share that it explains by chance; 0 at the least. */
  omegaSquared: number;
  /** Each group's name, size and mean, in the order of their first values. */
  groups: { name: string; size: number; mean: number }[];
}

/**
 * One-way analysis of variance (Fisher, Statistical Methods for Research Workers, 1925), with Hays' omega squared
 * (Statistics for Psychologists, 1963) as the size of the effect.
 *
 * The values must be independent of each other: means of recordings, not clips.
 *
 * @param groups each value's group
 * @throws RangeError when lengths differ, there are fewer than two groups or no more values than groups, or a value
 * is no finite number
 */
export function oneWayAnova(values: ArrayLike<number>, groups: readonly string[]): Anova {
  if (values.length !== groups.length) {
    throw new RangeError(`cannot compare ${values.length} values in ${groups.length} groups`);
  }
  const members = new Map<string, number[]>();
  groups.forEach((name, k) => {
    if (!Number.isFinite(values[k])) throw new RangeError(`value ${k} is ${values[k]}`);
    if (!members.has(name)) members.set(name, []);
    members.get(name)!.push(values[k]);
  });
  const between = members.size - 1, within = values.length - members.size;
  if (between < 1 || within < 1) {
    throw new RangeError(
      `cannot compare ${members.size} groups of ${values.length} values: two groups, and more values than groups`,
    );
  }
  const centre = mean(values);
  const summaries = [...members].map(([name, own]) => ({
    name,
    size: own.length,
    mean: mean(own),
  }));
  const explained = summaries.reduce((sum, { size, mean }) => sum + size * (mean - centre) ** 2, 0);
  let rest = 0;
  const means = new Map(summaries.map(({ name, mean }) => [name, mean]));
  groups.forEach((name, k) => rest += (values[k] - means.get(name)!) ** 2);
  const error = rest / within, f = explained / between / error;
  const omegaSquared = (explained - between * error) / (explained + rest + error);
  return {
    f,
    freedom: [between, within],
    p: fTail(f, between, within),
    omegaSquared: Math.max(0, omegaSquared),
    groups: summaries,
  };
}

/** P(F > f): I_x(within / 2, between / 2) at x = within / (within + between f) (DLMF 8.17). */
function fTail(f: number, between: number, within: number): number {
  if (f === Infinity) return 0;
  return incompleteBeta(within / (within + between * f), within / 2, between / 2);
}
