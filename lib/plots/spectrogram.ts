/** Pictures of sound: the waveform, the mel spectrogram, the filter bank. */
import { hzToMel, type MelBand, type Spectrogram } from "../dsp/mel.ts";
import { heatmapOf } from "./charts.ts";
import { type Figure, figure, type FigureOptions, plain } from "./figure.ts";
import { packedBytes } from "./packing.ts";
import { MAGMA_SCALE, MUTED, SERIES_COLOURS } from "./style.ts";

/** Options of {@link waveform}. */
export interface WaveformOptions extends FigureOptions {
  /** Hz. */
  sampleRate: number;
  /** Columns of the picture; each shows the least and the greatest sample in it. Default 1200. */
  columns?: number;
}

/** A sound's samples over time. @param y samples in -1..1, mono */
export function waveform(
  y: ArrayLike<number>,
  { sampleRate, columns = 1200, ...options }: WaveformOptions,
): Figure {
  const count = Math.min(columns, y.length), x: number[] = [], values: number[] = [];
  for (let column = 0; column < count; column++) {
    const from = Math.floor(column * y.length / count);
    const to = Math.floor((column + 1) * y.length / count);
    let low = y[from], high = y[from];
    for (let k = from + 1; k < to; k++) {
      low = Math.min(low, y[k]);
      high = Math.max(high, y[k]);
    }
    const time = from / sampleRate;
    x.push(time, time);
    values.push(high, low);
  }
  return figure([{
    type: "scatter",
    mode: "lines",
    x: plain(x),
    y: plain(values, 3),
    line: { color: SERIES_COLOURS[0], width: 1 },
    hoverinfo: "skip",
  }], { xTitle: "time in s", yTitle: "amplitude", height: 260, ...options });
}

/** Options of {@link melSpectrogram}. */
export interface MelSpectrogramOptions extends FigureOptions {
  /** Hz. */
  sampleRate: number;
  /** Samples from one frame to the next. */
  hopLength: number;
  /** Hz; default 0. */
  fMin?: number;
  /** Hz; default half the sample rate. */
  fMax?: number;
  /** What the values are: levels in dB, or power, which is drawn in % of the largest. */
  unit: "dB" | "power";
}

/** A mel spectrogram over seconds, its bands marked with their frequencies in Hz. */
export function melSpectrogram(
  { data, nMels, frames }: Spectrogram,
  options: MelSpectrogramOptions,
): Figure {
  const { sampleRate, hopLength, fMin = 0, fMax = sampleRate / 2, unit, ...rest } = options;
  const largest = data.reduce((most, v) => Math.max(most, v), 0);
  const values = unit === "dB" ? data : data.map((v) => 100 * v / (largest || 1));
  const ticks = [125, 250, 500, 1000, 2000, 4000, 8000, 16000].filter((f) => f > fMin && f <= fMax);
  const low = hzToMel(fMin), high = hzToMel(fMax);
  // band k has its peak at step k + 1 of nMels + 1 between fMin and fMax
  const bandOf = (hz: number) => (hzToMel(hz) - low) / (high - low) * (nMels + 1) - 1;
  const shown = unit === "dB" ? "dB" : "% of the maximum";
  const picture = heatmapOf(packedBytes(values, [nMels, frames]), {
    x: plain(Array.from({ length: frames }, (_, k) => k * hopLength / sampleRate), 5) as number[],
    xTitle: "time in s",
    yTitle: `frequency in Hz (${nMels} mel bands)`,
    height: 360,
    ...rest,
    // after what was given: callers spread a front end into the options, which has a scale of its own
    scale: MAGMA_SCALE,
    colourTitle: shown,
    upward: true,
    layout: {
      yaxis: {
        tickvals: ticks.map((f) => Number(bandOf(f).toFixed(2))),
        ticktext: ticks.map(String),
        showgrid: false,
        range: [-0.5, nMels - 0.5],
        autorange: false,
      },
      ...rest.layout,
    },
  });
  picture.data[0].hovertemplate = `%{x} s, band %{y}: %{z} ${shown}<extra></extra>`;
  return picture;
}

/** Options of {@link filterBank}. */
export interface FilterBankOptions extends FigureOptions {
  /** Every so many bands are drawn in colour, the others lightly. Default 16. */
  every?: number;
}

/** The triangles of a mel filter bank over frequency. */
export function filterBank(
  bank: readonly MelBand[],
  { every = 16, ...options }: FilterBankOptions,
): Figure {
  const triangle = ({ edges: [from, peak, to] }: MelBand) => ({
    x: [from, peak, to],
    y: [0, 2 / (to - from), 0],
  });
  const light: { x: (number | null)[]; y: (number | null)[] } = { x: [], y: [] };
  for (const { x, y } of bank.map(triangle)) {
    light.x.push(...plain(x), null);
    light.y.push(...plain(y, 4), null);
  }
  const chosen = bank.map((band, k) => ({ band, k })).filter(({ k }) => k % every === every - 1);
  return figure([
    {
      type: "scatter",
      mode: "lines",
      ...light,
      line: { color: MUTED, width: 0.6 },
      opacity: 0.6,
      hoverinfo: "skip",
    },
    ...chosen.map(({ band, k }, index) => {
      const { x, y } = triangle(band);
      return {
        type: "scatter",
        mode: "lines",
        name: `band ${k + 1}`,
        x: plain(x),
        y: plain(y, 4),
        fill: "tozeroy",
        line: { color: SERIES_COLOURS[index % 11], width: 2 },
      };
    }),
  ], {
    xTitle: "frequency in Hz",
    yTitle: "weight per Hz",
    ...options,
    layout: { showlegend: false, ...options.layout },
  });
}
