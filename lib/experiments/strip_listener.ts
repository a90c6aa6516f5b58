/** How networks hear strips of clips (../datasets/strips.ts): as a whole, squeezed, and clip by clip. */
import { mean } from "../core/statistics.ts";
import { type IrmasMels, MEL_BANDS, MEL_FRAMES } from "../datasets/irmas_mels.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";
import { networkInputs } from "../datasets/mixtures.ts";
import { renderStrips, type Strips } from "../datasets/strips.ts";
import { attentiveHeads } from "../inference/inner_view.ts";
import { compile, tf } from "../nn/engine/mod.ts";
import { INFERENCE } from "../nn/layer.ts";
import type { RunConfig } from "../train/config.ts";
import { buildNetwork } from "../train/model.ts";
import { loadWeights, weightsOf } from "../train/parameters.ts";
import type { RunFolder } from "./run_folder.ts";

const LABELS = INSTRUMENTS.length;

/** What a network says of strips. */
export interface StripScores {
  /** Logits, `[count, 11]`. */
  logits: Float32Array;
  /** For each instrument's head, with a sum of 1 over time, `[count, 11, steps]`. */
  attention?: { data: Float32Array; steps: number };
}

/** A network that hears strips of any number of clips, or strips that are squeezed to one clip's width. */
export type StripListener = (
  input: Float32Array,
  shape: { count: number; clips: number; squeezed?: boolean },
) => Promise<StripScores>;

/** A network that draws its columns out draws those of a longer spectrogram out as far, unless it is to be squeezed. */
function forStrips(
  model: RunConfig["model"],
  { clips, squeezed }: { clips: number; squeezed: boolean },
): RunConfig["model"] {
  if (squeezed) return { ...model, width: model.width ?? MEL_FRAMES };
  return model.width ? { ...model, width: model.width * clips } : model;
}

/** A finished run as a listener. @throws Error where its weights are not here */
export function stripListener(run: RunFolder): StripListener {
  const { config } = run.readRecord(), weights = weightsOf(loadWeights(run.weights));
  const forLength = (strips: { clips: number; squeezed: boolean }) => {
    const network = buildNetwork(forStrips(config.model, strips));
    const heads = attentiveHeads(network.head);
    return compile((x: tf.Tensor) => {
      if (!heads) return [network.apply(weights, x, INFERENCE)];
      const map = network.backbone.apply(weights, x, INFERENCE);
      const heard = [...heads.values()].map((head) => head.attend(weights, map));
      return [
        tf.concat(heard.map(({ logits }) => logits), -1),
        tf.concat(heard.map(({ attention }) => attention.expandDims(1)), 1),
      ];
    }, { name: "strips" });
  };
  const compiled = new Map<string, ReturnType<typeof forLength>>();
  return async (input, { count, clips, squeezed = false }) => {
    const key = `${clips} ${squeezed}`;
    if (!compiled.has(key)) compiled.set(key, forLength({ clips, squeezed }));
    const x = tf.tensor4d(input, [count, MEL_BANDS, MEL_FRAMES * clips, 1]);
    const outputs = await compiled.get(key)!.inBackground(x);
    const [logits, attention] = await Promise.all(outputs.map((y) => y.data()));
    const steps = outputs[1]?.shape[2];
    tf.dispose([x, ...outputs]);
    return {
      logits: logits as Float32Array,
      ...steps && { attention: { data: attention as Float32Array, steps } },
    };
  };
}

/**
 * How a strip is heard: as one, as one that is squeezed to a clip's width, or clip by clip, whose scores' mean or maximum it has.
 */
export type Hearing = "whole" | "squeezed" | "mean" | "maximum";

/** What a listener says of every strip, and where it looked. */
export interface Heard {
  /** Logits, `[count, 11]`. */
  scores: Partial<Record<Hearing, Float32Array>>;
  /** Attention to the clip that enters, of each instrument's head, `[count, 11]`. */
  looks?: Float64Array;
}

/** Strips in one call of a network, by their length: as much spectrogram as 64 clips have. */
const stripsInBatch = (clips: number) => Math.max(1, Math.floor(64 / clips));

/** What a listener says of single clips, by their numbers in the pack. */
export async function hearAlone(
  listen: StripListener,
  { mels, indices, onProgress }: {
    mels: IrmasMels;
    indices: ArrayLike<number>;
    onProgress: (clips: number) => void;
  },
): Promise<Map<number, Float32Array>> {
  const scores = new Map<number, Float32Array>(), batch = stripsInBatch(1);
  for (let start = 0; start < indices.length; start += batch) {
    const own = Array.from(indices).slice(start, start + batch), count = own.length;
    const { logits } = await listen(networkInputs(mels, own), { count, clips: 1 });
    own.forEach((clip, k) => scores.set(clip, logits.slice(k * LABELS, (k + 1) * LABELS)));
    onProgress(count);
  }
  return scores;
}

/** Asks a listener for every strip. */
export async function hear(
  listen: StripListener,
  { mels, strips, alone, squeezes, onProgress }: {
    mels: IrmasMels;
    strips: Strips;
    /** Logits of single clips, by their numbers in the pack. */
    alone: ReadonlyMap<number, Float32Array>;
    squeezes: boolean;
    onProgress: (strips: number) => void;
  },
): Promise<Heard> {
  const { clips, count, members } = strips, batch = stripsInBatch(clips);
  const whole = new Float32Array(count * LABELS);
  const squeezed = squeezes ? new Float32Array(count * LABELS) : undefined;
  let looks: Float64Array | undefined;
  for (let start = 0; start < count; start += batch) {
    const rows = Math.min(batch, count - start), shape = { count: rows, clips };
    const input = renderStrips(mels, strips, { start, count: rows });
    const { logits, attention } = await listen(input, shape);
    whole.set(logits, start * LABELS);
    if (squeezed) {
      squeezed.set((await listen(input, { ...shape, squeezed: true })).logits, start * LABELS);
    }
    if (attention) {
      looks ??= new Float64Array(count * LABELS);
      const { data, steps } = attention;
      for (let k = 0; k < rows * LABELS; k++) {
        looks[start * LABELS + k] = densityAt(data.subarray(k * steps, (k + 1) * steps), {
          clips,
          place: strips.places[start + Math.floor(k / LABELS)],
        });
      }
    }
    onProgress(rows);
  }
  const pieces = (join: (scores: number[]) => number) =>
    Float32Array.from({ length: count * LABELS }, (_, k) => {
      const strip = Math.floor(k / LABELS);
      const own = members.subarray(strip * clips, (strip + 1) * clips);
      return join(Array.from(own, (clip) => alone.get(clip)![k % LABELS]));
    });
  return {
    scores: {
      whole,
      ...squeezed && { squeezed },
      mean: pieces(mean),
      maximum: pieces((scores) => Math.max(...scores)),
    },
    ...looks && { looks },
  };
}

/**
 * Attention to one clip of a strip by its share of the time: 1 where all moments are looked at alike, `clips` where no other
 * is. A step that two clips share counts for each by the time that it lies in.
 *
 * @param attention at each step of the strip, with sum 1
 */
export function densityAt(
  attention: ArrayLike<number>,
  { clips, place }: { clips: number; place: number },
): number {
  const steps = attention.length, inClip = steps / clips;
  const from = place * inClip, to = from + inClip;
  let sum = 0;
  for (let step = Math.floor(from); step < Math.min(steps, to); step++) {
    const covered = Math.min(step + 1, to) - Math.max(step, from);
    sum += attention[step] * Math.max(0, covered);
  }
  return sum * clips;
}
