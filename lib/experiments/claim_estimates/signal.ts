/** What follows from arithmetic and from the signal processing itself. */
import { peakNormalize } from "../../audio/normalize.ts";
import { hzToHtkMel, hzToMel, melBank } from "../../dsp/mel.ts";
import { scalogramFilters } from "../../dsp/scalogram.ts";
import { countOutcomes, hammingScore } from "../../evaluation/metrics.ts";
import { DEFAULT_FRONT_END } from "../../features/front_end.ts";
import { chunkCount } from "../../features/chunks.ts";
import { positiveWeights } from "../../nn/losses/positive_weights.ts";
import type { Estimates } from "./estimate.ts";

const bank = () => melBank(DEFAULT_FRONT_END).map(({ edges: [low, , high] }) => ({ low, high }));

/** Octaves under so many neighbouring bands, from the lowest with a lower edge above 0 Hz, or to the highest. */
function octaves(
  bands: { low: number; high: number }[],
  count: number,
): [low: number, high: number] {
  const usable = bands.filter(({ low }) => low > 0);
  const of = (part: typeof bands) => Math.log2(part.at(-1)!.high / part[0].low);
  return [of(usable.slice(0, count)), of(usable.slice(-count))];
}

/** The share of the power of noise with a spectrum of 1 / f^slope, 20 to 8,000 Hz, above a frequency. */
function powerAbove(hz: number, slope: 1 | 2): number {
  const integral = (from: number, to: number) =>
    slope === 1 ? Math.log(to / from) : 1 / from - 1 / to;
  return integral(hz, 8000) / integral(20, 8000);
}

/** The parameters of timm's networks, which a test of this project counts in ours. */
const PARAMETERS = {
  mobileNet: 5_483_032,
  mobileNetFeatures: 2_971_952,
  convNextSmall: 50_223_688,
  ast: 86_200_000,
};

/** MobileNetV3-L's classifier for one output: 960 to 1,280 to 1, with biases. */
const SINGLE_OUTPUT = 960 * 1280 + 1280 + 1280 + 1;

