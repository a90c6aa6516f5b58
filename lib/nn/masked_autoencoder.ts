/**
 * Masked autoencoding for convolutions (X2): SparK (Tian et al., "Designing BERT for convolutional networks: sparse and
 * hierarchical masked modeling", 2023, arXiv 2301.03580).
 *
 * What is hidden is NaN in the picture, so that nothing can see it by mistake. The encoder computes where something is
 * visible alone, as a sparse convolution does: every other position is set to zero behind each layer.
 */
import type { ConvNext } from "./backbones/convnext.ts";
import { tf } from "./engine/mod.ts";
import { fanInUniform } from "./initializers.ts";
import { type Layer, type Mode, sequence, type Weights } from "./layer.ts";
import { activation } from "./layers/activations.ts";
import { convolution } from "./layers/convolution.ts";
import { dense } from "./layers/dense.ts";
import { layerNorm } from "./layers/layer_norm.ts";

/** What an encoder makes of a stage's resolution. */
export interface StageMap {
  /** [batch, height, width, channels], zero where nothing is visible. */
  features: tf.Tensor;
  /** [batch, height, width, 1]: 1 where anything of the picture below is visible, 0 elsewhere. */
  visible: tf.Tensor;
}

/** Pixels of the picture to one position of a stage. */
const scaleOf = (stage: number) => 4 * 2 ** stage;

/**
 * The backbone's feature maps of a picture with hidden parts, one a stage.
 *
 * @param x [batch, height, width, 1], multiples of 32; NaN where hidden, in whole squares whose side is a multiple of 4
 */
export function encodeVisible(
  { stages }: ConvNext,
  { weights, x, mode }: { weights: Weights; x: tf.Tensor; mode: Mode },
): StageMap[] {
  const hidden = x.isNaN();
  const shown = tf.logicalNot(hidden).cast("float32") as tf.Tensor4D;
  let features: tf.Tensor = tf.where(hidden, tf.zerosLike(x), x);
  return stages.map((layers, stage) => {
    const scale = scaleOf(stage);
    const visible = tf.maxPool(shown, scale, scale, "valid");
    for (const layer of layers) {
      features = layer.apply(weights, features, mode);
      // the norm before a reduction is still at the resolution of the stage before
      const here = features.shape[1] === visible.shape[1];
      features = features.mul(here ? visible : tf.maxPool(shown, scale / 2, scale / 2, "valid"));
    }
    return { features, visible };
  });
}

/** Squares of `factor` x `factor` values, side by side in the channels, put in their places. */
function unfold(x: tf.Tensor, factor: number): tf.Tensor {
  const [, height, width, channels] = x.shape, outputs = channels / factor ** 2;
  return x.reshape([-1, height, width, factor, factor, outputs])
    .transpose([0, 1, 3, 2, 4, 5]) // [batch, height, factor, width, factor, outputs]
    .reshape([-1, height * factor, width * factor, outputs]);
}

/** A stage's map for the decoder: brought to its width, and a learnt vector where nothing is visible. */
function densify(name: string, { inputs, outputs }: { inputs: number; outputs: number }) {
  const project = sequence(
    layerNorm(`${name}.norm`, { channels: inputs }),
    dense(`${name}.projection`, { inputs, outputs }),
  );
  const token = { name: `${name}.hidden`, shape: [outputs], initial: fanInUniform(outputs) };
  return {
    parameters: [...project.parameters, token],
    apply(weights: Weights, { features, visible }: StageMap, mode: Mode): tf.Tensor {
      const seen = project.apply(weights, features, mode).mul(visible);
      return seen.add(weights(token.name).mul(visible.neg().add(1)));
    },
  };
}

/**
 * The network that fills in what is hidden: the backbone, and a light decoder that goes up through its stages, takes each
 * stage's map in (SparK's hierarchy), and gives squares of 4 x 4 pixels. [batch, height, width, 1] to
 * [batch, height x width].
 *
 * @param options.width channels of the decoder at the last stage, halved at each stage on the way up
 */
export function maskedAutoencoder(
  backbone: ConvNext,
  { width = 256 }: { width?: number } = {},
): Layer {
  const { widths } = backbone;
  const decoderWidths = widths.map((_, stage) => width / 2 ** (widths.length - 1 - stage));
  const bridges = widths.map((inputs, stage) =>
    densify(`head.stages.${stage}`, { inputs, outputs: decoderWidths[stage] })
  );
  // from each stage to the one below it: a transposed convolution of size and stride 2, as a product
  const rises = decoderWidths.slice(0, -1).map((channels, stage) =>
    dense(`head.rises.${stage}`, { inputs: decoderWidths[stage + 1], outputs: 4 * channels })
  );
  const mixers = decoderWidths.slice(0, -1).map((channels, stage) =>
    sequence(
      convolution(`head.mixers.${stage}.convolution`, {
        inputs: channels,
        outputs: channels,
        size: 3,
      }),
      layerNorm(`head.mixers.${stage}.norm`, { channels }),
      activation("gelu"),
    )
  );
  const pixels = dense("head.pixels", { inputs: decoderWidths[0], outputs: 16 });
  return {
    parameters: [backbone, ...bridges, ...rises, ...mixers, pixels].flatMap((part) =>
      part.parameters
    ),
    apply(weights, x, mode) {
      const [, height, frames] = x.shape;
      if (height % 32 !== 0 || frames % 32 !== 0) {
        throw new RangeError(
          `a masked picture has multiples of 32 values a side, not ${height} x ${frames}`,
        );
      }
      const maps = encodeVisible(backbone, { weights, x, mode });
      let y = bridges.at(-1)!.apply(weights, maps.at(-1)!, mode);
      for (let stage = rises.length - 1; stage >= 0; stage--) {
        const risen = unfold(rises[stage].apply(weights, y, mode), 2);
        const known = bridges[stage].apply(weights, maps[stage], mode);
        y = mixers[stage].apply(weights, risen.add(known), mode);
      }
      return unfold(pixels.apply(weights, y, mode), 4).reshape([-1, height * frames]);
    },
  };
}
