/**
 * Clips of one instrument each, one after the other: recordings in which an instrument enters for a moment, and whose truth
 * is known second by second.
 */
import type { Random } from "../core/random.ts";
import { type IrmasMels, MEL_BANDS, MEL_FRAMES } from "./irmas_mels.ts";
import { networkInputs } from "./mixtures.ts";

/** Strips by the clips that are in them; {@link renderStrips} makes the spectrograms. */
export interface Strips {
  /** Clips of one strip. */
  clips: number;
  count: number;
  /** The clips' numbers in the pack, in their order in time, `[count, clips]`. */
  members: Int32Array;
  /** The place of the clip in each strip whose instrument enters. */
  places: Int32Array;
  /** The instrument that enters, and the one of all other clips, by their positions in the labels' order. */
  entering: Uint8Array;
  lasting: Uint8Array;
}

/**
 * Draws a strip for each clip, which enters somewhere among clips of another instrument.
 *
 * @param options.indices the clips, by their numbers in the pack
 * @param options.clips of one strip, two or more
 * @throws RangeError where there is one instrument alone, or one with fewer clips than a strip needs
 */
export function drawStrips(
  mels: Pick<IrmasMels, "labels">,
  { indices, clips, random }: { indices: ArrayLike<number>; clips: number; random: Random },
): Strips {
  const byInstrument = Map.groupBy(Array.from(indices), (clip) => mels.labels[clip]);
  const instruments = [...byInstrument.keys()].sort((a, b) => a - b);
  const fewest = Math.min(...[...byInstrument.values()].map((own) => own.length));
  if (clips < 2 || instruments.length < 2 || fewest < clips - 1) {
    throw new RangeError(
      `cannot join ${clips} clips: of ${instruments.length} instruments the rarest has ${fewest} clips`,
    );
  }
  const count = indices.length, members = new Int32Array(count * clips);
  const places = new Int32Array(count), lasting = new Uint8Array(count);
  for (let strip = 0; strip < count; strip++) {
    const clip = indices[strip];
    lasting[strip] = random.choice(instruments.filter((other) => other !== mels.labels[clip]));
    places[strip] = random.integer(0, clips);
    const own: number[] = random.sample(byInstrument.get(lasting[strip])!, clips - 1);
    own.splice(places[strip], 0, clip);
    members.set(own, strip * clips);
  }
  const entering = Uint8Array.from(indices, (clip) => mels.labels[clip]);
  return { clips, count, members, places, entering, lasting };
}

/**
 * The spectrograms of some strips, as a network sees them. Every clip is at the level that its loudest moment gives it.
 *
 * @param options.start the first strip wanted
 * @param options.count how many
 * @returns `[count, 128, 94 * clips]` in [-2, 2]
 */
export function renderStrips(
  mels: IrmasMels,
  { clips, members }: Pick<Strips, "clips" | "members">,
  { start, count }: { start: number; count: number },
): Float32Array {
  const single = networkInputs(mels, members.subarray(start * clips, (start + count) * clips));
  const out = new Float32Array(single.length);
  for (let strip = 0, to = 0; strip < count; strip++) {
    for (let band = 0; band < MEL_BANDS; band++) {
      for (let clip = 0; clip < clips; clip++, to += MEL_FRAMES) {
        const from = ((strip * clips + clip) * MEL_BANDS + band) * MEL_FRAMES;
        out.set(single.subarray(from, from + MEL_FRAMES), to);
      }
    }
  }
  return out;
}
