/** Data sets that are not here. */
import { CATALOG, type CatalogEntry, type DataSetName } from "../../lib/datasets/catalog.ts";
import { describeSource, fetchSource } from "../../lib/datasets/fetch_source.ts";
import { type Source, SOURCES } from "../../lib/datasets/sources.ts";

/**
 * Brings a data set to this machine.
 *
 * @param options.download whether that is wanted: it may be gigabytes, and has its terms
 * @returns the folder that it is in
 * @throws Error that says how it can be had
 */
export async function obtain(
  name: DataSetName,
  { download = false }: { download?: boolean } = {},
): Promise<string> {
  const source = (SOURCES as Partial<Record<DataSetName, Source>>)[name];
  const { what, get }: CatalogEntry = CATALOG[name];
  if (!source) throw new Error(`${name} is not here (${what}): "${get}"`);
  if (download) return (await fetchSource(source)).folder;
  console.log(`${describeSource(source)}\n`);
  throw new Error(
    `${name} is not here: "./lumen data ${name} --download" fetches it on these terms, ` +
      `"./lumen data ${name} --root PATH" says where it is`,
  );
}
