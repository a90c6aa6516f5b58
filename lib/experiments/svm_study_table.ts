/** The study of support vector machines as text. */
import type { Interval } from "../evaluation/bootstrap.ts";
import type { StudyMeasure, SvmStudyResult, SystemScore } from "./svm_study.ts";

/** The measures that are shown, with their heads. */
const COLUMNS: [StudyMeasure, string][] = [
  ["accuracy", "accuracy"],
  ["hammingDistance", "Hamming dist."],
  ["macroF1", "macro-F1"],
  ["microF1", "micro-F1"],
  ["rankingAveragePrecision", "LRAP"],
];

/** All systems with their intervals, the document's numbers in a line of their own below the machine that they are of. */
export function formatSvmStudy({ train, test, systems, trivial, choices }: SvmStudyResult): string {
  const number = ({ value, low, high }: Interval) =>
    `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  const line = (score: SystemScore) => [
    score.name,
    score.scaler,
    score.threshold.toFixed(2),
    ...COLUMNS.map(([measure]) => number(score[measure])),
  ];
  const lines = [
    ["", "scaled by", "above", ...COLUMNS.map(([, head]) => head)],
    ...systems.flatMap((system, k) => {
      const { document, name } = system;
      if (!document || systems[k + 1]?.name === name) return [line(system)];
      const known: Partial<Record<StudyMeasure, number>> = { ...document };
      const theirs = COLUMNS.map(([measure]) => known[measure]?.toFixed(4) ?? "");
      return [line(system), ["  the document", system.scaler, "", ...theirs]];
    }),
    ...trivial.map(line),
  ];
  const widths = lines[0].map((_, k) => Math.max(...lines.map((cells) => cells[k].length)));
  return [
    `Learnt from ${train.clips} clips of ${train.recordings} recordings by ${train.features} features, tried on ` +
    `${test.clips} clips of ${test.songs} songs; 95 % intervals over songs.`,
    "Accuracy is by label. The document's numbers are of 28 other features and a third of the test part, scaled by itself.",
    "Thresholds above 0 are the best of the training part out of fold, recordings kept together.",
    "",
    ...lines.map((cells) => cells.map((cell, k) => cell.padEnd(widths[k])).join("  ").trimEnd()),
    "",
    "Width and C by instrument (average precision out of fold):",
    ...choices.map(({ instrument, kernel, gamma, C, averagePrecision }) =>
      `  ${instrument}  ${kernel}${gamma === null ? "" : `, gamma ${gamma}`}, C ${C}: ${
        averagePrecision.toFixed(3)
      }`
    ),
  ].join("\n");
}
