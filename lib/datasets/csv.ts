/** Tables in CSV, read strictly: a line that does not fit is a problem with its number, never a guess. */
import { basename } from "node:path";
import { type CsvError, parse } from "csv-parse/sync";
import type { Problem } from "./clip.ts";

/** A line of a table, by column. */
export interface CsvRow<Column extends string> {
  /** Its number in the file, from 1: the line where it ends. */
  line: number;
  cells: Record<Column, string>;
}

/**
 * Reads a table whose first line names its columns (RFC 4180; UTF-8, with or without a mark; any line end; empty lines
 * are skipped).
 *
 * @param path the file
 * @param options.columns columns that must be there; others may
 * @param options.optional columns that may be there, and are empty text where they are not
 * @param options.where how the file is called in problems. Default: its name
 * @param options.text its text, where that is read already, e.g. without lines in front of the table
 * @param options.firstLine the number of the text's first line. Default: 1
 * @throws Error that names the file, when it is not there, empty, or lacks a column or has one twice
 */
export function readCsv<Column extends string, Optional extends string = never>(
  path: string,
  { columns, optional = [], where = basename(path), text = readText(path), firstLine = 1 }: {
    columns: readonly Column[];
    optional?: readonly Optional[];
    where?: string;
    text?: string;
    firstLine?: number;
  },
): { rows: CsvRow<Column | Optional>[]; problems: Problem[] } {
  const problems: Problem[] = [], lineOf = (line: number) => line + firstLine - 1;
  let header: string[] = [];
  const records: { record: Record<string, string>; info: { lines: number } }[] = parse(text, {
    columns: (names: string[]) => header = names.map((name) => name.trim()),
    info: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error?: CsvError) => {
      problems.push({
        where: `${where}, line ${lineOf(error?.lines as number)}`,
        what: explain(error),
      });
      return undefined;
    },
  });
  const repeated = header.find((name, k) => header.indexOf(name) < k);
  if (repeated !== undefined) {
    throw new Error(`cannot read ${path}: it has two columns "${repeated}"`);
  }
  const lacking = columns.filter((name) => !header.includes(name));
  if (lacking.length > 0) {
    throw new Error(
      `cannot read ${path}: it has no column "${lacking.join('", "')}", but ${
        header.join(", ") || "no line"
      }`,
    );
  }
  const known = [...columns, ...optional];
  const rows = records.map(({ record, info }) => ({
    line: lineOf(info.lines),
    cells: Object.fromEntries(known.map((name) => [name, record[name] ?? ""])) as Record<
      Column | Optional,
      string
    >,
  }));
  return { rows, problems };
}

/** The text of a file, without the mark that some programs put in front. @throws Error that names the file */
export function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path).replace(/^\ufeff/, "");
  } catch (error) {
    throw new Error(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function explain(error?: CsvError): string {
  switch (error?.code) {
    case "CSV_RECORD_INCONSISTENT_COLUMNS":
      return "it has too few or too many cells; put text with commas in quotes";
    case "CSV_QUOTE_NOT_CLOSED":
      return "a quotation mark is never closed, all lines from its own on are lost";
    default:
      return `it is no CSV: ${error?.message}`;
  }
}
