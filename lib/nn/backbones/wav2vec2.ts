/**
 * The convolutions of wav2vec 2.0 (Baevski et al., 2020, arXiv 2006.11477), as in its "base" model: what its transformer
 * sees of a waveform, one vector every 20 ms (M23).
 *
 * Parameter names are those of transformers and torchaudio. Tensors are [batch, 1, samples, channels].
 */
import { fanInNormal } from "../initializers.ts";
import { type Backbone, sequence } from "../layer.ts";
import { activation } from "../layers/activations.ts";
import { convolution } from "../layers/convolution.ts";
import { instanceNorm } from "../layers/layer_norm.ts";

/** Channels by size: what is published, and our own, which needs a sixtieth of the time. */
export const WAV2VEC2_SIZES = { base: 512, narrow: 64 } as const;

/** A size's name. */
export type Wav2Vec2Size = keyof typeof WAV2VEC2_SIZES;

/** Samples that a layer looks at, and from one window to the next. */
const WINDOWS: readonly [size: number, stride: number][] = [
  [10, 5],
  [3, 2],
  [3, 2],
  [3, 2],
  [3, 2],
  [2, 2],
  [2, 2],
];

/** Samples that the last layer's first value depends on. */
const LEAST = WINDOWS.reduceRight((length, [size, stride]) => (length - 1) * stride + size, 1);

/**
 * The feature extractor: [batch, 1, samples, 1] to [batch, 1, about samples / 320, channels]; 16 kHz. The first layer's
 * norm takes every channel of a clip to mean 0 and variance 1, so the level of a sound does not matter.
 *
 * @throws RangeError for fewer than 400 samples, or for an input that is no waveform
 */
export function wav2vec2({ size }: { size: Wav2Vec2Size | number }): Backbone {
  const channels = typeof size === "number" ? size : WAV2VEC2_SIZES[size];
  const body = sequence(...WINDOWS.flatMap(([length, stride], k) => {
    const name = `feature_extractor.conv_layers.${k}`;
    return [
      convolution(`${name}.conv`, {
        inputs: k === 0 ? 1 : channels,
        outputs: channels,
        size: [1, length],
        stride: [1, stride],
        padding: "valid",
        behind: "nothing",
        initial: fanInNormal,
      }),
      ...k === 0 ? [instanceNorm(`${name}.layer_norm`, { channels, epsilon: 1e-5 })] : [],
      activation("gelu"),
    ];
  }));
  const parts = new Set(body.parameters.map(({ name }) => name.slice(0, name.lastIndexOf("."))));
  return {
    features: channels,
    parameters: body.parameters,
    // "facebook/wav2vec2-base" and others hold the whole model under a name of its own
    torchvisionNames: new Map([...parts].map((part) => [part, `wav2vec2.${part}`])),
    apply(weights, x, mode) {
      const [, height, samples] = x.shape;
      if (height !== 1 || samples! < LEAST) {
        throw new RangeError(
          `wav2vec 2.0 needs a waveform, 1 x at least ${LEAST} samples, not ${height} x ${samples}`,
        );
      }
      return body.apply(weights, x, mode);
    },
  };
}
