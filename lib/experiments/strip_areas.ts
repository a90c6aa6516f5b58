/** How well networks tell what is in strips of clips (../datasets/strips.ts) from what is not. */
import { mean } from "../core/statistics.ts";
import { CLIP_SECONDS } from "../datasets/irmas_mels.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import type { Strips } from "../datasets/strips.ts";
import { type Difference, differenceInterval } from "../evaluation/difference.ts";
import { columnOf, rank } from "../evaluation/ranking.ts";
import type { Heard, Hearing } from "./strip_listener.ts";

/** Which instrument is asked for: the one that enters for 3 s, or the one that plays for the rest. */
export type Asked = "enters" | "lasts";

/** How well an instrument is told from those that are not in the strip: means over instruments and runs. */
export interface StripAreas {
  /** Length of the strips. */
  seconds: number;
  asked: Asked;
  /** Areas under the receiver operating characteristic. */
  areas: Partial<Record<Hearing, number>>;
  /** The area by the maximum of the clips' scores less the others; about these very runs. */
  leads: Partial<Record<Hearing, Difference>>;
  /**
   * The area by the maximum of the first network's less that of this one's whole; about ways to train them, where there are
   * several runs. Left out: of the first network.
   */
  leadOfFirst?: Difference;
}

/**
 * How well scores tell strips that have an instrument in the place that is asked for from those that lack it, mean over
 * instruments, by the strips' weights. Strips that have it in the other place are left out.
 *
 * @param scores `[strips, 11]`
 * @throws RangeError where an instrument is in that place of no strip
 */
export function stripArea(
  scores: Float32Array,
  { entering, lasting, asked }: Pick<Strips, "entering" | "lasting"> & { asked: Asked },
): (weights: ArrayLike<number>) => number {
  const [wanted, other] = asked === "enters" ? [entering, lasting] : [lasting, entering];
  const rankings = INSTRUMENTS.map((_, label) => {
    const rows = [...wanted.keys()].filter((row) => other[row] !== label);
    const own = columnOf(scores, label);
    const ranking = rank(rows.map((row) => own[row]), rows.map((row) => +(wanted[row] === label)));
    return { rows, ranking };
  });
  return (weights) =>
    mean(rankings.map(({ rows, ranking }) => ranking.rocArea(rows.map((row) => weights[row]))));
}

/** One network's areas. @param options.first what the first network's runs heard */
export function areasOf(
  runs: readonly Heard[],
  { strips, asked, groups, first }: {
    strips: Strips;
    asked: Asked;
    groups: string[][];
    first?: readonly Heard[];
  },
): StripAreas {
  const statistics = (heard: readonly Heard[], hearing: Hearing) =>
    heard.map(({ scores }) => stripArea(scores[hearing]!, { ...strips, asked }));
  /** The same runs are on both sides, so that their mean is one system's answer. */
  const average = (hearing: Hearing) => {
    const seeds = statistics(runs, hearing);
    return (weights: Float64Array) => mean(seeds.map((seed) => seed(weights)));
  };
  const hearings = Object.keys(runs[0].scores) as Hearing[];
  const equal = new Float64Array(strips.count).fill(1);
  return {
    seconds: CLIP_SECONDS * strips.clips,
    asked,
    areas: Object.fromEntries(hearings.map((hearing) => [hearing, average(hearing)(equal)])),
    leads: Object.fromEntries(
      hearings.filter((hearing) => hearing !== "maximum").map((hearing) => [
        hearing,
        differenceInterval([[average("maximum")], [average(hearing)]], { groups }),
      ]),
    ),
    ...first && {
      leadOfFirst: differenceInterval(
        [statistics(first, "maximum"), statistics(runs, "whole")],
        { groups },
      ),
    },
  };
}