export const signalEstimates: Estimates = {
  "positive weight: the document's example": () => ({
    value: positiveWeights(
      [
        ...Array(200).fill([1, 0, 0]),
        ...Array(50).fill([1, 1, 0]),
        ...Array(100).fill([0, 1, 0]),
        ...Array(300).fill([0, 0, 1]),
      ].flat(),
      { instruments: 3 },
    )[0],
  }),
  "a filter of 0.2 s at 16 kHz": () => ({ value: 0.2 * 16000 }),
  "black part of 3 s on a canvas of 20 s": () => ({ value: 1 - 3 / 20 }),
  "chunks of 10 s": () => ({
    value: chunkCount(
      1 + 10 * DEFAULT_FRONT_END.sampleRate / DEFAULT_FRONT_END.hopLength,
      DEFAULT_FRONT_END,
    ),
  }),
  "seconds in 224 frames": () => ({
    value: 224 * 160 / 16000,
    note: "the original cuts pieces as wide as its picture: 224 frames of 10 ms, or 384, 3.84 s",
  }),
  "steps of 3 s at a hop of 512": () => ({
    value: 1 + Math.floor(3 * 16000 / 512),
    note: "at the 16 kHz of the document; 130 are right at 22,050 Hz, its library's default",
  }),
  "fewest chunks by the document's own seconds": () => ({
    value: Math.round(48531 / 3),
    note: "48,531 s, the document's, in pieces of 3 s, at least; against 6,705 training clips",
  }),
  "peak normalisation: half the range": () => {
    const [low, , high] = peakNormalize(Float32Array.of(-0.5, 0, 0.25));
    return {
      value: (high - low) / 2,
      note:
        "half the range of -0.5, 0, 0.25 after division by the peak; min-max scaling to -1..1 would give 1",
    };
  },
  "mel: width of the highest by the lowest band": () => {
    const bands = bank(), width = ({ low, high }: typeof bands[number]) => high - low;
    return { value: width(bands.at(-1)!) / width(bands[0]) };
  },
  "mel: width at 900 Hz by the lowest band": () => {
    const bands = bank(), width = ({ low, high }: typeof bands[number]) => high - low;
    return {
      value: width(bands.findLast(({ high }) => high < 900)!) / width(bands[0]),
      note: "the scale that librosa and the original use is linear below 1 kHz",
    };
  },
  "mel: 1,000 Hz": () => ({
    value: hzToMel(1000),
    note: "on Slaney's scale, which librosa and the original use; on HTK's it is 1,000",
  }),
  "mel as defined: 1,000 Hz": () => ({ value: hzToHtkMel(1000) }),
  "mel: 200 to 300 Hz by 5,200 to 5,300 Hz": () => ({
    value: (hzToMel(300) - hzToMel(200)) / (hzToMel(5300) - hzToMel(5200)),
  }),
  "wavelets: duration of the lowest by the highest": () => {
    const filters = scalogramFilters({ sampleRate: DEFAULT_FRONT_END.sampleRate });
    return {
      value: filters[0].deviation / filters.at(-1)!.deviation,
      note: "a Gaussian's bandwidth is the inverse of its duration: no window is narrower in both",
    };
  },
  "octaves under 30 low by 30 high mel bands": () => {
    const [low, high] = octaves(bank(), 30);
    const bin = DEFAULT_FRONT_END.sampleRate / DEFAULT_FRONT_END.nFft;
    const linear = octaves(
      Array.from(
        { length: DEFAULT_FRONT_END.nFft / 2 },
        (_, k) => ({ low: k * bin, high: (k + 1) * bin }),
      ),
      30,
    );
    return {
      value: low / high,
      note: `${low.toFixed(1)} octaves at the bottom, ${
        high.toFixed(1)
      } at the top; in a linear spectrogram ${
        linear.map((octaves) => octaves.toFixed(1)).join(" and ")
      }`,
    };
  },
  "pink noise above 1 kHz": () => ({
    value: powerAbove(1000, 1),
    note: "share of its power between 20 Hz and 8 kHz: every octave has the same",
  }),
  "brown noise above 1 kHz": () => ({ value: powerAbove(1000, 2) }),
  "brown less pink noise above 1 kHz": () => ({
    value: powerAbove(1000, 2) - powerAbove(1000, 1),
  }),
  "Hamming loss of perfect decisions": () => ({
    value: 1 - hammingScore(countOutcomes(Uint8Array.of(1, 0), Uint8Array.of(1, 0), { labels: 2 })),
  }),
  "MobileNetV3-L, million parameters": () => ({ value: PARAMETERS.mobileNet / 1e6 }),
  "ConvNeXt-S, million parameters": () => ({ value: PARAMETERS.convNextSmall / 1e6 }),
  "MobNet less ConvNeXt-S, million parameters": () => ({
    value: (11 * (PARAMETERS.mobileNetFeatures + SINGLE_OUTPUT) - PARAMETERS.convNextSmall) / 1e6,
    note: "eleven networks of one output each have 46.2 million, not 11 x 5.4 = 59.4",
  }),
  "AST less ConvNeXt-S, million parameters": () => ({
    value: (PARAMETERS.ast - PARAMETERS.convNextSmall) / 1e6,
  }),
  "Fluffy: more parameters of ConvNeXt-S, share": () => ({
    value: 10 * (768 + 1) / PARAMETERS.convNextSmall,
    note: "linear heads on 768 features",
  }),
  "Fluffy with attention: more parameters of ConvNeXt-S, share": () => ({
    value: 10 * (768 ** 2 + 768 + 768 + 1) / PARAMETERS.convNextSmall,
    note: "heads with attention have a matrix of 768 x 768 each",
  }),
};
