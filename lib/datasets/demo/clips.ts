/** The demo as a data set: what its truth table knows of every file (D0). */
import { basename } from "node:path";
import { type DataSet, makeClip, makeDataSet } from "../clip.ts";
import { demoClips } from "./truth.ts";

/** The clips of a rendered demo, the deliberately bad ones too. @throws Error as {@link demoClips} */
export function readDemo(folder: string): DataSet {
  const clips = demoClips(folder).map((
    { file, path, part, labels, recording, seconds, ...truth },
  ) =>
    makeClip({
      name: basename(file).normalize("NFC"),
      path,
      source: part === "train" ? "demo-train" : "demo-songs",
      labels,
      group: recording,
      seconds,
      split: part === "train" ? "train" : "test",
      tags: {
        genre: truth.genre,
        drums: truth.drums,
        key: truth.key,
        tempo: truth.tempo,
        ...(truth.fault ? { fault: truth.fault } : {}),
      },
    })
  );
  return makeDataSet({ name: "demo", clips });
}
