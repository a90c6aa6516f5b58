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

/** Clips by their instruments. */
export class PartnerPool {
  readonly #clips: readonly ClipFacts[];
  readonly #byLabel: number[][];

  constructor(clips: readonly ClipFacts[]) {
    this.#clips = clips;
    this.#byLabel = Array.from({ length: clips[0]?.labels.length ?? 0 }, () => []);
    clips.forEach(({ labels }, k) =>
      labels.forEach((label, l) => label && this.#byLabel[l].push(k))
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
    let taken = this.#clips[clip].labels;
    for (const label of random.shuffle(this.#byLabel.keys())) {
      if (partners.length >= count) break;
      if (taken[label]) continue;
      const fitting = this.#byLabel[label].filter((other) =>
        this.#fits(clip, other, match) && !this.#clips[other].labels.some((l, k) => l && taken[k])
      );
      if (fitting.length === 0) continue;
      const chosen = random.choice(fitting);
      partners.push({ clip: chosen, rate: this.#rate(clip, chosen, match) });
      taken = unite([taken, this.#clips[chosen].labels]);
    }
    return partners;
  }

  /** Any other clip, of whatever instruments; undefined where none fits. */
  drawAny(clip: number, { match, random }: { match: Match; random: Random }): Partner | undefined {
    const fitting = [...this.#clips.keys()].filter((other) => this.#fits(clip, other, match));
    if (fitting.length === 0) return undefined;
    const chosen = random.choice(fitting);
    return { clip: chosen, rate: this.#rate(clip, chosen, match) };
  }

  #fits(clip: number, other: number, match: Match): boolean {
    const a = this.#clips[clip], b = this.#clips[other];
    if (clip === other || (a.recording !== undefined && a.recording === b.recording)) return false;
    if (match === "genre") return a.genre !== undefined && a.genre === b.genre;
    if (match === "any") return true;
    const rate = this.#rate(clip, other, match);
    return rate >= SLOWEST && rate <= FASTEST;
  }

  /** NaN or Infinity where a tempo is not known. */
  #rate(clip: number, other: number, match: Match): number {
    if (match !== "tempo") return 1;
    return (this.#clips[clip].tempo || NaN) / (this.#clips[other].tempo || NaN);
  }
}
