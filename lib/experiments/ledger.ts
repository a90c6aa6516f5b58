/**
 * The ledger: every number that the document, or the original's tables, give and that this project
 * computes too, once, with where it comes from and whether the two agree. A number that cannot be
 * computed here says why; it is never filled in from the document.
 */
import { dirname } from "node:path";
import { z } from "zod";
import { exists, readJson, writeJson } from "../core/files.ts";
import { lockFolder } from "../core/lock.ts";
import { projectPath } from "../core/paths.ts";

/** What a number was computed on. */
export const SOURCES = [
  "tables",
  "real features",
  "real mels",
  "demo",
  "IRMAS",
  "OpenMIC",
  "AudioSet",
  "arithmetic",
  "timings",
] as const;

const VALUE = z.union([z.number(), z.array(z.number()), z.string()]);

const FIELDS = {
  id: z.string().regex(/^[A-Z]\d+\.\S+$/, "an id is a study item, a dot and a name: D17.major"),
  what: z.string().min(1),
  document: VALUE.nullable(),
  ours: VALUE.nullable(),
  on: z.enum(SOURCES),
  tolerance: z.number().nonnegative().optional(),
  explanation: z.string().min(1).optional(),
  where: z.string().min(1),
  seeds: z.array(z.int()).optional(),
  interval: z.tuple([z.number(), z.number()]).optional(),
};

const FACT = z.strictObject(FIELDS).refine(
  (fact) => fact.ours !== null || fact.explanation !== undefined,
  "a number that is not computed (ours: null) needs an explanation",
);

const ROW = z.strictObject({ ...FIELDS, agrees: z.boolean().nullable() });

/** A number, several that belong together, or a statement in words. */
export type LedgerValue = z.infer<typeof VALUE>;

/**
 * What `fact` is told. `document` is the value given in the document (null: it gives none), `ours` the
 * computed one (null: it cannot be computed here). `tolerance` is the largest difference at which two
 * numbers agree: half a unit of the last digit that the document prints (default 0: counts).
 */
export type Fact = z.infer<typeof FACT>;

/** A row of the ledger. `agrees` is null where a value is missing on one side. */
export type LedgerRow = z.infer<typeof ROW>;

/** The project's ledger. */
export const LEDGER_PATH = projectPath("experiments", "ledger.json");

/** Whether two values agree: numbers within the tolerance, texts when they are equal. */
function compare(document: LedgerValue, ours: LedgerValue, tolerance: number): boolean {
  if (typeof document === "string" || typeof ours === "string") return document === ours;
  const [a, b] = [[document].flat(), [ours].flat()];
  // Decimal fractions are not exact: without the slack, 0.125 - 0.12 would be above 0.005.
  return a.length === b.length &&
    a.every((x, k) => Math.abs(x - b[k]) <= tolerance + 1e-9 * Math.max(1, Math.abs(x)));
}

/** Seven significant digits: enough for every comparison, and the same on every machine. */
function rounded<T extends LedgerValue>(value: T): T {
  const round = (x: number) => Number(x.toPrecision(7));
  if (typeof value === "number") return round(value) as T;
  return (Array.isArray(value) ? value.map(round) : value) as T;
}

const ORDER = new Intl.Collator("en", { numeric: true });

function byKey(a: LedgerRow, b: LedgerRow): number {
  return ORDER.compare(a.id, b.id) || SOURCES.indexOf(a.on) - SOURCES.indexOf(b.on);
}

/** The fields in one order, so that a row that did not change does not change in the file. */
function toRow(fact: Fact, agrees: boolean | null): LedgerRow {
  const { id, what, document, ours, on, tolerance, explanation, where, seeds, interval } = fact;
  return {
    id,
    what,
    document,
    ours: ours === null ? null : rounded(ours),
    on,
    agrees,
    ...(tolerance !== undefined && { tolerance }),
    ...(explanation !== undefined && { explanation }),
    where,
    ...(seeds && { seeds }),
    ...(interval && { interval: rounded(interval) }),
  };
}

/** The value itself, not zod's copy of it, whose fields are in another order. */
function check<T>(schema: z.ZodType<T>, value: unknown, attempt: string): T {
  const result = schema.safeParse(value);
  if (!result.success) throw new TypeError(`${attempt}: ${z.prettifyError(result.error)}`);
  return value as T;
}

/**
 * Records a fact in the ledger; a fact with the same id, computed on the same data, is replaced. Several
 * processes may record at once.
 *
 * @throws TypeError when the fact is not well formed, with what is wrong
 */
export function fact(entry: Fact, { path = LEDGER_PATH }: { path?: string } = {}): LedgerRow {
  check(FACT, entry, `cannot record the fact "${entry.id}"`);
  const agrees = entry.document === null || entry.ours === null
    ? null
    : compare(entry.document, entry.ours, entry.tolerance ?? 0);
  const row = toRow(entry, agrees);
  using _lock = lockFolder(dirname(path));
  const others = readLedger({ path }).filter((old) => old.id !== row.id || old.on !== row.on);
  writeJson(path, [...others, row].sort(byKey));
  return row;
}

/** The ledger's rows, by id. Empty where nothing is recorded. @throws TypeError for a broken row. */
export function readLedger({ path = LEDGER_PATH }: { path?: string } = {}): LedgerRow[] {
  if (!exists(path)) return [];
  return check(z.array(ROW), readJson(path), `cannot read the ledger ${path}`);
}

/** The verdict on a row in one word or two. */
export function verdict(row: LedgerRow): string {
  if (row.ours === null) return "not computed";
  if (row.agrees === null) return "";
  if (row.agrees) return "agrees";
  return row.explanation ? "explained" : "DIFFERS";
}

/** A value in a line; of a long list the beginning. */
function valueText(value: LedgerValue | null): string {
  if (value === null) return "-";
  if (!Array.isArray(value)) return String(value);
  const shown = value.slice(0, 5).join(" / ");
  return value.length > 5 ? `${shown} / … (${value.length})` : shown;
}

/** The ledger as a text table; an explanation stands below its row. */
export function formatLedger(rows: readonly LedgerRow[]): string {
  const head = ["id", "what", "document", "ours", "on", "", "where"];
  const cells = rows.map((row) => [
    row.id,
    row.what,
    valueText(row.document),
    valueText(row.ours),
    row.on,
    verdict(row),
    row.where,
  ]);
  const widths = head.map((_, k) => Math.max(...[head, ...cells].map((row) => row[k].length)));
  const line = (row: string[]) => row.map((text, k) => text.padEnd(widths[k])).join("  ").trimEnd();
  const indent = " ".repeat(widths[0] + 2);
  return [
    line(head),
    ...rows.flatMap((row, k) => [
      line(cells[k]),
      ...(row.explanation ? [`${indent}${row.explanation}`] : []),
    ]),
  ].join("\n");
}
