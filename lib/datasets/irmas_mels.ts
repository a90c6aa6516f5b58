/**
 * Real log-mel spectrograms of IRMAS's 6,705 training clips, and the 297 of them that human ears relabelled.
 *
 * IRMAS may not be redistributed, so the pack is not part of the project: it is made from IRMAS audio, or
 * taken from a file that one has.
 */
import { exists } from "../core/files.ts";
import { readNpz } from "../core/npz.ts";
import { projectPath } from "../core/paths.ts";
import { targetsOf } from "./clip.ts";
import { instrumentIndex } from "./labels.ts";
import { clipName, loadRelabelledClips, type RelabelledClip } from "./published.ts";
import { recordingOf } from "./split.ts";

/** Length of a clip. */
export const CLIP_SECONDS = 3;
/** Mel bands of a clip, low first. */
export const MEL_BANDS = 128;
/** Frames of a clip. */
export const MEL_FRAMES = 94;
/** Values of a clip. */
export const MEL_SIZE = MEL_BANDS * MEL_FRAMES;

/** All clips of a pack. */
export interface IrmasMels {
  /** `[count, 128, 94]`; 0 to 255 stand for -80 to 0 dB relative to the clip's maximum. */
  mel: Uint8Array;
  /** Class and clip, e.g. `cel/[cel][cla]0001__1`. */
  names: string[];
  /** Each clip's instrument, as its position in the labels' order. */
  labels: Uint8Array;
  /** Each clip's recording: its name without the last `__n`. */
  recordings: string[];
  count: number;
}

/** Where the pack is: `LUMEN_IRMAS_MELS`, or `data/irmas_mels/pack.npz`. */
export function irmasMelsPath(): string {
  return Deno.env.get("LUMEN_IRMAS_MELS") || projectPath("data", "irmas_mels", "pack.npz");
}

/** Whether the pack is there. */
export function hasIrmasMels(path: string = irmasMelsPath()): boolean {
  return exists(path);
}

/**
 * Loads the pack: an .npz with `mel` (uint8, `[count, 128, 94]`) and `name` (`class/clip`).
 *
 * @throws Error that names the file and says how to get it, when it is missing or holds something else
 */
export async function loadIrmasMels(path: string = irmasMelsPath()): Promise<IrmasMels> {
  if (!hasIrmasMels(path)) {
    throw new Error(
      `there is no pack of IRMAS spectrograms at ${path}: make it from IRMAS audio with ` +
        "`./lumen data irmas-mels --root PATH`, or take one you have with `./lumen data irmas-mels --pack FILE`",
    );
  }
  const arrays = await readNpz(path, { only: ["mel", "name"] });
  const mel = arrays.get("mel")!, name = arrays.get("name")!;
  const [count] = name.shape;
  const shape = [count, MEL_BANDS, MEL_FRAMES].join();
  if (!(mel.data instanceof Uint8Array) || mel.shape.join() !== shape) {
    throw new Error(
      `${path}: "mel" is ${mel.dtype} of shape (${mel.shape}), not uint8 of shape (${shape})`,
    );
  }
  const names = (name.data as string[]).map((text) => text.normalize("NFC"));
  try {
    return {
      mel: mel.data,
      names,
      labels: Uint8Array.from(names, (text) => instrumentIndex(text.split("/")[0])),
      recordings: names.map(recordingOf),
      count,
    };
  } catch (error) {
    throw new Error(`${path}: names are not class/clip: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Clips whose labels human ears corrected. */
export interface RelabelledTest {
  /** The clips' numbers in the pack. */
  indices: Int32Array;
  /** 0 or 1, `[clips, 11]` */
  targets: Uint8Array;
  /** Their recordings: no training run may see any clip of them. */
  recordings: Set<string>;
}

/**
 * The real multi-label test: relabelled clips, found in the pack by name.
 *
 * @param clips default: the 297 published ones
 * @throws Error with the names that are not in the pack
 */
export function relabelledTest(
  mels: IrmasMels,
  clips: readonly RelabelledClip[] = loadRelabelledClips(),
): RelabelledTest {
  const stem = (name: string) => clipName(name).replace(/\.wav$/, "");
  const numbers = new Map(mels.names.map((name, k) => [stem(name), k]));
  const missing = clips.filter(({ file }) => !numbers.has(stem(file)));
  if (missing.length > 0) {
    throw new Error(
      `${missing.length} relabelled clips are not among the ${mels.count} spectrograms: ` +
        missing.slice(0, 3).map(({ file }) => file).join(", "),
    );
  }
  const indices = Int32Array.from(clips, ({ file }) => numbers.get(stem(file))!);
  const recordings = new Set(Array.from(indices, (k) => mels.recordings[k]));
  return { indices, targets: targetsOf(clips), recordings };
}

/** The clips of some recordings, ascending. */
export function clipsOf(mels: IrmasMels, recordings: ReadonlySet<string>): Int32Array {
  return Int32Array.from(mels.recordings.keys().filter((k) => recordings.has(mels.recordings[k])));
}

/**
 * The clips to train on: all but those of the held-out fold and of the excluded recordings.
 *
 * @param options.folds the recordings of each fold, from `readFolds`
 * @param options.fold the number of the held-out fold
 * @param options.exclude further recordings to keep away, e.g. the relabelled test's
 * @throws RangeError when there is no such fold
 */
export function trainingIndices(
  mels: IrmasMels,
  { folds, fold, exclude = new Set() }: {
    folds: readonly (readonly string[])[];
    fold: number;
    exclude?: ReadonlySet<string>;
  },
): Int32Array {
  const held = heldOut(folds, fold);
  return Int32Array.from(
    mels.recordings.keys().filter((k) => {
      const recording = mels.recordings[k];
      return !held.has(recording) && !exclude.has(recording);
    }),
  );
}

/** The clips of the held-out fold. @throws RangeError when there is no such fold. */
export function heldOutIndices(
  mels: IrmasMels,
  { folds, fold }: { folds: readonly (readonly string[])[]; fold: number },
): Int32Array {
  return clipsOf(mels, heldOut(folds, fold));
}

function heldOut(folds: readonly (readonly string[])[], fold: number): Set<string> {
  if (!folds[fold]) throw new RangeError(`there is no fold ${fold} among ${folds.length}`);
  return new Set(folds[fold]);
}
