/** What human ears made of IRMAS's labels: the annotation tool's export, and how far labels changed. */
import { type Instrument, INSTRUMENT_NAMES, INSTRUMENTS } from "../datasets/labels.ts";
import { GENRES, originalInstrument, type RelabelledClip } from "../datasets/published.ts";

/** The tool's names for the instruments, in lower case: ours, but for the voice. */
const CODES: ReadonlyMap<string, Instrument> = new Map([
  ...INSTRUMENTS.map((code) => [INSTRUMENT_NAMES[code], code] as const),
  ["voice", "voi"],
]);

const EXPORTED_NAME = new RegExp(
  `^(\\d+__)?(${INSTRUMENTS.join("|")})(dru|nod|---)?(${GENRES.join("|")})(\\d+__\\d+\\.wav)$`,
);

/**
 * An IRMAS name from the annotation tool's path of an upload: without its folder and the hash before the
 * name, and with the square brackets that the tool drops.
 *
 * @param url e.g. `/data/upload/2/954b7004-celcla0068__2.wav`, which is `[cel][cla]0068__2.wav`
 * @throws Error when the rest is no name of the single-instrument part
 */
export function restoreName(url: string): string {
  const name = url.slice(url.lastIndexOf("/") + 1).replace(/^[0-9a-f]{8}-/, "");
  const match = EXPORTED_NAME.exec(name);
  if (!match) {
    throw new Error(`"${url}" is not the upload of an IRMAS clip: cannot restore its name`);
  }
  const [, number = "", instrument, drums, genre, rest] = match;
  return `${number}[${instrument}]${drums ? `[${drums}]` : ""}[${genre}]${rest}`;
}

/** Instruments of a label cell: one name, or JSON with the list of choices. */
function parseChoices(cell: string): Instrument[] {
  const names: string[] = cell.startsWith("{") ? JSON.parse(cell).choices : [cell];
  const codes = names.map((name) => {
    const code = CODES.get(name.toLowerCase());
    if (!code) throw new Error(`"${name}" is none of ${[...CODES.keys()].join(", ")}`);
    return code;
  });
  return INSTRUMENTS.filter((code) => codes.includes(code));
}

/**
 * Reads the annotation tool's export: a header and a line a clip, columns separated by two commas, so
 * that the single commas inside the JSON of a label need no quotes.
 *
 * @throws Error with the line's number when a column is missing or a line cannot be read
 */
export function parseAnnotationExport(text: string): RelabelledClip[] {
  const [head, ...lines] = text.trimEnd().split(/\r?\n/);
  const columns = head.split(",,");
  const [url, label] = [columns.indexOf("url"), columns.indexOf("label")];
  if (url < 0 || label < 0) {
    throw new Error(`an annotation export has columns "url" and "label", this one has "${head}"`);
  }
  return lines.map((line, k) => {
    try {
      const cells = line.split(",,");
      if (cells.length !== columns.length) {
        throw new Error(`${cells.length} columns instead of ${columns.length}`);
      }
      const file = restoreName(cells[url]);
      return { file, original: originalInstrument(file), labels: parseChoices(cells[label]) };
    } catch (error) {
      throw new Error(
        `cannot read line ${k + 2} of the annotation export: ${(error as Error).message}`,
        { cause: error },
      );
    }
  });
}

/** How a relabelling differs from the labels before it. */
export interface RelabellingSummary {
  clips: number;
  /** Clips where the one original label is the whole answer. */
  exact: number;
  /** Clips in which the original instrument was not heard, by original instrument. */
  lacking: Record<Instrument, number>;
  /** Clips by number of labels; position 0 stands for none. */
  byLabels: number[];
  /** Clips by Hamming distance (number of the 11 labels that differ) from the original. */
  byDistance: number[];
}

function countUp(counts: number[], at: number): void {
  while (counts.length <= at) counts.push(0);
  counts[at]++;
}

/** Compares new labels with the one that each clip had. */
export function summarizeRelabelling(clips: readonly RelabelledClip[]): RelabellingSummary {
  const lacking = Object.fromEntries(INSTRUMENTS.map((code) => [code, 0])) as Record<
    Instrument,
    number
  >;
  const byLabels = [0], byDistance = [0];
  for (const { original, labels } of clips) {
    const heard = labels.includes(original);
    if (!heard) lacking[original]++;
    countUp(byLabels, labels.length);
    countUp(byDistance, heard ? labels.length - 1 : labels.length + 1);
  }
  return { clips: clips.length, exact: byDistance[0], lacking, byLabels, byDistance };
}
