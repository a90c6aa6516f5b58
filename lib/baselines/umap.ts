/** Uniform manifold approximation and projection: pictures of rows whose neighbours stay together. */
import { UMAP } from "umap-js";
import type { Random } from "../core/random.ts";
import { rowAt, rowCount, type Rows } from "./rows.ts";

/** Options of {@link umap}. */
export interface UmapOptions {
  /** Starts, and the draws of the descent: the same generator gives the same picture. */
  random: Random;
  /** Columns of the result. Default: 2. */
  components?: number;
  /** How many rows count as a row's neighbours. Default: 15. */
  neighbours?: number;
  /** Least distance of rows in the picture. Default: 0.1. */
  minDistance?: number;
}

/**
 * Places rows so that those which are near each other in all columns are near each other in a few (McInnes, Healy and
 * Melville, "UMAP", 2018). Distances between far rows, and the axes, mean nothing.
 *
 * @returns `rows x components`
 * @throws RangeError when there are no more rows than neighbours
 */
export function umap(
  rows: Rows,
  { random, components = 2, neighbours = 15, minDistance = 0.1 }: UmapOptions,
): Rows {
  const count = rowCount(rows);
  if (count <= neighbours) {
    throw new RangeError(`cannot find ${neighbours} neighbours of each of ${count} rows`);
  }
  const placed = new UMAP({
    nComponents: components,
    nNeighbors: neighbours,
    minDist: minDistance,
    random: () => random.uniform(),
  }).fit(Array.from({ length: count }, (_, row) => [...rowAt(rows, row)]));
  return { values: Float64Array.from(placed.flat()), columns: components };
}
