/** Patch pretraining (M13): tiles of spectrograms are shuffled, replaced by another clip's, or blackened; which? */
import type { Random } from "../../core/random.ts";

/** Rows and columns of tiles. */
export const TILE_GRID = { rows: 4, columns: 4 } as const;
/** Tiles of a spectrogram. */
export const TILES = TILE_GRID.rows * TILE_GRID.columns;
/** What a tile may be, in the order of the classes. Of black ones nothing is asked. */
export const TILE_STATES = ["shuffled", "replaced", "original"] as const;
const SHUFFLED = 0, REPLACED = 1, ORIGINAL = 2;

/** How likely each thing is to happen to a tile; at most 1 together. */
export interface PatchOptions {
  shuffle: number;
  replace: number;
  black: number;
}

/** Spectrograms of equal size. */
export interface Pictures {
  /** [count, bands, frames] */
  input: Float32Array;
  count: number;
  bands: number;
  frames: number;
}

/** What is done to a spectrogram's tiles. */
export interface TilePlan {
  /** Of each place, the tile that it gets of its own clip; its own where it is shuffled to itself, or not at all. */
  from: number[];
  /** A class of {@link TILE_STATES} for each place, NaN where it is black. */
  labels: number[];
}

/**
 * Draws what is done to each tile, independently; the shuffled ones then change places among themselves. One that comes
 * to its own place is an original.
 */
export function drawTiles({ shuffle, replace, black }: PatchOptions, random: Random): TilePlan {
  const labels = Array.from({ length: TILES }, () => {
    const u = random.uniform();
    if (u < shuffle) return SHUFFLED;
    if (u < shuffle + replace) return REPLACED;
    return u < shuffle + replace + black ? NaN : ORIGINAL;
  });
  const from = Array.from({ length: TILES }, (_, tile) => tile);
  const moved = from.filter((tile) => labels[tile] === SHUFFLED);
  random.shuffle(moved).forEach((tile, k) => {
    from[moved[k]] = tile;
    if (tile === moved[k]) labels[tile] = ORIGINAL;
  });
  return { from, labels };
}

/**
 * Spectrograms with their tiles scrambled, and what was done to each tile, [count, 16]. Bands and frames that do not fill
 * a tile, the last ones, stay. Replaced tiles come from the same place of another spectrogram of these.
 *
 * @param options.floor what black tiles are filled with
 * @throws RangeError where there is no other spectrogram, or none of them fills a tile
 */
export function scrambleTiles(
  { input, count, bands, frames }: Pictures,
  { floor, random, ...options }: PatchOptions & { floor: number; random: Random },
): { input: Float32Array; labels: Float32Array } {
  const height = Math.floor(bands / TILE_GRID.rows), width = Math.floor(frames / TILE_GRID.columns);
  if (count < 2 || height * width === 0) {
    throw new RangeError(
      `tiles cannot be replaced among ${count} spectrograms of ${bands} x ${frames}: at least two of 4 x 4 are needed`,
    );
  }
  const size = bands * frames, scrambled = input.slice();
  const labels = new Float32Array(count * TILES);
  const startOf = (clip: number, tile: number) =>
    clip * size + Math.floor(tile / TILE_GRID.columns) * height * frames +
    (tile % TILE_GRID.columns) * width;
  for (let clip = 0; clip < count; clip++) {
    const plan = drawTiles(options, random);
    const other = (clip + random.integer(1, count)) % count;
    labels.set(plan.labels, clip * TILES);
    for (let tile = 0; tile < TILES; tile++) {
      const to = startOf(clip, tile);
      const from = plan.labels[tile] === REPLACED
        ? startOf(other, tile)
        : startOf(clip, plan.from[tile]);
      for (let row = 0; row < height * frames; row += frames) {
        if (Number.isNaN(plan.labels[tile])) scrambled.fill(floor, to + row, to + row + width);
        else scrambled.set(input.subarray(from + row, from + row + width), to + row);
      }
    }
  }
  return { input: scrambled, labels };
}

/**
 * How well tiles were told apart: the share of right answers, the same for each state, and what always saying the most
 * frequent state would give.
 *
 * @param logits [count, 16, 3]
 * @param labels [count, 16], NaN where nothing was asked
 */
export function tileScores(logits: Float32Array, labels: Float32Array): Record<string, number> {
  const n = TILE_STATES.length;
  const asked = new Array(n).fill(0), right = new Array(n).fill(0);
  let loss = 0;
  for (const [at, label] of labels.entries()) {
    if (Number.isNaN(label)) continue;
    const row = logits.subarray(at * n, (at + 1) * n), highest = Math.max(...row);
    asked[label]++;
    if (row[label] === highest) right[label]++;
    loss += highest + Math.log(row.reduce((sum, z) => sum + Math.exp(z - highest), 0)) - row[label];
  }
  const all = asked.reduce((sum, k) => sum + k), hits = right.reduce((sum, k) => sum + k);
  return {
    loss: loss / all,
    tileAccuracy: hits / all,
    chance: Math.max(...asked) / all,
    ...Object.fromEntries(TILE_STATES.map((state, k) => [`recall/${state}`, right[k] / asked[k]])),
  };
}
