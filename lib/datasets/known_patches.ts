/** Relabellings that come with the project, as patches. */
import { basename } from "node:path";
import { wrongLabels } from "./demo/render.ts";
import type { Patch } from "./patch.ts";
import { loadRelabelledClips } from "./published.ts";

/** The 297 clips of IRMAS's training part that the authors of the study labelled anew by ear (D5). */
export function relabelledPatch(): Patch {
  return {
    name: "irmas-relabelled",
    version: 1,
    source: "irmas-train",
    madeBy: "ciglenecki/lumen-audio, by ear, 27 clips a class",
    changes: loadRelabelledClips().map(({ file, original, labels }) => {
      return { clip: file, from: [original], to: labels };
    }),
  };
}

/** The wrong labels that are planted in a rendered demo (D16). @throws Error when there is no such demo */
export function wrongLabelPatch(folder: string): Patch {
  return {
    name: "demo-wrong-labels",
    version: 1,
    source: "demo-train",
    madeBy: "the renderer, at random",
    changes: wrongLabels(folder).map(({ file, label, wrong }) => {
      return { clip: basename(file).normalize("NFC"), from: [label], to: [wrong] };
    }),
  };
}

/** Relabellings that are asked for by name. */
export const KNOWN_PATCHES: Readonly<Record<string, () => Patch>> = {
  "irmas-relabelled": relabelledPatch,
};
