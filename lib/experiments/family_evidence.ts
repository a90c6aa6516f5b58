/** What the finished runs say of a family of experiments. */
import type { ClaimSources } from "./claims.ts";
import {
  type ComparedVariant,
  compareFamily,
  type Comparison,
  type Measure,
} from "./comparison.ts";
import { readRun } from "./evidence.ts";
import { type Family, type Preset, PRESETS } from "./family.ts";
import { isCurrent, planFamily, type PlannedVariant, type PlanOptions } from "./plan.ts";
import { finishedRuns, type RunFolder, withoutSeed } from "./run_folder.ts";
import type { ScoredRun } from "./scored_rows.ts";

/** A comparison of a family whose runs are there, at least one of the base and of a variant. */
export interface FamilyEvidence {
  preset: Preset;
  /** The base's recipe. */
  base: string;
  comparison: Comparison;
  /** Variants that have no finished run yet. */
  missing: string[];
}

/** Runs by their settings, each read once. */
class FinishedRuns {
  readonly #folders: Map<string, RunFolder[]>;
  readonly #read = new Map<string, ScoredRun>();

  constructor(folders: readonly RunFolder[]) {
    this.#folders = Map.groupBy(folders, ({ name }) => withoutSeed(name));
  }

  /** A variant's finished runs, by seed: more than the plan asks for, where there are more. */
  of({ runs: [first] }: PlannedVariant): ScoredRun[] {
    return (this.#folders.get(withoutSeed(first.name)) ?? [])
      .filter(isCurrent)
      .map((folder) =>
        this.#read.getOrInsertComputed(
          folder.name,
          () => readRun<ScoredRun["result"]>(folder, { metrics: false }),
        )
      )
      .sort((a, b) => a.config.seed - b.config.seed);
  }
}

/**
 * The comparisons of families that can be made, by the families' numbers, in all presets.
 *
 * @param families by their numbers
 * @throws Error as {@link compareFamily}
 */
export async function gatherEvidence(
  families: Readonly<Record<string, Family>>,
  { resolve, roots }: Pick<PlanOptions, "resolve" | "roots">,
): Promise<Map<string, FamilyEvidence[]>> {
  const runs = new FinishedRuns(
    finishedRuns({ roots: roots && [roots.shared, roots.local] }),
  );
  const evidence = new Map<string, FamilyEvidence[]>();
  for (const [id, family] of Object.entries(families)) {
    const found: FamilyEvidence[] = [];
    for (const preset of PRESETS.filter((preset) => family.presets[preset])) {
      for (const planned of await planFamily(id, family, { preset, resolve, roots })) {
        const base = runs.of(planned.base);
        const variants = planned.variants.map((variant) => ({
          name: variant.name,
          runs: runs.of(variant),
        }));
        const there = variants.filter((variant) => variant.runs.length > 0);
        if (base.length === 0 || there.length === 0) continue;
        found.push({
          preset,
          base: planned.base.recipe,
          comparison: compareFamily({ base, variants: there }),
          missing: variants.filter((variant) => variant.runs.length === 0).map(({ name }) => name),
        });
      }
    }
    evidence.set(id, found);
  }
  return evidence;
}

/** Measures by the short names that claims have for them. */
const SHORT: Readonly<Record<string, Measure>> = {
  heldOut: "heldOut.accuracy",
  relabelled: "relabelled.macroF1",
  mixturesOfTwo: "mixturesOfTwo.macroF1",
  mixturesOfThree: "mixturesOfThree.macroF1",
  songs: "songs.macroF1",
  recall: "mixturesOfTwo.recall",
  precision: "mixturesOfTwo.precision",
  hamming: "mixturesOfTwo.hamming",
};

/**
 * A variant in a family's evidence by one measure, of several comparisons the first.
 *
 * @param measure a measure's name, or a short one: "mixturesOfTwo", "heldOut", "recall" ...
 * @returns undefined where it was not compared
 */
export function comparedVariant(
  evidence: readonly FamilyEvidence[],
  variant: string,
  measure: string,
): ComparedVariant | undefined {
  const wanted = SHORT[measure] ?? measure;
  for (const { comparison: { measures } } of evidence) {
    const found = measures.find((compared) => compared.measure === wanted)
      ?.variants.find(({ name }) => name === variant);
    if (found) return found;
  }
}

/** {@link comparedVariant} of all families, as claims ask for it. */
export const differencesOf =
  (evidence: ReadonlyMap<string, readonly FamilyEvidence[]>): ClaimSources["difference"] =>
  (family, variant, measure) => {
    const found = comparedVariant(evidence.get(family) ?? [], variant, measure);
    return found && { ...found.difference, verdict: found.verdict };
  };
