/** What came out of every family of experiments, in Markdown: for docs/families.md. */
import { FAMILIES } from "../experiments/recipes/families/mod.ts";
import { resolveRecipe } from "../experiments/recipes/mod.ts";
import { exists } from "../lib/core/files.ts";
import { projectPath } from "../lib/core/paths.ts";
import type { ComparedVariant, Measure } from "../lib/experiments/comparison.ts";
import type { Family } from "../lib/experiments/family.ts";
import { type FamilyEvidence, gatherEvidence } from "../lib/experiments/family_evidence.ts";
import { signed, signedInterval, verdictOf } from "../lib/plots/comparison.ts";
import { markdownTable } from "./markdown_table.ts";

/** What is shown, where a family has it, behind what it is judged by. */
const SHOWN: readonly Measure[] = [
  "mixturesOfTwo.macroF1",
  "songs.macroF1",
  "mixturesOfTwo.rankingAveragePrecision",
  "songs.rankingAveragePrecision",
  "heldOut.accuracy",
  "relabelled.macroF1",
];

const cell = (variant: ComparedVariant) =>
  `${signed(variant.difference.value)} (${signedInterval(variant)})`;

/** A comparison: its base's values, and how the variants differ from them. */
function comparisonPart({ preset, base, comparison, missing }: FamilyEvidence): string {
  const { measures, variants } = comparison, [judged] = measures;
  const shown = [...new Set([judged.measure, ...SHOWN])]
    .flatMap((name) => measures.find(({ measure }) => measure === name) ?? []);
  const table = markdownTable([
    ["", "seeds", ...shown.map(({ title }) => title), "verdict", "visible"],
    [base, `${comparison.base.runs.length}`, ...shown.map((m) => m.base.mean.toFixed(3)), "", ""],
    ...variants.map(({ name, runs }, k) => [
      name,
      `${runs.length}`,
      ...shown.map((measure) => cell(measure.variants[k])),
      verdictOf(judged.variants[k]),
      judged.variants[k].visible.toFixed(3),
    ]),
  ]);
  const left = missing.length > 0 ? `\n\nNot run yet: ${missing.join(", ")}.` : "";
  return `Preset \`${preset}\`, judged by ${judged.title}:\n\n${table}${left}`;
}

function familyPart(id: string, family: Family, evidence: readonly FamilyEvidence[]): string {
  const { title, question, study, remark } = family;
  const isCompared = Object.keys(family.presets).length > 0;
  const commands = [
    ...isCompared ? [`./lumen experiment ${id}`] : [],
    ...study ? [study.command] : [],
  ];
  const runs = evidence.length > 0 ? evidence.map(comparisonPart).join("\n\n") : "Not run yet.";
  return [
    `## ${id}: ${title}`,
    `${question} ${commands.map((command) => `\`${command}\``).join(", ")}`,
    ...isCompared ? [runs] : [],
    ...study ? [`${isCompared ? "Also answered" : "Answered"} by ${studyOf(study)}.`] : [],
    ...remark ? [remark] : [],
  ].join("\n\n");
}

/** A study's file, where it was made. */
function studyOf({ file }: NonNullable<Family["study"]>): string {
  return exists(projectPath(file))
    ? `[${file}](../${file}), shown in the notebooks`
    : `${file}, which was not made yet`;
}

/** All families. @param runs names of those that count */
export async function familiesSection(runs: readonly string[]): Promise<string> {
  const evidence = await gatherEvidence(FAMILIES, { resolve: resolveRecipe, among: new Set(runs) });
  return Object.entries(FAMILIES)
    .map(([id, family]) => familyPart(id, family, evidence.get(id)!))
    .join("\n\n");
}
