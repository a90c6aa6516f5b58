/** What `lumen data` says of data sets. */
import { CATALOG, type CatalogEntry } from "../../lib/datasets/catalog.ts";
import { type DataSet, formatProblems } from "../../lib/datasets/clip.ts";
import { undecidedGuitars } from "../../lib/datasets/guitar.ts";
import { INSTRUMENT_NAMES, INSTRUMENTS } from "../../lib/datasets/labels.ts";
import type { PatchedDataSet } from "../../lib/datasets/patch.ts";
import { compareCounts, type Comparison } from "../../lib/datasets/published_counts.ts";
import { bySource, totalSeconds } from "../../lib/datasets/ultimate.ts";
import { table } from "../../lib/plots/table.ts";

const count = (n: number) => n.toLocaleString("en");

/** All data sets: what they are, what they cost, where they are or how to get them. */
export function listDataSets(): string {
  return Object.entries<CatalogEntry>(CATALOG).map(([name, entry]) =>
    [
      `${name.padEnd(9)}  ${entry.what}`,
      `           ${entry.size}; ${entry.licence}`,
      `           ${whereabouts(entry)}`,
    ].join("\n")
  ).join("\n");
}

function whereabouts({ find, get }: CatalogEntry): string {
  try {
    const place = find();
    return place ? `here: ${place}` : `not here: ${get}`;
  } catch (error) {
    // one that is gone is no reason not to list the others
    return `gone: ${(error as Error).message}`;
  }
}

/** Where a copy differs from what was published. */
export function differences(name: string, dataSet: DataSet): Comparison[] {
  return compareCounts(name, dataSet)
    .filter(({ here, published }) => published !== undefined && here !== published);
}

/** What is in a data set, beside what was published, and what does not fit. */
export function describeDataSet(
  name: string,
  dataSet: DataSet,
  { root }: { root: string },
): string {
  const { clips, problems, notes } = dataSet;
  const rows = compareCounts(name, dataSet).map(({ what, here, published }) => ({
    what,
    here,
    published,
    note: published === undefined || here === published ? "" : "differs",
  }));
  const guitars = undecidedGuitars(dataSet).length;
  if (guitars > 0) {
    rows.push({
      what: "guitars, acoustic or electric",
      here: guitars,
      published: undefined,
      note: "",
    });
  }
  const lengths = bySource(clips).map(([source, own]) => {
    const groups = new Set(own.map(({ group }) => group)).size, seconds = totalSeconds(own);
    return `${source}: clips ${count(own.length)}, recordings or songs ${count(groups)}` +
      (seconds === null ? "" : `, seconds ${count(Number(seconds.toFixed(1)))}`);
  });
  return [
    `${name} at ${root}`,
    ...lengths,
    "",
    table(rows).text,
    ...(notes.length > 0 ? ["", ...notes] : []),
    ...(problems.length > 0
      ? [
        "",
        `${count(problems.length)} left out or not right:`,
        ...indented(formatProblems(problems)),
      ]
      : []),
  ].join("\n");
}

/** What a patch does: how many clips, which instruments, how far. */
export function describePatch(
  { changed, confirmed, unmatched, before, after, byDistance }: PatchedDataSet,
): string {
  const rows = INSTRUMENTS.filter((code) => before[code] + after[code] > 0).map((code) => ({
    instrument: INSTRUMENT_NAMES[code],
    before: before[code],
    after: after[code],
  }));
  return [
    `the patch changes ${count(changed.length)} clips, confirms ${count(confirmed)}, ` +
    `does not fit ${count(unmatched.length)}`,
    `clips with 0, 1, 2, ... of the eleven labels changed: ${byDistance.join(", ")}`,
    "",
    table(rows).text,
  ].join("\n");
}

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
