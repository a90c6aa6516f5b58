/** A table as HTML for notebooks and pages, with the same table as aligned text. */

/** What a cell can hold. */
export type CellValue = string | number | bigint | boolean | null | undefined;

/** HTML with the plain text that stands for it where there is no HTML. */
export interface Html {
  html: string;
  text: string;
}

/** How a table is written. */
export interface TableOptions {
  /** Columns to show, in this order, each with its heading. Default: all, named as in the rows. */
  columns?: Readonly<Record<string, string>>;
  /** A line above the table. */
  caption?: string;
  /** Decimals of numbers that are not whole: for all columns, or for each by its key. Default 3. */
  decimals?: number | Readonly<Record<string, number>>;
}

/**
 * Writes rows as a table: numbers to the right with equal decimals, texts to the left.
 *
 * @param rows records with equal keys, such as a data frame's `toRecords()`
 */
export function table(
  rows: readonly Readonly<Record<string, unknown>>[],
  { columns, caption, decimals = 3 }: TableOptions = {},
): Html {
  const keys = columns ? Object.keys(columns) : Object.keys(rows[0] ?? {});
  const unknown = keys.find((key) => rows.length > 0 && !rows.some((row) => key in row));
  if (unknown !== undefined) {
    const known = Object.keys(rows[0]).join(", ");
    throw new RangeError(`cannot show column "${unknown}": no row has it; there are ${known}`);
  }
  const head = keys.map((key) => columns?.[key] ?? key);
  const right = keys.map((key) => rows.every((row) => row[key] == null || isNumber(row[key])));
  const places = keys.map((key) => typeof decimals === "number" ? decimals : decimals[key] ?? 3);
  // whole numbers get decimals where their column has others that need them
  const whole = keys.map((key) =>
    rows.every((row) => typeof row[key] !== "number" || Number.isInteger(row[key]))
  );
  const body = rows.map((row) =>
    keys.map((key, k) => cellText(row[key] as CellValue, whole[k] ? 0 : places[k]))
  );
  return { html: asHtml(head, body, right, caption), text: asText(head, body, right, caption) };
}

const isNumber = (value: unknown) => typeof value === "number" || typeof value === "bigint";

function cellText(value: CellValue, decimals: number): string {
  if (value == null || Number.isNaN(value)) return "–";
  return typeof value === "number" ? value.toFixed(decimals) : String(value);
}

/** Text as it may stand in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(
    /[&<>"]/g,
    (c) => `&${{ "&": "amp", "<": "lt", ">": "gt", '"': "quot" }[c]};`,
  );
}

function asHtml(head: string[], body: string[][], right: boolean[], caption?: string): string {
  const side = (k: number) => ` style="text-align:${right[k] ? "right" : "left"}"`;
  const line = (cells: string[], tag: string) =>
    `<tr>${cells.map((c, k) => `<${tag}${side(k)}>${escapeHtml(c)}</${tag}>`).join("")}</tr>`;
  return [
    '<table class="lumen-table">',
    caption ? `<caption style="text-align:left">${escapeHtml(caption)}</caption>` : "",
    `<thead>${line(head, "th")}</thead>`,
    `<tbody>${body.map((cells) => line(cells, "td")).join("\n")}</tbody>`,
    "</table>",
  ].filter(Boolean).join("\n");
}

function asText(head: string[], body: string[][], right: boolean[], caption?: string): string {
  const width = head.map((cell, k) => Math.max(cell.length, ...body.map((row) => row[k].length)));
  const line = (cells: string[]) =>
    cells.map((c, k) => right[k] ? c.padStart(width[k]) : c.padEnd(width[k])).join("  ").trimEnd();
  const rule = width.map((n) => "-".repeat(n)).join("  ");
  return [...(caption ? [caption] : []), line(head), rule, ...body.map(line)].join("\n");
}
