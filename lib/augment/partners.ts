/** Which clips a clip is mixed with. */
import type { Random } from "../core/random.ts";

/** What partners are chosen by. */
export interface ClipFacts {
  /** 0 or 1 for each instrument. */
  labels: Uint8Array;
  /** Clips of one recording are no partners of each other. */
  recording?: string;
  genre?: string;
  /** Beats a minute; 0 or undefined where it is not known. */
  tempo?: number;
}

/** What a partner has in common with the clip: nothing, the genre, or the tempo, to which it is stretched. */
export type Match = "any" | "genre" | "tempo";

/** A partner: a clip by its number, and how many times faster it is played to have the clip's tempo. */
export interface Partner {
  clip: number;
  rate: number;
}

/** No partner is stretched by more: what the study stretches clips by (A5). */
const SLOWEST = 0.8, FASTEST = 1.25;

/** The labels that any of several clips has. */
export function unite(labels: readonly Uint8Array[]): Uint8Array {
  return labels[0].map((_, k) => labels.some((own) => own[k]) ? 1 : 0);
}

/** A clip's instruments as bits of one number. */
const bitsOf = (labels: Uint8Array) =>
  labels.reduce((bits, label, k) => label ? bits | 1 << k : bits, 0);

/** A number for each clip, the same for equal names; one of its own where there is none. */
function numbersOf(names: readonly (string | undefined)[]): Int32Array {
  const known = new Map<string | number, number>();
  return Int32Array.from(names, (name, k) => {
    const key = name ?? k;
    if (!known.has(key)) known.set(key, known.size);
    return known.get(key)!;
  });
}

/** Clips by their instruments. Facts are kept as numbers: all clips of an instrument are looked at for every partner. */
export class PartnerPool {
  readonly #instruments: Int32Array;
  readonly #recordings: Int32Array;
  readonly #genres: Int32Array;
  readonly #tempi: Float64Array;
  readonly #all: number[];
  readonly #byLabel: number[][];

  /** @throws RangeError for more than 31 instruments */
  constructor(clips: readonly ClipFacts[]) {
    const count = clips[0]?.labels.length ?? 0;
    if (count > 31) {
      throw new RangeError(`cannot choose among clips with ${count} instruments: 31 are the most`);
    }
    this.#instruments = Int32Array.from(clips, ({ labels }) => bitsOf(labels));
    this.#recordings = numbersOf(clips.map(({ recording }) => recording));
    this.#genres = numbersOf(clips.map(({ genre }) => genre));
    this.#tempi = Float64Array.from(clips, ({ tempo }) => tempo || NaN);
    this.#all = [...clips.keys()];
    this.#byLabel = Array.from(
      { length: count },
      (_, label) => this.#all.filter((clip) => clips[clip].labels[label]),
    );
  }

  /**
   * Clips whose instruments are neither the clip's nor another partner's: instruments first, all alike, then a clip
   * that has each (A1).
   *
   * @param clip by its number
   * @param options.count how many are wanted; fewer where there are no more with other instruments
   */
  draw(
    clip: number,
    { count, match, random }: { count: number; match: Match; random: Random },
  ): Partner[] {
    const partners: Partner[] = [];
    let taken = this.#instruments[clip];
    for (const label of random.shuffle(this.#byLabel.keys())) {
      if (partners.length >= count) break;
      if (taken >> label & 1) continue;
      const fitting = this.#fitting(clip, this.#byLabel[label], { match, taken });
      if (fitting.length === 0) continue;
      const chosen = random.choice(fitting);
      partners.push({ clip: chosen, rate: this.#rate(clip, chosen, match) });
      taken |= this.#instruments[chosen];
    }
    return partners;
  }

  /** Any other clip, of whatever instruments; undefined where none fits. */
  drawAny(clip: number, { match, random }: { match: Match; random: Random }): Partner | undefined {
    const fitting = this.#fitting(clip, this.#all, { match, taken: 0 });
    if (fitting.length === 0) return undefined;
    const chosen = random.choice(fitting);
    return { clip: chosen, rate: this.#rate(clip, chosen, match) };
  }

  /** Those of some clips that are no other part of the clip's recording, match it, and have none of the taken instruments. */
  #fitting(
    clip: number,
    others: readonly number[],
    { match, taken }: { match: Match; taken: number },
  ): number[] {
    const instruments = this.#instruments, recordings = this.#recordings, genres = this.#genres;
    const recording = recordings[clip], genre = genres[clip];
    return others.filter((other) => {
      if (recordings[other] === recording || instruments[other] & taken) return false;
      if (match === "any") return true;
      if (match === "genre") return genres[other] === genre;
      const rate = this.#rate(clip, other, match);
      return rate >= SLOWEST && rate <= FASTEST;
    });
  }

  /** NaN where a tempo is not known. */
  #rate(clip: number, other: number, match: Match): number {
    return match === "tempo" ? this.#tempi[clip] / this.#tempi[other] : 1;
  }
}
