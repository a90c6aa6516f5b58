/** What the finished runs say of a family of experiments. */
import type { ClaimSources } from "./claims.ts";
import {
  type ComparedVariant,
  compareFamily,
  type Comparison,
  type Measure,
} from "./comparison.ts";
import { type ComparedSpeed, compareSpeed } from "./convergence.ts";
import { readRun } from "./evidence.ts";
import { type Family, type Preset, PRESETS } from "./family.ts";
import { planFamily, type PlannedVariant, type PlanOptions } from "./plan.ts";
import { finishedRuns, RUN_ROOTS, type RunFolder, withoutSeed } from "./run_folder.ts";
import { type Part, scoredRows, type ScoredRun } from "./scored_rows.ts";

/** A comparison of a family whose runs are there, at least one of the base and of a variant. */
export interface FamilyEvidence {
  preset: Preset;
  /** The base's recipe. */
  base: string;
  /** The family's own measure first, where it has one. */
  comparison: Comparison;
  /** Variants that have no finished run yet. */
  missing: string[];
  /** The runs by variant, those of "base" among them. */
  runs: ReadonlyMap<string, readonly ScoredRun[]>;
  /** How fast the variants converge, of those with several runs; read when it is asked for. */
  speeds: () => readonly ComparedSpeed[];
}

/** Runs by their settings, each read once. */
class FinishedRuns {
  readonly #folders: Map<string, RunFolder[]>;
  readonly #read = new Map<string, ScoredRun>();

  constructor(folders: readonly RunFolder[]) {
    this.#folders = Map.groupBy(folders, ({ name }) => withoutSeed(name));
  }

  /** The folders of a variant's finished runs: more than the plan asks for, where there are more. */
  folders({ runs: [first] }: PlannedVariant): RunFolder[] {
    return (this.#folders.get(withoutSeed(first.name)) ?? []).filter((folder) => folder.isCurrent);
  }

  /** A variant's finished runs, by seed. */
  of(variant: PlannedVariant): ScoredRun[] {
    return this.folders(variant)
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
 * @param options.among names of the runs that count. Default: all
 * @returns without the comparisons that cannot be made, of which it is told why
 */
export async function gatherEvidence(
  families: Readonly<Record<string, Family>>,
  { resolve, roots, among }: Pick<PlanOptions, "resolve" | "roots"> & {
    among?: ReadonlySet<string>;
  },
): Promise<Map<string, FamilyEvidence[]>> {
  // what others can see: what is said of families must not rest on runs of this place alone
  const folders = finishedRuns({ roots: [(roots ?? RUN_ROOTS).shared] });
  const runs = new FinishedRuns(folders.filter(({ name }) => among?.has(name) ?? true));
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
        let comparison: Comparison;
        try {
          comparison = judgedBy(family.measure, compareFamily({ base, variants: there }));
        } catch (error) {
          // one broken run must not keep the other families from being told
          console.error(`${id}, variants of ${planned.base.recipe}: ${(error as Error).message}`);
          continue;
        }
        const metricsOf = (variant: PlannedVariant) =>
          runs.folders(variant).map((folder) => folder.readMetrics());
        let speeds: ComparedSpeed[] | undefined;
        found.push({
          preset,
          base: planned.base.recipe,
          comparison,
          runs: new Map([...there.map(({ name, runs }) => [name, runs] as const), ["base", base]]),
          missing: variants.filter((variant) => variant.runs.length === 0).map(({ name }) => name),
          speeds: () =>
            speeds ??= compareSpeed({
              base: metricsOf(planned.base),
              variants: planned.variants.map((variant) => ({
                name: variant.name,
                runs: metricsOf(variant),
              })),
            }),
        });
      }
    }
    evidence.set(id, found);
  }
  return evidence;
}

/** A comparison with a measure as its first, where it has it. */
const judgedBy = (measure: Measure | undefined, comparison: Comparison): Comparison => ({
  ...comparison,
  measures: comparison.measures.toSorted((a, b) =>
    Number(b.measure === measure) - Number(a.measure === measure)
  ),
});

/** Measures by the short names that claims have for them. */
const SHORT: Readonly<Record<string, Measure>> = {
  heldOut: "heldOut.accuracy",
  relabelled: "relabelled.macroF1",
  mixturesOfTwo: "mixturesOfTwo.macroF1",
  mixturesOfThree: "mixturesOfThree.macroF1",
  songs: "songs.macroF1",
  ranking: "mixturesOfTwo.rankingAveragePrecision",
  recall: "mixturesOfTwo.recall",
  precision: "mixturesOfTwo.precision",
  hamming: "mixturesOfTwo.hamming",
  noise: "noise.accuracy",
  noiseChange: "noise.change",
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

/** {@link comparedVariant} of all families, and differences between any two of their variants, as claims ask for them. */
export function differencesOf(
  evidence: ReadonlyMap<string, readonly FamilyEvidence[]>,
): Pick<ClaimSources, "difference" | "between"> {
  /** The comparisons that have a variant, by its name and family's. */
  const holding = (name: string) => {
    const [family, variant] = name.split(":");
    return (evidence.get(family) ?? []).flatMap(({ base, runs }) => {
      const own = runs.get(variant);
      return own ? [{ base, runs: own }] : [];
    });
  };
  return {
    difference(family, variant, measure) {
      const own = evidence.get(family) ?? [];
      if (measure === "convergence") {
        return own.flatMap(({ speeds }) => speeds()).find(({ name }) => name === variant);
      }
      const found = comparedVariant(own, variant, measure);
      return found &&
        { ...found.difference, verdict: found.verdict, aboutModels: found.aboutModels };
    },
    between({ first, second, measure }) {
      // two variants of different bases differ in their bases too
      const [pair] = holding(first).flatMap(({ base: recipe, runs }) =>
        holding(second).filter((other) => other.base === recipe)
          .map((other) => ({ runs, base: other.runs }))
      );
      const of = SHORT[measure];
      if (!pair || !of) return undefined;
      const { runs, base } = pair;
      const part = of.split(".")[0] as Part;
      if ([...runs, ...base].some((run) => !scoredRows(run, part))) return undefined;
      const variants = [{ name: first, runs }];
      const [{ variants: [found] }] = compareFamily({ base, variants, measures: [of] }).measures;
      return { ...found.difference, aboutModels: found.aboutModels };
    },
  };
}
