/**
 * The document's claims (R8): what each of its sentences states, what evidence decides it, and the verdict, which follows
 * from the evidence by the rules of claim_rules.ts.
 */
import type { Fact, LedgerRow } from "./ledger.ts";

/**
 * What is measured of a comparison, in the words of a run's result. The ranking is of instruments in mixtures of two (label
 * ranking average precision), for what a claim says without F1: it needs no threshold and sees smaller differences. Of
 * convergence the epochs that are saved, of noise the
 * accuracy in it, and that less the accuracy without.
 */
export type Measure =
  | "mixturesOfTwo"
  | "mixturesOfThree"
  | "heldOut"
  | "relabelled"
  | "ranking"
  | "songs"
  | "precision"
  | "recall"
  | "hamming"
  | "convergence"
  | "noise"
  | "noiseChange";

/** A number, with a 95 % interval where it is an estimate, or a word; or why there is none. */
export type Estimate =
  | { value: number; low?: number; high?: number; note?: string }
  | { text: string; note?: string }
  | { missing: string };

/** A variant less its base. */
export interface ComparedVariant {
  value: number;
  low: number;
  high: number;
  verdict: "better" | "worse" | "no evidence";
  /** A side has one run: said of these models, not of the ways to train them. */
  aboutModels?: boolean;
}

/** Why one run of a side tells nothing of a way to train. */
export const ONE_RUN = "a side has one run: how much seeds vary is not known";

/** What is said of a variant. */
export type Direction = "better" | "worse" | "no better";

/** Where a quantity lies: above, below, or at a number with a margin (0 where none is said). */
export interface Place {
  above?: number;
  below?: number;
  is?: number | string;
  within?: number;
}

/** What decides a claim. */
export type Evidence =
  /** A row of the ledger agrees, or is no farther off than `within`; or its number lies where the claim says. */
  | ({ row: string; on?: LedgerRow["on"] } & Place)
  /** An estimate by its name. */
  | ({ estimate: string } & Place)
  /** A variant against its base. */
  | {
    family: string;
    variant: string;
    measure?: Measure;
    claims: Direction;
    /** By how much, at least. Default: 0. */
    by?: number;
  }
  /** Some variants of a family above others; "base" is the base, "E27:half" another family's with the same base. */
  | { family: string; best: readonly string[]; others: readonly string[]; measure?: Measure }
  /** An exact property that a test of this project shows. */
  | { test: string; file: string }
  /** What the original's program or a publication says, which was read. */
  | { claimed: string; found: string; readIn: string }
  /** What is not here. */
  | { needs: string };

/** A claim of the document, in our words. */
export interface Claim {
  id: string;
  /** Chapter and heading. */
  section: string;
  claim: string;
  /** Its number, where it has one. */
  document?: number | string | readonly number[];
  /** Of several all must support. */
  evidence: Evidence | readonly Evidence[];
  /** The row of the ledger that holds its number, where no notebook's own computation writes it. */
  fact?: Pick<Fact, "id" | "on" | "tolerance">;
}

export const VERDICTS = ["supported", "contradicted", "cannot be told"] as const;
export type Verdict = typeof VERDICTS[number];

/** What the rules see. */
export interface ClaimSources {
  ledger: readonly LedgerRow[];
  estimate: (name: string) => Promise<Estimate>;
  /** Undefined where it was not run yet. */
  difference: (family: string, variant: string, measure: Measure) => ComparedVariant | undefined;
  /** One variant less another, each "FAMILY:VARIANT" or "FAMILY:base"; undefined where one was not run yet. */
  between: (
    pair: { first: string; second: string; measure: Measure },
  ) =>
    | { value: number; low: number; high: number; p: number; aboutModels?: boolean }
    | undefined;
}

/** What one piece of evidence says. */
export interface Finding {
  verdict: Verdict;
  /** Our number or word, and its interval, where there is one piece of evidence. */
  value?: number | string;
  interval?: [low: number, high: number];
  /** The same in words. */
  ours?: string;
  /** Why it cannot be told, or what else the reader should know. */
  why?: string;
  /** Where it is computed. */
  where: string;
}

/** A claim with its verdict. */
export interface JudgedClaim extends Claim, Finding {}

/** Three decimals, or five digits of what is larger and two of what is smaller; no zeros behind the last. */
export function numberText(x: number): string {
  const size = Math.abs(x);
  const rounded = size >= 10 ? x.toPrecision(5) : size >= 0.01 ? x.toFixed(3) : x.toPrecision(2);
  return Number.isInteger(x) ? String(x) : String(Number(rounded));
}

/** A number with its interval, where it has one. */
export const quantityText = (
  { value, low, high }: { value: number; low?: number; high?: number },
) =>
  low === undefined || high === undefined
    ? numberText(value)
    : `${numberText(value)} (${numberText(low)} to ${numberText(high)})`;

/** A value of the document or the ledger. */
export const valueText = (value: Claim["document"] | LedgerRow["ours"]) =>
  value === undefined || value === null
    ? ""
    : [value].flat().map((x) => typeof x === "number" ? String(Number(x.toPrecision(6))) : x)
      .join(" / ");

/** A claim as a row of a table. */
export const claimRow = ({ id, section, claim, document, ours, verdict, why }: JudgedClaim) => ({
  id,
  section,
  claim,
  document: valueText(document),
  ours: ours ?? "",
  verdict,
  why: why ?? "",
});

/**
 * What the ledger is told of the claims that have a row of their own.
 *
 * @param where they are computed, e.g. a notebook
 */
export const claimFacts = (claims: readonly JudgedClaim[], where: string): Fact[] =>
  claims.flatMap(({ fact, claim, document, value = null, interval, why }) =>
    fact === undefined || document === undefined ? [] : [{
      ...fact,
      what: claim,
      document: typeof document === "object" ? [...document] : document,
      ours: value,
      ...(why && { explanation: why }),
      where,
      ...(interval && { interval }),
    }]
  );

/** How many claims have each verdict. */
export const countVerdicts = (claims: readonly JudgedClaim[]) =>
  Object.fromEntries(VERDICTS.map((verdict) => [
    verdict,
    claims.filter((claim) => claim.verdict === verdict).length,
  ])) as Record<Verdict, number>;

/** The claims as text: by section, the numbers behind the claim, the reason below. */
export function formatClaims(claims: readonly JudgedClaim[]): string {
  // a sentence that stands in several places is shown at the first
  const sections = Map.groupBy(claims, ({ section }) => section.split(";")[0]);
  const chapter = (section: string) => Number.parseInt(section);
  const lines = [...sections]
    .sort(([a], [b]) => chapter(a) - chapter(b))
    .flatMap(([section, own]) => [
      `\n${section}`,
      ...own.map(claimRow).flatMap(({ verdict, claim, document, ours, why }) => {
        const numbers = [document && `document ${document}`, ours && `ours ${ours}`]
          .filter(Boolean).join("; ");
        return [
          `  ${verdict.padEnd(14)}  ${claim}${numbers && `  [${numbers}]`}`,
          ...(why ? [`${" ".repeat(18)}${why}`] : []),
        ];
      }),
    ]);
  const counts = Object.entries(countVerdicts(claims)).map(([verdict, n]) => `${n} ${verdict}`);
  return [`${claims.length} claims: ${counts.join(", ")}`, ...lines].join("\n");
}
