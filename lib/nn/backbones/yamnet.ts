/**
 * YAMNet (Plakal and Ellis, 2019, github.com/tensorflow/models, research/audioset/yamnet): MobileNet v1 (Howard et
 * al., 2017, arXiv 1704.04861) on log-mel spectrograms, trained on AudioSet's 521 classes.
 *
 * Parameter names are the original's. Tensors are [batch, mel bands, frames, channels]; the original has bands and
 * frames the other way round, and so have its filters.
 */
import type { FrontEnd } from "../../features/front_end.ts";
import type { LogMelInput } from "../../features/log_mel.ts";
import { type Backbone, sequence } from "../layer.ts";
import { relu } from "../layers/activations.ts";
import { batchNorm } from "../layers/batch_norm.ts";
import { convolution, depthwiseConvolution } from "../layers/convolution.ts";
import { approximateLogMel } from "../layers/mel_approximation.ts";

/** Its input: 25 ms windows every 10 ms, 64 bands from 125 to 7500 Hz; patches of 0.96 s, every 0.48 s. */
export const YAMNET_INPUT: LogMelInput = {
  sampleRate: 16000,
  nFft: 512,
  winLength: 400,
  hopLength: 160,
  center: false,
  nMels: 64,
  fMin: 125,
  fMax: 7500,
  melScale: "htk",
  of: "magnitude",
  logarithm: { base: "e", gain: 1, offset: 0.001 },
  patchFrames: 96,
  patchHop: 48,
  completion: "silence",
};

/** The largest logarithm in loud recordings. */
const LOUD = 4;

/** Stride of the depthwise convolution and outputs of the pointwise one, layers 2 to 14. */
const SEPARABLE: readonly [stride: number, outputs: number][] = [
  [1, 64],
  [2, 128],
  [1, 128],
  [2, 256],
  [1, 256],
  [2, 512],
  ...Array.from({ length: 5 }, () => [1, 512] as [number, number]),
  [2, 1024],
  [1, 1024],
];

/**
 * The original's epsilon. Its momentum (0.01) is for hundreds of thousands of steps: in runs of some hundred the running
 * statistics would stay behind the weights. The original's norms have no gain.
 */
const BATCH_NORM = { momentum: 0.1, epsilon: 1e-4 };

/**
 * The feature extractor: [batch, bands, frames, 1] to [batch, bands / 32, frames / 32, 1024], sizes rounded up.
 *
 * @param options.norm "folded": batch norms are part of the convolutions before them, as in the weights that there
 *   are; "batch": they are layers, to train from scratch. Default: "folded"
 * @param options.heard front end of spectrograms from which the network's own input is approximated. Left out: it gets
 *   its own
 */
export function yamnet(
  { norm = "folded", heard }: { norm?: "folded" | "batch"; heard?: FrontEnd } = {},
): Backbone {
  const behind = (name: string, channels: number) =>
    norm === "folded" ? "bias" : batchNorm(`${name}.bn`, { channels, ...BATCH_NORM });
  let inputs = 32;
  const layers = [
    convolution("layer1.conv", {
      inputs: 1,
      outputs: inputs,
      size: 3,
      stride: 2,
      behind: behind("layer1.conv", inputs),
    }),
    relu,
  ];
  SEPARABLE.forEach(([stride, outputs], k) => {
    const depthwise = `layer${k + 2}.depthwise_conv`, pointwise = `layer${k + 2}.pointwise_conv`;
    layers.push(
      depthwiseConvolution(depthwise, {
        channels: inputs,
        size: 3,
        stride,
        behind: behind(depthwise, inputs),
      }),
      relu,
      convolution(pointwise, { inputs, outputs, size: 1, behind: behind(pointwise, outputs) }),
      relu,
    );
    inputs = outputs;
  });
  const input = heard ? [approximateLogMel(heard, YAMNET_INPUT, { peak: LOUD })] : [];
  return { features: inputs, ...sequence(...input, ...layers) };
}
