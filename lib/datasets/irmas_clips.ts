/**
 * IRMAS as it is downloaded and unpacked, as a data set (D1, D2).
 *
 *     IRMAS-TrainingData/cel/[cel][cla]0001__1.wav
 *     IRMAS-TestingData-Part1/Part1/(02) dont kill the whale-1.wav  and  ...-1.txt
 *
 * The parts of the testing archive may lie in one folder IRMAS-TestingData, or beside each other.
 */
import { basename, join } from "node:path";
import {
  type Clip,
  type DataSet,
  joinDataSets,
  makeClip,
  makeDataSet,
  type Problem,
} from "./clip.ts";
import { readText } from "./csv.ts";
import {
  parseLabels,
  parseTestingName,
  parseTrainingName,
  TESTING_FOLDER,
  TRAINING_FOLDER,
} from "./irmas.ts";
import { type Instrument, INSTRUMENTS, isInstrument } from "./labels.ts";
import { isFolder, isSoundFile, listFolder } from "./listing.ts";

/** The parts of the testing archive. */
const PARTS = ["Part1", "Part2", "Part3"] as const;

/** The folder of the training part: `root` itself, or the one in it; undefined where there is none. */
export function trainingFolder(root: string): string | undefined {
  return [join(root, TRAINING_FOLDER), root]
    .find((folder) => INSTRUMENTS.some((code) => isFolder(join(folder, code))));
}

/** The folders of the testing parts that are there. */
function testingFolders(root: string): { part: string; folder: string }[] {
  return PARTS.flatMap((part) => {
    const archive = join(root, `${TESTING_FOLDER}-${part}`);
    // in copies of the second archive the folder in it is called IRTestingData-Part2
    const inside = isFolder(archive)
      ? listFolder(archive).map(({ name }) => join(archive, name))
      : [];
    const folder = [...inside, archive, join(root, TESTING_FOLDER, part), join(root, part)]
      .find((path) => isFolder(path) && listFolder(path).some(({ name }) => isSoundFile(name)));
    return folder === undefined ? [] : [{ part, folder }];
  });
}

/**
 * IRMAS's clips, of the training and of the testing part, as far as they are there.
 *
 * @param root the folder that the archives were unpacked in, or IRMAS-TrainingData itself
 * @throws Error that says what was expected, when neither part is there
 */
export function readIrmas(root: string): DataSet {
  const training = trainingFolder(root), parts = testingFolders(root);
  if (training === undefined && parts.length === 0) {
    throw new Error(
      `there is no IRMAS in ${root}: expected ${TRAINING_FOLDER} with a folder for each of ${
        INSTRUMENTS.join(" ")
      }, or ${TESTING_FOLDER}-Part1/Part1`,
    );
  }
  const sets = [
    ...(training === undefined ? [] : [readTraining(training)]),
    ...parts.map(readTestingPart),
  ];
  return joinDataSets("irmas", sets);
}

function readTraining(folder: string): DataSet {
  const clips: Clip[] = [], problems: Problem[] = [];
  for (const { name } of listFolder(folder)) {
    const path = join(folder, name), where = join(basename(folder), name);
    if (isSoundFile(name)) problems.push({ where, what: "it lies in no class's folder" });
    if (!isFolder(path)) continue;
    if (!isInstrument(name)) {
      const what = `the folder is named after no class; known: ${INSTRUMENTS.join(" ")}`;
      problems.push({ where, what });
      continue;
    }
    for (const file of listFolder(path).filter((entry) => isSoundFile(entry.name))) {
      try {
        clips.push(readTrainingClip(join(path, file.name), name));
      } catch (error) {
        problems.push({ where: join(where, file.name), what: (error as Error).message });
      }
    }
  }
  return makeDataSet({ name: "irmas-train", clips, problems });
}

function readTrainingClip(path: string, folder: Instrument): Clip {
  const name = basename(path).normalize("NFC");
  const { instrument, drums, genre, recording } = parseTrainingName(name);
  if (instrument !== folder) {
    throw new Error(`its name says ${instrument}, its folder ${folder}`);
  }
  return makeClip({
    name,
    path,
    source: "irmas-train",
    labels: [instrument],
    group: recording,
    tags: { genre, ...(drums === null ? {} : { drums }) },
    split: "train",
  });
}

function readTestingPart({ part, folder }: { part: string; folder: string }): DataSet {
  const clips: Clip[] = [], problems: Problem[] = [];
  const files = listFolder(folder).map(({ name }) => name);
  // a clip and its labels may write the same letters in different ways
  const stem = (name: string) => name.normalize("NFC").replace(/\.\w+$/, "");
  const labels = new Map(
    files.filter((name) => name.endsWith(".txt")).map((name) => [stem(name), name]),
  );
  for (const name of files.filter(isSoundFile)) {
    const text = labels.get(stem(name)), where = join(part, name);
    labels.delete(stem(name));
    try {
      if (text === undefined) throw new Error(`there is no label file ${stem(name)}.txt beside it`);
      clips.push(readTestingClip({ path: join(folder, name), text: join(folder, text), part }));
    } catch (error) {
      problems.push({ where, what: (error as Error).message });
    }
  }
  for (const name of labels.values()) {
    // a README is no label file
    if (/-\s*\d+\.txt$/.test(name)) {
      problems.push({ where: join(part, name), what: "there is no sound file to these labels" });
    }
  }
  return makeDataSet({ name: "irmas-test", clips, problems });
}

function readTestingClip(
  { path, text, part }: { path: string; text: string; part: string },
): Clip {
  const name = basename(path).normalize("NFC");
  const { song } = parseTestingName(name);
  return makeClip({
    name,
    path,
    source: "irmas-test",
    labels: parseLabels(readText(text), basename(text)),
    group: song,
    tags: { part },
    split: "test",
  });
}
