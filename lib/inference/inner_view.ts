/** What a trained network looks at: moments by its heads' attention, places in the spectrogram by Grad-CAM. */
import type { Sound } from "../audio/sound.ts";
import { type Instrument, INSTRUMENTS } from "../datasets/labels.ts";
import type { RunFolder } from "../experiments/run_folder.ts";
import { networkInput } from "../features/bytes.ts";
import { tf } from "../nn/engine/mod.ts";
import { gradCam } from "../nn/grad_cam.ts";
import type { AttentionHead } from "../nn/heads/attention.ts";
import { INFERENCE, type Layer } from "../nn/layer.ts";
import { buildNetwork } from "../train/model.ts";
import { loadWeights, weightsOf } from "../train/parameters.ts";
import { piecesOf } from "./pieces.ts";

/** Attention over the time of a sound. */
export interface AttentionTimeline {
  /** Seconds from one step to the next. */
  stepSeconds: number;
  /** Steps in each piece of the sound; those after the sound's end are left out of the last one. */
  stepsInPiece: number;
  /** Attention at each step times the steps in a piece: 1 where a head looks at all of the piece alike. */
  attention: Record<Instrument, number[]>;
  /** Each piece's probability. */
  scores: Record<Instrument, number[]>;
}

/** Where in each piece of a sound a network sees an instrument. */
export interface SoundMap {
  /** Maps, `[count, rows, columns]`, low frequencies first, each from 0 to 1 (or 0 all over). */
  values: Float32Array;
  count: number;
  rows: number;
  columns: number;
}

/** A network that tells what it looks at. */
export interface InnerView {
  /** @throws Error where the run's heads have no attention */
  attention(sound: Sound): AttentionTimeline;
  /** Grad-CAM over the last feature map of the backbone (lib/nn/grad_cam.ts). */
  gradCam(sound: Sound, instrument: Instrument): SoundMap;
  /**
   * An instrument's logit in each piece after places of a map fell silent.
   *
   * @param map what says which places, by 1 and 0, in the form of {@link InnerView.gradCam}'s
   */
  logitsWithout(sound: Sound, instrument: Instrument, map: SoundMap): number[];
}

const byInstrument = <T>(of: (code: Instrument) => T) =>
  Object.fromEntries(INSTRUMENTS.map((code) => [code, of(code)])) as Record<Instrument, T>;

/** A head for each instrument that knows where it looks; undefined for other heads. */
export function attentiveHeads(head: Layer): ReadonlyMap<string, AttentionHead> | undefined {
  const { heads } = head as { heads?: ReadonlyMap<string, AttentionHead | Layer> };
  if (!heads || ![...heads.values()].every((one) => "attend" in one)) return undefined;
  return heads as ReadonlyMap<string, AttentionHead>;
}

/**
 * Loads a finished run to look into its network.
 *
 * @throws Error that names the file, where its weights are not here
 */
export function loadInnerView(folder: RunFolder): InnerView {
  const { config } = folder.readRecord();
  const network = buildNetwork(config.model), { backbone, head } = network;
  const weights = weightsOf(loadWeights(folder.weights));
  const tensorOf = (sound: Sound) => {
    const { input, count, bands, frames } = piecesOf(sound, config);
    return { x: tf.tensor4d(input, [count, bands, frames, 1]), count, frames };
  };

  return {
    attention(sound) {
      const heads = attentiveHeads(head);
      if (!heads) {
        throw new Error(
          `run ${folder.name} has heads of the kind "${config.model.head}", which attend to nothing: take a run with "fluffy-attention"`,
        );
      }
      return tf.tidy(() => {
        const { x, frames } = tensorOf(sound);
        const map = backbone.apply(weights, x, INFERENCE), stepsInPiece = map.shape[2]!;
        const { hopLength, sampleRate } = config.frontEnd;
        const stepSeconds = frames / stepsInPiece * hopLength / sampleRate;
        const seconds = sound.channels[0].length / sound.sampleRate;
        const heard = byInstrument((code) => {
          const { logits, attention } = heads.get(code)!.attend(weights, map);
          return {
            attention: [...attention.mul(stepsInPiece).dataSync()]
              .slice(0, Math.ceil(seconds / stepSeconds)),
            scores: [...logits.sigmoid().dataSync()],
          };
        });
        return {
          stepSeconds,
          stepsInPiece,
          attention: byInstrument((code) => heard[code].attention),
          scores: byInstrument((code) => heard[code].scores),
        };
      });
    },

    gradCam(sound, instrument) {
      return tf.tidy(() => {
        const { x, count } = tensorOf(sound);
        const maps = gradCam(x, {
          weights,
          features: backbone,
          classifier: head,
          output: INSTRUMENTS.indexOf(instrument),
        });
        const largest = maps.max([1, 2], true);
        const [, rows, columns] = maps.shape;
        const values = maps.divNoNan(largest).dataSync() as Float32Array;
        return { values, count, rows, columns };
      });
    },

    logitsWithout(sound, instrument, { values, count, rows, columns }) {
      return tf.tidy(() => {
        const { x } = tensorOf(sound), [, bands, frames] = x.shape;
        const places = tf.tensor4d(values, [count, rows, columns, 1]);
        const silenced = tf.image.resizeNearestNeighbor(places, [bands, frames], false, true);
        const [silence] = networkInput(new Uint8Array(1), config.frontEnd);
        const left = tf.where(silenced.cast("bool"), tf.onesLike(x).mul(silence), x);
        const logits = network.apply(weights, left, INFERENCE);
        return [...logits.slice([0, INSTRUMENTS.indexOf(instrument)], [-1, 1]).dataSync()];
      });
    },
  };
}
