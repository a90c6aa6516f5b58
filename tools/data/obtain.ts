/** Data sets that are not here. */
import { CATALOG, type DataSetName } from "../../lib/datasets/catalog.ts";

/**
 * Brings a data set that is not on this machine: the place where a download begins.
 *
 * @returns the folder that it is in
 * @throws Error that says how else it can be had
 */
export function obtain(name: DataSetName): Promise<string> {
  const { what, size, licence, get } = CATALOG[name];
  return Promise.reject(
    new Error(`${name} is not here (${what}; ${size}; ${licence}): "${get}" says where it is`),
  );
}
