/**
 * The ledger's rows of the families of experiments: each variant's difference from its base beside the document's.
 *
 * The document's own numbers are means over batches of pieces of clips that are not here, which no measure of ours can equal;
 * what can be held against each other is what a change brings.
 */
import { type Family, type Preset, PRESETS, recipeOf, variantName } from "./family.ts";
import type { FamilyEvidence } from "./family_evidence.ts";
import type { Fact } from "./ledger.ts";

/** What each preset's runs are scored on. */
const ON = { real: "real mels", demo: "demo", paper: "IRMAS" } as const satisfies Record<
  Preset,
  Fact["on"]
>;

/** What the document says of a variant. */
interface Told {
  value: number;
  base: number;
  /** A unit of the last digit of its table: what rounding both numbers does to their difference. */
  unit: number;
}

function toldBy({ document }: Family, variant: string): Told | undefined {
  const { base, ...values } = document?.values ?? {};
  if (base === undefined || !(variant in values)) return undefined;
  const decimals = Math.max(
    ...[base, ...Object.values(values)].map((value) => String(value).split(".")[1].length),
  );
  return { value: values[variant], base, unit: Number((10 ** -decimals).toFixed(decimals)) };
}

/** A variant of a family's comparison, by the name that its row has. */
interface Row {
  id: string;
  variant: string;
  base: string;
  preset: Preset;
}

/** Every variant that real spectrograms or rendered audio are asked for; what only the document's data can tell, if it has a number. */
function rowsOf(id: string, family: Family): Row[] {
  const rows: Row[] = [], names = new Set<string>(), told = new Set<number>();
  for (const preset of PRESETS) {
    for (const { base, variants } of family.presets[preset] ?? []) {
      for (const full of variants) {
        const variant = variantName(full), number = toldBy(family, variant)?.value;
        // the document's number stands beside what is run here, where anything is
        if (preset === "paper" && (number === undefined || told.has(number))) continue;
        if (number !== undefined) told.add(number);
        const name = names.has(variant) ? recipeOf(base, full) : variant;
        names.add(name);
        rows.push({ id: `${id}.${name}`, variant, base, preset });
      }
    }
  }
  return rows;
}

/** The row of a variant; of one that was not run the reason why it has no number. */
function factOf(
  { id, variant, base, preset }: Row,
  family: Family,
  evidence: readonly FamilyEvidence[],
): Fact {
  const told = toldBy(family, variant), [experiment] = id.split(".");
  const command = `./lumen experiment ${experiment}${
    preset === "real" ? "" : ` --preset ${preset}`
  }`;
  const theirs = told &&
    `the document has ${told.value} against ${told.base} (${family.document!.measure}, a run each)`;
  const row = {
    id,
    what: `${variant} less ${base}`,
    document: told ? Number((told.value - told.base).toFixed(4)) : null,
    on: ON[preset],
    ...(told && { tolerance: told.unit }),
    where: command,
  };
  const found = evidence.find((one) => one.preset === preset && one.base === base)?.comparison;
  const [measure] = found?.measures ?? [];
  const compared = measure?.variants.find(({ name }) => name === variant);
  if (!compared) {
    const why = preset === "paper"
      ? `needs IRMAS audio: ${command} --only ${variant}`
      : `not run yet: ${command}`;
    return { ...row, ours: null, explanation: [why, ...theirs ? [theirs] : []].join("; ") };
  }
  const { difference: { value, low, high }, mean, values, verdict, aboutModels } = compared;
  const lies = told && row.document! >= low && row.document! <= high ? "inside" : "outside";
  const seeds = found!.variants.find(({ name }) => name === variant)!.runs.map(({ seed }) => seed);
  return {
    ...row,
    what: `${row.what}: ${measure.title}`,
    ours: value,
    explanation: [
      theirs ? `${theirs}, on other clips` : "no figure in the document",
      `ours ${mean.toFixed(3)} against ${
        measure.base.mean.toFixed(3)
      } (${values.length} and ${measure.base.values.length} runs): ${verdict}${
        aboutModels ? ", of these models" : ""
      }`,
      ...(told ? [`its difference lies ${lies} our interval`] : []),
    ].join("; "),
    seeds,
    interval: [low, high],
  };
}

/**
 * The rows of all families of the study.
 *
 * @param families by their numbers; others (best) have no rows
 * @param evidence from {@link gatherEvidence}
 */
export const familyFacts = (
  families: Readonly<Record<string, Family>>,
  evidence: ReadonlyMap<string, readonly FamilyEvidence[]>,
): Fact[] =>
  Object.entries(families)
    .filter(([id]) => /^E\d+$/.test(id))
    .flatMap(([id, family]) =>
      rowsOf(id, family).map((row) => factOf(row, family, evidence.get(id) ?? []))
    );
