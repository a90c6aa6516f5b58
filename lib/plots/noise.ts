/** What ways to train hear in noise, over the ratio of signal to noise. */
import { mean } from "../core/statistics.ts";
import type { FamilyEvidence } from "../experiments/family_evidence.ts";
import type { NoiseScore } from "../experiments/noise_robustness.ts";
import { lineChart, type LineSeries } from "./charts.ts";
import { type Figure, figure, type FigureOptions, type Trace } from "./figure.ts";
import { axisStyle, SERIES_COLOURS } from "./style.ts";

/** A run that was scored without noise and in it. */
export interface NoiseRun {
  /** Of its folder. */
  name: string;
  heldOut: { accuracy: { value: number } };
  mixturesOfTwo: { macroF1: { value: number } };
  noise: readonly NoiseScore[];
}

/** A way to train, by its runs. */
export interface NoiseSide {
  name: string;
  runs: readonly NoiseRun[];
}

/** A base and its variants, of those runs that were scored in noise. */
export const noiseSides = ({ base, runs }: Pick<FamilyEvidence, "base" | "runs">): NoiseSide[] =>
  [...runs]
    .sort(([a], [b]) => Number(b === "base") - Number(a === "base"))
    .map(([name, own]) => ({
      name: name === "base" ? base : name,
      runs: own.flatMap(({ name, result }) =>
        "noise" in result && result.noise ? [{ ...result, name, noise: result.noise }] : []
      ),
    }))
    .filter(({ runs }) => runs.length > 0);

const ROWS = [
  {
    title: "accuracy, held-out clips",
    without: (run: NoiseRun) => run.heldOut.accuracy.value,
    within: ({ accuracy }: NoiseScore) => accuracy,
  },
  {
    title: "macro-F1, mixtures of two",
    without: (run: NoiseRun) => run.mixturesOfTwo.macroF1.value,
    within: ({ mixturesOfTwo }: NoiseScore) => mixturesOfTwo,
  },
] as const;
const COLOURS = ["white", "pink"] as const;
const GAP = 0.08;

/** A side's mean over runs at each place, and the least and the greatest. */
function curve(
  { name, runs }: NoiseSide,
  places: readonly ((run: NoiseRun) => number)[],
): Omit<LineSeries, "colour"> {
  const values = places.map((at) => runs.map(at));
  return {
    name,
    x: [...places.keys()],
    y: values.map(mean),
    band: {
      low: values.map((own) => Math.min(...own)),
      high: values.map((own) => Math.max(...own)),
    },
    markers: true,
  };
}

/**
 * Accuracy and macro-F1 over the ratio of signal to noise, from none to the loudest, white noise at the left and pink at the
 * right; a line is the mean over a side's runs, its band reaches from the least to the greatest.
 *
 * @throws RangeError where there is no run
 */
export function noiseCurves(sides: readonly NoiseSide[], options: FigureOptions): Figure {
  const [first] = sides.flatMap(({ runs }) => runs);
  if (!first) throw new RangeError("cannot draw what no run hears in noise");
  const ratios = [...new Set(first.noise.map(({ snr }) => snr))].sort((a, b) => b - a);
  const traces: Trace[] = [], layout: Record<string, unknown> = {};
  ROWS.forEach(({ title, without, within }, row) =>
    COLOURS.forEach((colour, column) => {
      const number = 2 * row + column, axis = number === 0 ? "" : String(number + 1);
      const places = [
        without,
        ...ratios.map((ratio) => (run: NoiseRun) =>
          within(run.noise.find((one) => one.color === colour && one.snr === ratio)!)
        ),
      ];
      const lines = sides.map((side, k) => ({
        ...curve(side, places),
        colour: SERIES_COLOURS[k % 11],
      }));
      const { data } = lineChart(lines, { text: title });
      traces.push(...data.map((trace): Trace => {
        const side = sides.find(({ name }) => name === trace.name);
        const runs = side?.runs.map(({ name }) => `experiments/runs/${name}`).join("<br>");
        return {
          ...trace,
          xaxis: `x${axis}`,
          yaxis: `y${axis}`,
          ...(side && {
            showlegend: number === 0,
            hovertemplate: `%{y:.3f} ${side.name}<br>${runs}<extra></extra>`,
          }),
        };
      }));
      const left = column * (0.5 + GAP / 2), bottom = row === 0 ? 0.5 + GAP / 2 : 0;
      layout[`xaxis${axis}`] = {
        ...axisStyle(row === 1 ? `signal to ${colour} noise` : ""),
        domain: [left, left + 0.5 - GAP / 2],
        anchor: `y${axis}`,
        tickvals: [...places.keys()],
        ticktext: ["none", ...ratios.map((ratio) => `${ratio} dB`)],
      };
      layout[`yaxis${axis}`] = {
        ...axisStyle(column === 0 ? title : ""),
        domain: [bottom, bottom + 0.5 - GAP / 2],
        anchor: `x${axis}`,
        // what is read from left to right is read on one scale
        ...(column === 1 && { matches: `y${row === 0 ? "" : "3"}` }),
      };
    })
  );
  return figure(traces, {
    width: 900,
    height: 620,
    ...options,
    layout: {
      ...layout,
      showlegend: true,
      margin: { t: options.title ? 96 : 60 },
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
      ...options.layout,
    },
  });
}
