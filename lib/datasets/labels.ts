/** The eleven instruments, always in this order. */

/** Codes, as IRMAS writes them. A label vector has one entry each, in this order. */
export const INSTRUMENTS = [
  "cel",
  "cla",
  "flu",
  "gac",
  "gel",
  "org",
  "pia",
  "sax",
  "tru",
  "vio",
  "voi",
] as const;

/** An instrument's code. */
export type Instrument = typeof INSTRUMENTS[number];

/** What the codes stand for. */
export const INSTRUMENT_NAMES: Readonly<Record<Instrument, string>> = {
  cel: "cello",
  cla: "clarinet",
  flu: "flute",
  gac: "acoustic guitar",
  gel: "electric guitar",
  org: "organ",
  pia: "piano",
  sax: "saxophone",
  tru: "trumpet",
  vio: "violin",
  voi: "human voice",
};

/** Families of instruments, where nothing else is asked for. */
export const FAMILIES: Readonly<Record<string, readonly Instrument[]>> = {
  brass: ["org", "sax", "tru"],
  guitar: ["gac", "gel"],
  woodwind: ["cla", "flu"],
  strings: ["cel", "vio"],
  voice: ["voi"],
  percussion: ["pia"],
};

/** Whether a text is an instrument's code. */
export function isInstrument(code: string): code is Instrument {
  return (INSTRUMENTS as readonly string[]).includes(code);
}

/** A code's position in a label vector. @throws RangeError for an unknown code, with the known ones. */
export function instrumentIndex(code: string): number {
  if (!isInstrument(code)) {
    throw new RangeError(`"${code}" is no instrument; known: ${INSTRUMENTS.join(" ")}`);
  }
  return INSTRUMENTS.indexOf(code);
}
