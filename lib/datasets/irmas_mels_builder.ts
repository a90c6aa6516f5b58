/**
 * The pack of IRMAS's mel spectrograms: `mel` [clips, 128, 94] bytes and `name` "class/clip".
 *
 * IRMAS may not be redistributed, and its spectrograms may not either: whoever has the audio makes the
 * pack from it, or takes one that was made before.
 */
import { join } from "node:path";
import { exists, writeAtomically } from "../core/files.ts";
import { type NpyArray, readNpz, writeNpz } from "../core/npz.ts";
import { projectPath } from "../core/paths.ts";
import { trainingFolder } from "./irmas_clips.ts";
import { type Instrument, INSTRUMENTS, isInstrument } from "./labels.ts";
import { listFolder } from "./listing.ts";
import { IRMAS_TRAINING_COUNTS } from "./published_counts.ts";
import { type FeatureOptions, featuresOf, type Skipped } from "../features/cache.ts";
import { chunk, chunkFrames } from "../features/chunks.ts";
import { IRMAS_MELS_FRONT_END } from "../features/front_end.ts";

const DEFAULT_OUT = projectPath("data", "irmas_mels", "pack.npz");
const N_MELS = IRMAS_MELS_FRONT_END.nMels, FRAMES = chunkFrames(IRMAS_MELS_FRONT_END);

/** What a pack holds. */
export interface PackSummary {
  path: string;
  clips: number;
  byClass: Record<Instrument, number>;
  /** Whether every class has as many clips as IRMAS. */
  complete: boolean;
  /** Sound files that could not be used. */
  skipped: Skipped[];
}

/**
 * Makes the pack from audio, on all cores; killed and called again, it goes on.
 *
 * @param root IRMAS-TrainingData, with one folder of WAV files a class, or the folder it is in
 * @param out the pack; default: data/irmas_mels/pack.npz
 * @throws Error when there is no class folder, or no file in them can be read
 */
export async function buildIrmasMels(
  { root, out = DEFAULT_OUT, ...options }: { root: string; out?: string } & FeatureOptions,
): Promise<PackSummary> {
  const files = listClips(root);
  const { paths, mels, skipped } = await featuresOf([...files.keys()], IRMAS_MELS_FRONT_END, {
    label: "IRMAS mel spectrograms",
    ...options,
  });
  if (paths.length === 0) {
    throw new Error(`none of the ${files.size} WAV files below ${root} can be read`);
  }
  const size = N_MELS * FRAMES, mel = new Uint8Array(paths.length * size);
  // Every clip of IRMAS is 3 s long; one that is not is cut, or completed by its beginning.
  mels.forEach((clip, k) =>
    mel.set(chunk([clip], IRMAS_MELS_FRONT_END).data.subarray(0, size), k * size)
  );
  const names = paths.map((path) => files.get(path)!);
  await writeNpz(out, {
    mel: { shape: [names.length, N_MELS, FRAMES], data: mel },
    name: { shape: [names.length], data: names },
  });
  return summarize(out, names, skipped);
}

/**
 * Takes a pack that was made before: checks it, and copies it to where the project looks for it.
 *
 * @throws Error that names the pack and says what is wrong with it
 */
export async function adoptIrmasMelsPack(
  { pack, out = DEFAULT_OUT }: { pack: string; out?: string },
): Promise<PackSummary> {
  const names = checkPack(pack, await readNpz(pack));
  writeAtomically(out, await Deno.readFile(pack));
  return summarize(out, names, []);
}

/** Sound files by path, with their names in the pack; by class in the labels' order, then by name. */
function listClips(root: string): Map<string, string> {
  const folder = trainingFolder(root);
  const clips = folder === undefined ? [] : INSTRUMENTS
    .filter((code) => exists(join(folder, code)))
    .flatMap((code) =>
      listFolder(join(folder, code))
        .filter(({ name }) => name.toLowerCase().endsWith(".wav"))
        .map(({ name }) =>
          [join(folder, code, name), `${code}/${name.slice(0, -4)}`.normalize("NFC")] as const
        )
    );
  if (clips.length === 0) {
    throw new Error(
      `cannot build IRMAS mels: no WAV file in a folder ${INSTRUMENTS.join(", ")} below ${root}; ` +
        "give the path of IRMAS-TrainingData",
    );
  }
  return new Map(clips);
}

function checkPack(path: string, arrays: ReadonlyMap<string, NpyArray>): string[] {
  const refuse = (what: string) => new Error(`cannot use ${path} as a pack of IRMAS mels: ${what}`);
  const mel = arrays.get("mel"), name = arrays.get("name");
  if (!mel || !name) {
    throw refuse(`it holds ${[...arrays.keys()].join(", ") || "no array"}, not "mel" and "name"`);
  }
  const [clips, ...rest] = mel.shape;
  if (mel.dtype !== "|u1" || rest.join() !== [N_MELS, FRAMES].join() || clips === 0) {
    throw refuse(
      `"mel" is (${mel.shape}) of ${mel.dtype}, not (clips, ${N_MELS}, ${FRAMES}) of |u1`,
    );
  }
  if (!name.dtype.startsWith("<U") || name.shape.join() !== String(clips)) {
    throw refuse(`"name" is (${name.shape}) of ${name.dtype}, not (${clips}) texts`);
  }
  const names = name.data as string[];
  const odd = names.find((text) =>
    !isInstrument(text.split("/")[0]) || text.split("/").length !== 2
  );
  if (odd !== undefined) {
    throw refuse(`the name "${odd}" is not "class/clip" with a class of ${INSTRUMENTS.join(" ")}`);
  }
  if (new Set(names).size !== clips) throw refuse("a name is in it twice");
  return names;
}

function summarize(path: string, names: readonly string[], skipped: Skipped[]): PackSummary {
  const byClass = Object.fromEntries(INSTRUMENTS.map((code) => [
    code,
    names.filter((name) => name.startsWith(`${code}/`)).length,
  ])) as Record<Instrument, number>;
  const complete = INSTRUMENTS.every((code) => byClass[code] === IRMAS_TRAINING_COUNTS[code]);
  return { path, clips: names.length, byClass, complete, skipped };
}
