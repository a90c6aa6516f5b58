/** A network's configuration: backbone, size, weights and head, as plain data. */
import { z } from "zod";
import { INPUT_KINDS } from "../features/inputs.ts";
import { AST_SIZES } from "../nn/backbones/ast.ts";
import { CONVNEXT_SIZES } from "../nn/backbones/convnext.ts";
import { EFFICIENTNET_V2_SIZES, EFFICIENTNET_V2_STYLES } from "../nn/backbones/efficientnet_v2.ts";
import { MOBILENET_V3_SIZES, MOBILENET_V3_STYLES } from "../nn/backbones/mobilenet_v3.ts";
import { RESNEXT_SIZES } from "../nn/backbones/resnext.ts";
import { WAV2VEC2_SIZES } from "../nn/backbones/wav2vec2.ts";
import { POWER_SCALES } from "../nn/layers/power_scale.ts";
import { PRETRAINED_NAMES } from "../nn/pretrained.ts";

const count = z.int().positive(), share = z.number().min(0).max(1);
/** One of a table's names. */
const nameIn = <T extends object>(table: T) => z.enum(Object.keys(table) as (keyof T & string)[]);

/** Fields that say what is done to a picture before the backbone sees it; each is described below. */
export const PREPARATIONS = ["height", "width", "canvas", "complete", "shrink", "scale"] as const;

/** Those that a configuration has. */
export const preparationsOf = (
  model: Partial<Record<typeof PREPARATIONS[number], unknown>>,
): [field: typeof PREPARATIONS[number], value: unknown][] =>
  PREPARATIONS.flatMap((field) =>
    model[field] === undefined ? [] : [[field, model[field]] as [typeof field, unknown]]
  );

const head = {
  /** What turns features into logits; the last two are Fluffy's, a head for each instrument. */
  head: z.enum(["pooled", "deep", "attention", "fluffy-deep", "fluffy-attention"]),
  /** Widths of a DeepHead's hidden layers. */
  hidden: z.array(count),
  /** Dropout before the pooled head's linear layer. */
  dropRate: share,
  /**
   * Rows that a spectrogram's bands are stretched to before the network sees them, each the nearest band: networks that
   * learnt from photographs have learnt from pictures of a size. Left out: the bands as they are.
   */
  height: count.optional(),
  /** Columns that a spectrogram's frames are stretched to, likewise. Left out: the frames as they are. */
  width: count.optional(),
  /** Frames of the canvas on whose left a spectrogram stands, the rest as quiet as its quietest cell. Left out: none. */
  canvas: count.optional(),
  /**
   * Columns are completed to a multiple of so many by repeating the first ones. ConvNeXt divides columns by 4 and three times by
   * 2 and drops what is left over each time: of a clip's 94 it sees 64, of `screen`'s 47 it sees 32. Left out: none are added.
   */
  complete: count.optional(),
  /** A spectrogram's cells are averaged so many by so many: a quick look at a small picture. Left out: 1. */
  shrink: count.optional(),
  /** Power, or its cube root, into which decibels are turned before all that (E23). Left out: decibels. */
  scale: nameIn(POWER_SCALES).optional(),
};

/** Of the networks whose weights timm, torchvision and transformers publish. */
const published = {
  /** A file or folder of weights to begin with, or their name on the hub (lib/nn/weights_file.ts); left out: random ones. */
  weights: z.string().min(1).optional(),
  ...head,
};

/** Of those that may see several inputs. */
const seeing = {
  /**
   * What it sees of a sound: as channels of one picture, or each with a network of its own, whose features are joined.
   * Left out: the mel spectrogram alone.
   */
  inputs: z.strictObject({
    of: z.array(z.enum(INPUT_KINDS)).min(1)
      .refine((kinds) => new Set(kinds).size === kinds.length, { error: "names an input twice" }),
    join: z.enum(["channels", "stems"]),
  }).optional(),
  ...published,
};

/** A network: its backbone and its head. */
export const MODEL = z.discriminatedUnion("backbone", [
  z.strictObject({
    backbone: z.literal("convnext"),
    size: nameIn(CONVNEXT_SIZES),
    layerScale: z.number(),
    stochasticDepthRate: share,
    ...seeing,
  }),
  z.strictObject({
    backbone: z.enum(PRETRAINED_NAMES),
    /** Whether it begins with its published weights (lib/nn/pretrained.ts), or with random ones. */
    pretrained: z.boolean(),
    /** Spectrograms from which YAMNet's own input is approximated; left out: the front end gives its own. */
    heard: z.literal("irmas-mels").optional(),
    ...head,
  }),
  z.strictObject({
    backbone: z.literal("mobilenet-v3"),
    size: nameIn(MOBILENET_V3_SIZES),
    /** Whose weights, and so whose padding and batch norms; left out: timm's. */
    style: nameIn(MOBILENET_V3_STYLES).optional(),
    ...seeing,
  }),
  z.strictObject({
    /** A MobileNetV3 for each instrument, and the head of each on its own one. */
    backbone: z.literal("mobnet"),
    size: nameIn(MOBILENET_V3_SIZES),
    style: nameIn(MOBILENET_V3_STYLES).optional(),
    ...published,
    head: z.enum(["fluffy-deep", "fluffy-attention"]),
  }),
  z.strictObject({ backbone: z.literal("resnext"), size: nameIn(RESNEXT_SIZES), ...seeing }),
  z.strictObject({ backbone: z.literal("ast"), size: nameIn(AST_SIZES), ...published }),
  z.strictObject({
    backbone: z.literal("efficientnet-v2"),
    size: nameIn(EFFICIENTNET_V2_SIZES),
    /** As above; left out: TensorFlow's, as timm has them. */
    style: nameIn(EFFICIENTNET_V2_STYLES).optional(),
    stochasticDepthRate: share,
    ...seeing,
  }),
  z.strictObject({
    backbone: z.literal("lstm"),
    /** Mel bands of the input, numbers in an LSTM's state, LSTMs one on the other. */
    bands: count,
    units: count,
    layers: count,
    ...head,
  }),
  z.strictObject({ backbone: z.enum(["conv-lstm", "good-boy"]), ...head }),
  z.strictObject({ backbone: z.literal("wav2vec2"), size: nameIn(WAV2VEC2_SIZES), ...published }),
]);
