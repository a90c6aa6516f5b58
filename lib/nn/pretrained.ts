/** Networks that others trained on sounds: ready to listen, or to be trained further. */
import { readJson } from "../core/files.ts";
import { projectPath } from "../core/paths.ts";
import { AUDIOSET_CLASSES } from "../datasets/audioset.ts";
import { type Instrument, INSTRUMENTS } from "../datasets/labels.ts";
import type { LogMelInput } from "../features/log_mel.ts";
import { ast, AST_INPUT, astClassifier } from "./backbones/ast.ts";
import {
  musicnn,
  MUSICNN_EMBEDDING,
  MUSICNN_INPUT,
  musicnnEmbedding,
} from "./backbones/musicnn.ts";
import { yamnet, YAMNET_INPUT } from "./backbones/yamnet.ts";
import type { Backbone, Layer } from "./layer.ts";
import { dense } from "./layers/dense.ts";
import { globalAveragePool } from "./layers/pooling.ts";
import { publishedWeights } from "./published.ts";
import { type NamedArray, readSafetensors } from "./safetensors.ts";

/** A pretrained network in its parts. */
export interface Pretrained {
  input: LogMelInput;
  /** [batch, bands, frames, 1] to a feature map. */
  backbone: Backbone;
  /** The feature map to [batch, dimensions]. */
  embedding: Layer;
  dimensions: number;
  /** The embedding to a logit for each class. */
  classifier: Layer;
  /** Names of the classes that it was trained on. */
  classes: readonly string[];
  /** Classes that say an instrument is there. It does not know the instruments that are left out. */
  instruments: Readonly<Partial<Record<Instrument, readonly string[]>>>;
}

const classesOf = (file: string) => readJson<string[]>(projectPath("data", "pretrained", file));

const NETWORKS = {
  /** YAMNet, trained on AudioSet (Apache-2.0). */
  yamnet(): Pretrained {
    const backbone = yamnet(), dimensions = backbone.features;
    const classes = classesOf("yamnet_classes.json");
    return {
      input: YAMNET_INPUT,
      backbone,
      embedding: globalAveragePool,
      dimensions,
      classifier: dense("classifier", { inputs: dimensions, outputs: classes.length }),
      classes,
      instruments: {
        cel: ["Cello"],
        cla: ["Clarinet"],
        flu: ["Flute"],
        gac: ["Acoustic guitar"],
        gel: ["Electric guitar"],
        org: ["Organ"],
        pia: ["Piano"],
        sax: ["Saxophone"],
        tru: ["Trumpet"],
        vio: ["Violin, fiddle"],
        voi: ["Singing"],
      },
    };
  },

  /** musicnn, trained on MagnaTagATune (ISC). Its one tag "guitar" stands for both guitars. */
  musicnn(): Pretrained {
    const classes = classesOf("musicnn_tags.json"), dimensions = MUSICNN_EMBEDDING;
    return {
      input: MUSICNN_INPUT,
      backbone: musicnn(),
      embedding: musicnnEmbedding(),
      dimensions,
      classifier: dense("classifier", { inputs: dimensions, outputs: classes.length }),
      classes,
      instruments: {
        cel: ["cello"],
        flu: ["flute"],
        gac: ["guitar"],
        gel: ["guitar"],
        pia: ["piano"],
        vio: ["violin"],
        voi: [
          "vocal",
          "vocals",
          "singing",
          "voice",
          "male vocal",
          "female vocal",
          "male voice",
          "female voice",
        ],
      },
    };
  },
} satisfies Record<string, () => Pretrained>;

/** AudioSet's classes: the eleven by their names, the others by their places. */
const AUDIOSET_CLASS_COUNT = 527;

/**
 * The Audio Spectrogram Transformer, trained on AudioSet (BSD-3-Clause): the one whose weights are too large to lie here.
 * It embeds a sound as the mean of its two class tokens.
 */
function audioSpectrogramTransformer(): Pretrained {
  const backbone = ast({ size: "base" }), dimensions = backbone.features;
  const classes = Array.from({ length: AUDIOSET_CLASS_COUNT }, (_, k) => `AudioSet class ${k}`);
  for (const code of INSTRUMENTS) {
    const { index, name } = AUDIOSET_CLASSES[code];
    classes[index] = name;
  }
  return {
    input: AST_INPUT,
    backbone,
    embedding: globalAveragePool,
    dimensions,
    classifier: astClassifier({ channels: dimensions, classes: classes.length }),
    classes,
    instruments: Object.fromEntries(
      INSTRUMENTS.map((code) => [code, [AUDIOSET_CLASSES[code].name]]),
    ),
  };
}

/** The name of a network whose weights lie in data/pretrained. */
export type PretrainedName = keyof typeof NETWORKS;

/** The names. */
export const PRETRAINED_NAMES = Object.keys(NETWORKS) as PretrainedName[];

/** The name of a network that listens. */
export type ListenerName = PretrainedName | "ast";

/** Whether a text is the name of a network whose weights lie in data/pretrained. */
export const isPretrained = (name: string): name is PretrainedName => name in NETWORKS;

/** A network, without its weights. */
export const pretrained = (name: ListenerName): Pretrained =>
  name === "ast" ? audioSpectrogramTransformer() : NETWORKS[name]();

/**
 * The published weights of a network, by parameter name; int8 ones as the numbers that they stand for.
 *
 * @param source of AST's: a file, a folder, or a name on the hub whose weights are here (lib/nn/weights_file.ts). Default:
 *   "ast"
 * @throws Error where their file is missing or damaged
 */
export function pretrainedWeights(
  name: ListenerName,
  { source = "ast" }: { source?: string } = {},
): Map<string, NamedArray> {
  if (name === "ast") {
    const { backbone, classifier } = pretrained(name);
    const parameters = [...backbone.parameters, ...classifier.parameters];
    return publishedWeights(source, { ...backbone, parameters });
  }
  const { tensors } = readSafetensors(projectPath("data", "pretrained", `${name}.safetensors`));
  for (const [key, { data: [scale] }] of tensors) {
    if (!key.endsWith(SCALE)) continue;
    const weight = tensors.get(key.slice(0, -SCALE.length))!;
    weight.data = weight.data.map((value) => value * scale);
    tensors.delete(key);
  }
  return tensors;
}

/** Behind a weight's name: what its integers are multiplied by. */
const SCALE = ".scale";
