/** Tables of generated pages. */

/** A Markdown table as deno fmt writes it: the first column to the left, all padded. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, k) => Math.max(3, ...rows.map((row) => row[k].length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, k) => text.padEnd(widths[k])).join(" | ")} |`;
  const rule = line(widths.map((width) => "-".repeat(width)));
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join("\n");
}
