/**
 * IRMAS's file names and label files, read strictly: what does not fit the grammar is an error that says where.
 *
 * Bosch, Janer, Fuhrmann and Herrera, "A comparison of sound segregation techniques for predominant
 * instrument recognition in musical audio signals", ISMIR 2012. Requirements D1 and D2.
 */
import { type Instrument, INSTRUMENTS, isInstrument } from "./labels.ts";

/** IRMAS's genres: country and folk, classical, pop and rock, latin and soul, jazz and blues. */
export const GENRES = ["cou_fol", "cla", "pop_roc", "lat_sou", "jaz_blu"] as const;

/** A genre's code. `cla` is a genre here and a clarinet where an instrument stands. */
export type Genre = typeof GENRES[number];

/** What the genre codes stand for. */
export const GENRE_NAMES: Readonly<Record<Genre, string>> = {
  cou_fol: "country-folk",
  cla: "classical",
  pop_roc: "pop-rock",
  lat_sou: "latin-soul",
  jaz_blu: "jazz-blues",
};

/** The folder that holds one folder a class. */
export const TRAINING_FOLDER = "IRMAS-TrainingData";

/** The folder that holds the parts of the multi-instrument clips. */
export const TESTING_FOLDER = "IRMAS-TestingData";

/** What the name of a training clip says. */
export interface TrainingName {
  instrument: Instrument;
  /** Whether drums are heard; null where nobody said (no tag, or `[---]`). */
  drums: boolean | null;
  genre: Genre;
  /** The number that the clips of one recording share. */
  number: number;
  /** Which clip of its recording, from 1. */
  clip: number;
  /** The name without its extension and clip number: equal for all clips of one recording. */
  recording: string;
}

const TRAINING_NAME = new RegExp(
  String.raw`^(?:\d{3}__)?\[(${INSTRUMENTS.join("|")})\](?:\[(dru|nod|---)\])?` +
    String.raw`\[(${GENRES.join("|")})\](\d{4})__(\d)\.wav$`,
);

/**
 * Reads a training clip's file name (no folder), e.g. `081__[cla][nod][cla]0316__1.wav`.
 *
 * @throws Error with the name and the grammar, when the name does not fit
 */
export function parseTrainingName(name: string): TrainingName {
  const match = TRAINING_NAME.exec(name);
  if (!match) {
    throw new Error(
      `cannot read the IRMAS training name "${name}"; expected NNN__[instrument][drums][genre]NNNN__N.wav, ` +
        `with NNN__ and [dru], [nod] or [---] left out where unknown`,
    );
  }
  const [, instrument, drums, genre, number, clip] = match;
  return {
    instrument: instrument as Instrument,
    drums: drums === "dru" ? true : drums === "nod" ? false : null,
    genre: genre as Genre,
    number: Number(number),
    clip: Number(clip),
    recording: name.slice(0, name.lastIndexOf("__")),
  };
}

/** Writes the name that {@link parseTrainingName} reads. `serial` is the leading number of tagged names. */
export function formatTrainingName(
  { instrument, drums, genre, number, clip }: Omit<TrainingName, "recording">,
  serial?: number,
): string {
  const digits = (value: number, width: number) => String(value).padStart(width, "0");
  const lead = serial === undefined ? "" : `${digits(serial, 3)}__`;
  const tag = drums === null ? "" : drums ? "[dru]" : "[nod]";
  return `${lead}[${instrument}]${tag}[${genre}]${digits(number, 4)}__${clip}.wav`;
}

/** What the name of a testing clip says. */
export interface TestingName {
  /** The stem without its number: equal for all clips of one song. NFC. */
  song: string;
  clip: number;
}

/**
 * Reads a testing clip's file name (no folder): the song, a hyphen, a number.
 *
 * The song is brought to Unicode's NFC: the same letters are written in two ways in IRMAS.
 *
 * @throws Error with the name, when there is no number at its end
 */
export function parseTestingName(name: string): TestingName {
  const match = /^(.*\S)\s*-\s*(\d+)\.wav$/.exec(name.normalize("NFC"));
  if (!match) {
    throw new Error(
      `cannot read the IRMAS testing name "${name}"; expected the song, "-", a number and ".wav"`,
    );
  }
  return { song: match[1], clip: Number(match[2]) };
}

/**
 * Reads a testing clip's label file: one code a line, in any order; white space after it (IRMAS writes a
 * tab), CRLF or LF, empty lines at the end.
 *
 * @param file the file's name, for the error
 * @returns the labels in the labels' order
 * @throws Error for no label, an unknown one, or one that comes twice, with the line's number
 */
export function parseLabels(text: string, file: string): Instrument[] {
  const found = new Set<Instrument>();
  text.trimEnd().split(/\r?\n/).forEach((line, k) => {
    const code = line.trimEnd();
    const where = `${file}, line ${k + 1}`;
    if (!isInstrument(code)) {
      throw new Error(
        `${where}: "${code}" is no instrument; one code a line, known: ${INSTRUMENTS.join(" ")}`,
      );
    }
    if (found.has(code)) throw new Error(`${where}: "${code}" stands there twice`);
    found.add(code);
  });
  return INSTRUMENTS.filter((code) => found.has(code));
}

/** Writes a label file as IRMAS does: a tab and a line feed after every code. */
export function formatLabels(labels: readonly Instrument[]): string {
  return labels.map((code) => `${code}\t\n`).join("");
}
