/** Masked autoencoding (X2): squares of spectrograms are hidden; what was there? */
import type { Random } from "../../core/random.ts";
import type { Pictures } from "./patches.ts";

/** What is hidden. */
export interface MaskOptions {
  /** Share of the squares, in (0, 1); SparK's is 0.6. */
  share: number;
  /** Bands and frames of a square. */
  patch: number;
}

/** As many frames as there are, completed to a multiple of 32. */
export const maskedFrames = (frames: number) => Math.ceil(frames / 32) * 32;

/**
 * Spectrograms with some squares hidden: NaN in the input. The labels are what was there, normalised by square as in SparK
 * and MAE (mean 0, variance 1 with n - 1, plus 1e-6), and NaN where nothing was hidden. Spectrograms are completed to
 * {@link maskedFrames} by going on from their first frame.
 *
 * @returns input and labels, [count, bands, maskedFrames]
 * @throws RangeError for bands that are no multiple of 32, and for a square that does not divide them and the frames
 */
export function hideSquares(
  { input, count, bands, frames: given }: Pictures,
  { share, patch, random }: MaskOptions & { random: Random },
): { input: Float32Array; labels: Float32Array } {
  const frames = maskedFrames(given);
  if (bands % 32 !== 0 || bands % patch !== 0 || frames % patch !== 0) {
    throw new RangeError(
      `spectrograms of ${bands} bands and ${frames} frames cannot be cut into squares of ${patch}: bands must be a multiple of 32, and of the squares' side as the frames`,
    );
  }
  const rows = bands / patch, columns = frames / patch, squares = [...Array(rows * columns).keys()];
  const hidden = Math.round(share * squares.length), size = bands * frames;
  const masked = new Float32Array(count * size), labels = new Float32Array(count * size).fill(NaN);
  for (let line = 0; line < count * bands; line++) {
    for (let t = 0; t < frames; t++) masked[line * frames + t] = input[line * given + t % given];
  }
  for (let clip = 0; clip < count; clip++) {
    for (const square of random.sample(squares, hidden)) {
      const start = clip * size + Math.floor(square / columns) * patch * frames +
        (square % columns) * patch;
      hide(masked, labels, { start, patch, frames });
    }
  }
  return { input: masked, labels };
}

/** Moves a square's values, normalised, to the labels. */
function hide(
  values: Float32Array,
  labels: Float32Array,
  { start, patch, frames }: { start: number; patch: number; frames: number },
): void {
  const places = Array.from(
    { length: patch * patch },
    (_, k) => start + Math.floor(k / patch) * frames + k % patch,
  );
  const mean = places.reduce((sum, at) => sum + values[at], 0) / places.length;
  const squares = places.reduce((sum, at) => sum + (values[at] - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (places.length - 1) + 1e-6);
  for (const at of places) {
    labels[at] = (values[at] - mean) / deviation;
    values[at] = NaN;
  }
}

/**
 * How well the hidden was filled in: the mean squared error of normalised values, and that of each square's own mean,
 * which is what a network that knows no more than how loud a square is would give.
 *
 * @param values [count, places]
 * @param labels [count, places], NaN where nothing was hidden
 */
export function maskScores(values: Float32Array, labels: Float32Array): Record<string, number> {
  let error = 0, energy = 0, hidden = 0;
  for (const [at, label] of labels.entries()) {
    if (Number.isNaN(label)) continue;
    error += (values[at] - label) ** 2;
    energy += label ** 2;
    hidden++;
  }
  return { error: error / hidden, errorOfMeans: energy / hidden };
}
