/** Instruments as people write them. */
import { type Instrument, INSTRUMENT_NAMES, INSTRUMENTS } from "./labels.ts";

/** Spellings beside the codes and their names. */
const OTHERS: Readonly<Record<string, Instrument>> = {
  "violoncello": "cel",
  "pipe organ": "org",
  "sax": "sax",
  "voice": "voi",
  "vocals": "voi",
  "singing": "voi",
};

const KNOWN: ReadonlyMap<string, Instrument> = new Map([
  ...INSTRUMENTS.flatMap((code) => [[code, code], [INSTRUMENT_NAMES[code], code]] as const),
  ...Object.entries(OTHERS),
]);

/** What is understood, for messages. */
export const KNOWN_NAMES = INSTRUMENTS.map((code) => `${code} (${INSTRUMENT_NAMES[code]})`)
  .join(", ");

/** The instrument of a code or an English name, in any case, with `_` or `-` for blanks; undefined for none. */
export function findInstrument(name: string): Instrument | undefined {
  return KNOWN.get(name.normalize("NFC").toLowerCase().replace(/[\s_-]+/g, " ").trim());
}

/**
 * The instruments of a list: codes or English names between commas, semicolons or bars, or codes between blanks.
 *
 * @returns in the labels' order; none for an empty text
 * @throws Error with the unknown name and the known ones
 */
export function parseInstruments(text: string): Instrument[] {
  const found = new Set<Instrument>();
  for (const part of text.split(/[,;|]/).map((name) => name.trim()).filter(Boolean)) {
    for (const name of findInstrument(part) ? [part] : part.split(/\s+/)) {
      const instrument = findInstrument(name);
      if (!instrument) throw new Error(`"${name}" is no instrument; known: ${KNOWN_NAMES}`);
      found.add(instrument);
    }
  }
  return INSTRUMENTS.filter((code) => found.has(code));
}
