/**
 * Training sets without doubtful labels (D16, E9): what lies below the document's cut is left out, as much as the document
 * left out, or as many at random.
 */
import { selectRows } from "../baselines/rows.ts";
import type { Random } from "../core/random.ts";
import {
  cutOfShare,
  DOCUMENT_CUTS,
  type LabelledClips,
  qualityOfClips,
} from "../curation/label_quality.ts";
import { INSTRUMENTS } from "../datasets/labels.ts";

/** What is left out: nothing, what lies below the document's cut, as much as the document left out, or planted errors. */
export const ARMS = [
  "all clips",
  "below the document's cut left out",
  "as many at random left out",
  "the document's share left out",
  "the planted ones left out",
] as const;

/** A training set's name. */
export type Arm = typeof ARMS[number];

/** The document removed 497 of 6,705 clips. */
export const DOCUMENT_SHARE = 497 / 6705;

/** The clips that each training set keeps, by their positions. Qualities come from these clips alone. */
export async function armsOf(
  clips: LabelledClips & { planted?: ArrayLike<number> },
  random: Random,
): Promise<[Arm, number[]][]> {
  const { labels, planted } = clips, all = [...labels.keys()];
  const quality = await qualityOfClips(clips, { kind: "by recording", random });
  const keep = (cut: number) => all.filter((k) => quality[k] >= cut);
  const kept = keep(DOCUMENT_CUTS.irmas);
  // as many of each instrument: what matters is which
  const atRandom = INSTRUMENTS.flatMap((_, label) =>
    random.sample(
      all.filter((k) => labels[k] === label),
      kept.filter((k) => labels[k] === label).length,
    )
  );
  return [
    ["all clips", all],
    ["below the document's cut left out", kept],
    ["as many at random left out", atRandom.sort((a, b) => a - b)],
    ["the document's share left out", keep(cutOfShare(quality, DOCUMENT_SHARE))],
    ...planted
      ? [["the planted ones left out", all.filter((k) => !planted[k])] as [Arm, number[]]]
      : [],
  ];
}

/** Some of the clips. */
export function selectClips(
  { rows, labels, files, recordings }: LabelledClips,
  indices: number[],
): LabelledClips {
  return {
    rows: selectRows(rows, indices),
    labels: Uint8Array.from(indices, (k) => labels[k]),
    files: indices.map((k) => files[k]),
    recordings: indices.map((k) => recordings[k]),
  };
}
