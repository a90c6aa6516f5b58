/**
 * OpenMIC-2018's labels: partial, each with a relevance, for 20 classes that are not quite ours (D11).
 *
 * Humphrey, Durand and McFee, "OpenMIC-2018: an open dataset for multiple instrument recognition", ISMIR 2018.
 */
import { type Clip, makeClip, type Split } from "./clip.ts";
import { type Instrument, INSTRUMENTS } from "./labels.ts";

/** OpenMIC's classes, in its order, and what they are among ours: one, none, or a guitar of either kind. */
export const OPENMIC_CLASSES = {
  accordion: null,
  banjo: null,
  bass: null,
  cello: "cel",
  clarinet: "cla",
  cymbals: null,
  drums: null,
  flute: "flu",
  guitar: "guitar",
  mallet_percussion: null,
  mandolin: null,
  organ: "org",
  piano: "pia",
  saxophone: "sax",
  synthesizer: null,
  trombone: null,
  trumpet: "tru",
  ukulele: null,
  violin: "vio",
  voice: "voi",
} as const satisfies Record<string, Instrument | "guitar" | null>;

/** One of OpenMIC's classes. */
export type OpenMicClass = keyof typeof OPENMIC_CLASSES;

/** Whether a text is one of OpenMIC's classes. */
export function isOpenMicClass(name: string): name is OpenMicClass {
  return Object.hasOwn(OPENMIC_CLASSES, name);
}

/** What is known of a clip: the relevance, 0 to 1, of the classes that listeners were asked about. */
export type Relevance = ReadonlyMap<OpenMicClass, number>;

/** The relevance that a label must exceed (D11). */
export const LEAST_RELEVANCE = 0.8;

/** The relevance from which OpenMIC's own evaluation takes a class as present. */
const PRESENT = 0.5;

/**
 * A clip by D11's rule: an instrument is a label where its relevance is above a limit, all others are absent; several
 * stay several. What is really known stands in `judged`. A guitar is no label until somebody decided which kind it is
 * (D12); its relevance is kept as the tag `guitar`.
 *
 * @param key OpenMIC's key: the track's number and a time, e.g. `000046_3840`
 * @returns null where none of our instruments is heard for sure
 */
export function openMicClip(
  key: string,
  { relevance, path = null, split, least = LEAST_RELEVANCE }: {
    relevance: Relevance;
    path?: string | null;
    split: Split | null;
    least?: number;
  },
): Clip | null {
  const labels = new Set<Instrument>(), judged = new Set<Instrument>();
  for (const [name, value] of relevance) {
    const instrument = OPENMIC_CLASSES[name];
    if (instrument === "guitar") {
      // that there is no guitar says so of both kinds, that there is one of neither
      if (value < PRESENT) judged.add("gac").add("gel");
    } else if (instrument !== null) {
      judged.add(instrument);
      if (value > least) labels.add(instrument);
    }
  }
  const guitar = relevance.get("guitar") ?? 0;
  if (labels.size === 0 && guitar <= least) return null;
  return makeClip({
    name: key,
    path,
    source: "openmic",
    labels: INSTRUMENTS.filter((code) => labels.has(code)),
    judged: INSTRUMENTS.filter((code) => judged.has(code)),
    group: trackOf(key),
    tags: guitar > least ? { guitar } : {},
    split,
  });
}

/** The track that a key's clip was cut from. @throws Error for what is no key */
export function trackOf(key: string): string {
  const match = /^(\d{6})_\d+$/.exec(key);
  if (!match) throw new Error(`"${key}" is no key of OpenMIC; expected six digits, "_", a number`);
  return match[1];
}
