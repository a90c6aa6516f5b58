/** A family of ways to train against its base: a table, and a forest of differences with their intervals. */
import type {
  ComparedMeasure,
  ComparedVariant,
  Comparison,
  Side,
} from "../experiments/comparison.ts";
import { withoutSeed } from "../experiments/run_folder.ts";
import { intervalBars } from "./charts.ts";
import { type Figure, figure, plain, type Trace } from "./figure.ts";
import { MUTED, SERIES_COLOURS } from "./style.ts";
import { type Html, table } from "./table.ts";

/** "+0.031", "−0.004" */
export const signed = (x: number) => `${x < 0 ? "−" : "+"}${Math.abs(x).toFixed(3)}`;
/** "−0.023 to +0.014" */
export const signedInterval = ({ difference: { low, high } }: ComparedVariant) =>
  `${signed(low)} to ${signed(high)}`;
/** The verdict in words, with what it is about where a side has one run. */
export const verdictOf = ({ verdict, aboutModels }: ComparedVariant) =>
  aboutModels ? `${verdict} (these models)` : verdict;
const p = (value: number) => value < 0.001 ? "< 0.001" : value.toFixed(3);

/** "0 to 2, 5" */
function seedRange(side: Side): string {
  const ranges: number[][] = [];
  for (const { seed } of side.runs) {
    const last = ranges.at(-1);
    if (last && last[1] === seed - 1) last[1] = seed;
    else ranges.push([seed, seed]);
  }
  return ranges.map(([from, to]) =>
    from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from} to ${to}`
  ).join(", ");
}

/** "irmas_fluffy-1dcbab5e, seeds 0 to 2", for each setting among the runs. */
function runsOf(side: Side): string {
  return [...Map.groupBy(side.runs, ({ name }) => withoutSeed(name))].map(([name, runs]) =>
    `${name}, seed${runs.length > 1 ? "s" : ""} ${seedRange({ ...side, runs })}`
  ).join("; ");
}

/** One measure as a table: a row a variant. */
export function comparisonTable({ measure, base }: {
  measure: ComparedMeasure;
  base: Side;
}): Html {
  const count = measure.base.values.length;
  const seedDifferences = ({ bySeed }: ComparedVariant) =>
    bySeed.map(({ seed, difference }) => `${seed}: ${signed(difference)}`).join(", ") || "none";
  return table(
    measure.variants.map((variant) => ({
      variant: variant.name,
      seeds: variant.values.length,
      mean: variant.mean,
      difference: signed(variant.difference.value),
      interval: signedInterval(variant),
      error: variant.difference.error,
      p: p(variant.difference.p),
      corrected: p(variant.correctedP),
      verdict: verdictOf(variant),
      visible: variant.visible,
      bySeed: seedDifferences(variant),
    })),
    {
      caption: `${measure.title}; ${base.name}: ${measure.base.mean.toFixed(3)} (${count} seed${
        count > 1 ? "s" : ""
      })`,
      columns: {
        variant: "variant",
        seeds: "seeds",
        mean: "mean",
        difference: "difference",
        interval: "95 % interval",
        error: "error",
        p: "p",
        corrected: "corrected",
        verdict: "verdict",
        visible: "visible",
        bySeed: "by equal seeds",
      },
    },
  );
}

/** What the rows rest on, a line a run. */
export function comparisonRuns({ base, variants }: Comparison): Html {
  return table(
    [base, ...variants].flatMap(({ name, runs }) =>
      runs.map((run) => ({ row: name, run: `experiments/runs/${run.name}`, command: run.command }))
    ),
    { columns: { row: "row", run: "run", command: "made by" } },
  );
}

/** Options of {@link comparisonFigure}. */
export interface ComparisonFigureOptions {
  /** Default: what the family is judged by. */
  measure?: ComparedMeasure;
  title?: string;
  /** The differences that the document gives, by variant. */
  document?: Readonly<Record<string, number | undefined>>;
  width?: number;
}

const COLOURS = { better: SERIES_COLOURS[0], worse: SERIES_COLOURS[1], "no evidence": MUTED };

/** Behind what could not have been seen. */
const TOO_SMALL = "#eef0f5";

/** Both ends of an axis with all of the values on it, and some room. */
function rangeOf(values: readonly number[]): [number, number] {
  const low = Math.min(...values), high = Math.max(...values), room = 0.04 * (high - low);
  return [low - room, high + room];
}

/** Pixels that names and the runs under them need, by their letters. */
const leftOf = (names: readonly string[], runs: readonly string[]) =>
  20 +
  Math.max(...names.map((text) => 7.2 * text.length), ...runs.map((text) => 5.2 * text.length));

/** Pixels. */
const ROW = 46, RIGHT = 250, ABOVE = 60, BELOW = 78;

/**
 * Differences with their 95 % intervals, a row a variant, and the runs that each rests on. Grey behind a row: what is smaller is
 * missed in more than 20 % of such comparisons. A diamond: the document's difference.
 */
export function comparisonFigure(
  { base, variants, measures }: Comparison,
  { measure = measures[0], title, document = {}, width = 960 }: ComparisonFigureOptions = {},
): Figure {
  const rows = measure.variants, places = [...rows.keys()];
  const rests = variants.map(runsOf), left = leftOf(rows.map(({ name }) => name), rests);
  const hover = rows.map((row, k) =>
    [
      `<b>${row.name}</b>: ${signed(row.difference.value)} (${signedInterval(row)})`,
      `p ${p(row.difference.p)}, corrected ${p(row.correctedP)}: ${verdictOf(row)}`,
      `could have seen ${row.visible.toFixed(3)}`,
      ...variants[k].runs.flatMap(({ name, command }) => [`experiments/runs/${name}`, command]),
    ].join("<br>")
  );
  const ofVerdict = (verdict: ComparedVariant["verdict"]): Trace[] => {
    const own = places.filter((k) => rows[k].verdict === verdict);
    if (own.length === 0) return [];
    const differences = own.map((k) => rows[k].difference);
    const values = differences.map(({ value }) => value);
    return [{
      type: "scatter",
      mode: "markers",
      name: verdict,
      x: plain(values),
      y: own,
      marker: { color: COLOURS[verdict], size: 9 },
      error_x: {
        ...intervalBars(values, {
          low: differences.map(({ low }) => low),
          high: differences.map(({ high }) => high),
        }),
        color: COLOURS[verdict],
        thickness: 1.8,
        width: 5,
      },
      text: own.map((k) => hover[k]),
      hovertemplate: "%{text}<extra></extra>",
    }];
  };
  const told = places.filter((k) => document[rows[k].name] !== undefined);
  const ofDocument: Trace[] = told.length === 0 ? [] : [{
    type: "scatter",
    mode: "markers",
    name: "the document",
    x: plain(told.map((k) => document[rows[k].name]!)),
    y: told,
    marker: { symbol: "diamond-open", color: "#1f2433", size: 10, line: { width: 1.5 } },
    hovertemplate: "the document: %{x:+.3f}<extra></extra>",
  }];
  const found = rows.filter(({ verdict }) => verdict !== "no evidence").map((row) =>
    `${row.name} ${signed(row.difference.value)} ${verdictOf(row)}`
  );
  return figure(
    [
      ...(["better", "worse", "no evidence"] as const).flatMap(ofVerdict),
      ...ofDocument,
    ],
    {
      title,
      text: `Differences from ${base.name} in ${measure.title}: ${
        found.join(", ") || "no evidence of any"
      }; the smallest that could have been seen: ${
        Math.min(...rows.map(({ visible }) => visible)).toFixed(3)
      }.`,
      xTitle: `${measure.title}: variant less ${base.name} (${measure.base.mean.toFixed(3)})`,
      width,
      height: ABOVE + BELOW + ROW * rows.length + (title ? 20 : 0),
      layout: {
        showlegend: true,
        legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom" },
        margin: { l: left, r: RIGHT, t: ABOVE + (title ? 20 : 0), b: BELOW },
        xaxis: {
          range: rangeOf([
            ...rows.flatMap((
              { visible, difference: { low, high } },
            ) => [visible, -visible, low, high]),
            ...told.map((k) => document[rows[k].name]!),
          ]),
          zeroline: true,
          zerolinecolor: "#1f2433",
          zerolinewidth: 1,
          tickformat: ".3~f",
        },
        yaxis: {
          range: [rows.length - 0.5, -0.5],
          tickvals: places,
          ticktext: rows.map(({ name }, k) => `${name}<br>${small(rests[k])}`),
          showgrid: false,
          ticks: "",
          showline: false,
          automargin: false,
        },
        shapes: rows.map(({ visible }, k) => ({
          type: "rect",
          layer: "below",
          x0: -visible,
          x1: visible,
          y0: k - 0.36,
          y1: k + 0.36,
          fillcolor: TOO_SMALL,
          line: { width: 0 },
        })),
        annotations: [
          ...rows.map((row, k) => ({
            xref: "paper",
            x: 1.02,
            y: k,
            xanchor: "left",
            align: "left",
            showarrow: false,
            font: { size: 12 },
            text: `${signed(row.difference.value)} (${signedInterval(row)})<br>${
              small(`corrected p ${p(row.correctedP)}: ${verdictOf(row)}`)
            }`,
          })),
          {
            xref: "paper",
            yref: "paper",
            x: 0,
            y: 0,
            xanchor: "left",
            yanchor: "top",
            yshift: -52,
            align: "left",
            showarrow: false,
            font: { size: 10, color: MUTED },
            text: `base: ${runsOf(base)}; grey: too small to be seen in 80 % of cases`,
          },
        ],
      },
    },
  );
}

const small = (text: string) => `<span style="font-size:10px;color:${MUTED}">${text}</span>`;
