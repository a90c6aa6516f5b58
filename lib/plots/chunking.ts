/** Scores over the length of pieces that songs are cut into. */
import { lineChart, type LineSeries } from "./charts.ts";
import type { Figure, FigureOptions } from "./figure.ts";
import { MUTED, SERIES_COLOURS } from "./style.ts";

/** A way to cut songs and to put their pieces together, and what it reaches. */
export interface ScoredWay {
  /** Length of a piece, and from one piece to the next. */
  seconds: number;
  hop: number;
  /** How pieces are put together. */
  by: string;
  macroF1: { value: number };
}

/**
 * Draws macro-F1 over the pieces' length: a colour for each way to put them together, dashed where pieces overlap, and a
 * line at what the usual way reaches.
 *
 * @throws RangeError where the usual way is not among them
 */
export function chunkingCurves(
  ways: readonly ScoredWay[],
  { usual, ...options }: FigureOptions & { usual: Omit<ScoredWay, "macroF1"> },
): Figure {
  const names = [...new Set(ways.map(({ by }) => by))];
  const lines = names.flatMap((by, k) =>
    [false, true].map((overlapping): LineSeries => {
      const own = ways.filter((way) => way.by === by && way.hop < way.seconds === overlapping)
        .toSorted((a, b) => a.seconds - b.seconds);
      return {
        name: overlapping ? `${by}, overlapping` : by,
        x: own.map(({ seconds }) => seconds),
        y: own.map(({ macroF1 }) => macroF1.value),
        colour: SERIES_COLOURS[k % 11],
        dash: overlapping ? "dash" : "solid",
        markers: true,
      };
    })
  ).filter(({ x }) => x.length > 0);
  const reference = ways.find(({ seconds, hop, by }) =>
    seconds === usual.seconds && hop === usual.hop && by === usual.by
  );
  if (!reference) {
    throw new RangeError(
      `cannot draw the usual way, ${usual.by} of ${usual.seconds} s every ${usual.hop} s: it was not scored`,
    );
  }
  const lengths = ways.map(({ seconds }) => seconds), level = reference.macroF1.value;
  const line: LineSeries = {
    name: "usual",
    x: [Math.min(...lengths), Math.max(...lengths)],
    y: [level, level],
    colour: MUTED,
    dash: "dot",
  };
  return lineChart([...lines, line], {
    xTitle: "length of a piece, s",
    yTitle: "macro-F1",
    ...options,
  });
}
