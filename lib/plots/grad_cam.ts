/** Pictures of what a network sees: a spectrogram, lit where a map says so. */
import type { Figure, FigureOptions } from "./figure.ts";
import { heatmapGrid, type Panel } from "./grid.ts";

/** A map over a picture, coarser than it; row 0 at the bottom. */
export interface CoarseMap {
  /** In [0, 1], `[rows, columns]`. */
  values: ArrayLike<number>;
  rows: number;
  columns: number;
}

/** What stays of a place that the map says nothing of. */
const DIM = 0.12;

/**
 * A picture that keeps its brightness where the map is 1 and is dim where it is 0; between the map's places linearly.
 *
 * @param picture values in [0, 1]
 */
export function lit(picture: Panel, map: CoarseMap): Float32Array {
  const { rows, columns, values } = picture;
  return Float32Array.from(values, (value, at) => {
    const light = between(
      map,
      (Math.floor(at / columns) + 0.5) / rows,
      (at % columns + 0.5) / columns,
    );
    return value * (DIM + (1 - DIM) * light);
  });
}

/** The map at a place in [0, 1] of its height and width, between the middles of its cells; beyond them as at the edge. */
function between({ values, rows, columns }: CoarseMap, up: number, along: number): number {
  const y = Math.min(Math.max(up * rows - 0.5, 0), rows - 1);
  const x = Math.min(Math.max(along * columns - 0.5, 0), columns - 1);
  const [row, column] = [Math.floor(y), Math.floor(x)];
  const at = (r: number, c: number) =>
    values[Math.min(r, rows - 1) * columns + Math.min(c, columns - 1)];
  const edge = (r: number) => at(r, column) + (x - column) * (at(r, column + 1) - at(r, column));
  return edge(row) + (y - row) * (edge(row + 1) - edge(row));
}

/** A spectrogram, with values in [0, 1], and the maps over it. */
export interface Explained {
  spectrogram: Panel;
  maps: readonly (CoarseMap & { title: string })[];
}

/** Draws each spectrogram and beside it the same one lit by each of its maps; all with as many maps. */
export function litSpectrograms(explained: readonly Explained[], options: FigureOptions): Figure {
  const panels = explained.flatMap(({ spectrogram, maps }) => [
    spectrogram,
    ...maps.map((map) => ({ ...spectrogram, title: map.title, values: lit(spectrogram, map) })),
  ]);
  return heatmapGrid(panels, { across: 1 + explained[0].maps.length, range: [0, 1], ...options });
}
