/** The published tables as data sets: what is known of IRMAS's and OpenMIC's clips without their sound. */
import { type Clip, type DataSet, makeClip, makeDataSet } from "./clip.ts";
import { OPENMIC_CLASSES, type OpenMicClass, openMicClip } from "./openmic_labels.ts";
import {
  clipName,
  type FeatureTable,
  loadMultiClips,
  loadOpenMicFeatures,
  loadSingleClips,
} from "./published.ts";
import { recordingOf } from "./split.ts";

/** The 6,705 clips of IRMAS's training part. */
export function publishedTraining(): DataSet {
  const clips = loadSingleClips().map(({ file, instrument, drums, ...tags }) =>
    makeClip({
      name: file,
      source: "irmas-train",
      labels: [instrument],
      group: recordingOf(file),
      tags: { ...tags, ...(drums === null ? {} : { drums }) },
      split: "train",
    })
  );
  return makeDataSet({ name: "published-train", clips });
}

/** The 2,874 clips of IRMAS's testing part. */
export function publishedTesting(): DataSet {
  const clips = loadMultiClips().map(({ file, song, labels, part, half: _, ...tags }) =>
    makeClip({
      name: file,
      source: "irmas-test",
      labels,
      group: song,
      tags: { ...tags, part: `Part${part}` },
      split: "test",
    })
  );
  return makeDataSet({ name: "published-test", clips });
}

/** The clips of OpenMIC's test partition whose features were published, by D11's rule. */
export function publishedOpenMic(): DataSet {
  const { keys, labels } = loadOpenMicFeatures(), classes = Object.keys(OPENMIC_CLASSES);
  const clips = keys.flatMap((key, row) => {
    const relevance = new Map(classes.flatMap((name, column) => {
      const value = labels[row * classes.length + column];
      return Number.isNaN(value) ? [] : [[name as OpenMicClass, value] as const];
    }));
    return openMicClip(key, { relevance, split: "test" }) ?? [];
  });
  return makeDataSet({ name: "published-openmic", clips });
}

/** Clips with a row of features each. */
export interface ClipFeatures {
  clips: Clip[];
  /** Names of the features, one a column. */
  features: string[];
  /** `[clips, features]` */
  values: Float64Array;
  /** Clips of the data set that the table does not have. */
  without: string[];
}

/**
 * Features of a data set's clips, found by name: published features go with real audio, and with the tables, alike.
 *
 * @throws Error when none of the clips is in the table
 */
export function joinFeatures(
  { name, clips }: DataSet,
  { files, features, values }: Pick<FeatureTable, "files" | "features" | "values">,
): ClipFeatures {
  const rows = new Map(files.map((file, row) => [clipName(file), row]));
  const found = clips.filter((clip) => rows.has(clipName(clip.name)));
  if (found.length === 0) {
    throw new Error(
      `none of the ${clips.length} clips of ${name} is among the table's ${files.length}`,
    );
  }
  const width = features.length, out = new Float64Array(found.length * width);
  found.forEach((clip, k) => {
    const row = rows.get(clipName(clip.name))!;
    out.set(values.subarray(row * width, (row + 1) * width), k * width);
  });
  const without = clips.filter((clip) => !rows.has(clipName(clip.name))).map((clip) => clip.name);
  return { clips: found, features, values: out, without };
}
