/**
 * How evidence decides a claim.
 *
 * A quantity with an interval supports a statement about where it lies when the whole interval lies there, contradicts it
 * when none of it does, and cannot tell when it crosses. A comparison of runs is taken at its verdict, which is corrected
 * for the number of variants. Nothing is corrected for the number of claims: of a hundred that rest on intervals of 95 % a
 * few verdicts are chance.
 */
import { exists } from "../core/files.ts";
import { projectPath } from "../core/paths.ts";
import {
  type Claim,
  type ClaimSources,
  type ComparedVariant,
  type Direction,
  type Evidence,
  type Finding,
  type JudgedClaim,
  ONE_RUN,
  type Place,
  quantityText,
  valueText,
  type Verdict,
} from "./claims.ts";

/** A gain of less than this counts as none: two hundredths of accuracy or of macro-F1. */
export const NEGLIGIBLE = 0.02;

/** Decimal fractions are not exact. */
const SLACK = 1e-9;

/** Whether a quantity lies at a place. */
export function place(
  { value, low = value, high = value }: { value: number; low?: number; high?: number },
  { above, below, is, within = 0 }: Place,
): Verdict {
  const parts: Verdict[] = [];
  const part = (yes: boolean, no: boolean) =>
    parts.push(yes ? "supported" : no ? "contradicted" : "cannot be told");
  if (above !== undefined) part(low > above, high <= above);
  if (below !== undefined) part(high < below, low >= below);
  if (typeof is === "number") {
    const [from, to] = [is - within - SLACK, is + within + SLACK];
    part(low >= from && high <= to, high < from || low > to);
  }
  if (parts.length === 0) throw new TypeError("a claim about a number says where it lies");
  return together(parts);
}

/** Supported when all are, contradicted when any is. */
export function together(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("contradicted")) return "contradicted";
  return verdicts.every((verdict) => verdict === "supported") ? "supported" : "cannot be told";
}

/**
 * What a comparison says of a claim; "no better" bears a negligible gain.
 *
 * @param by how much better or worse, at least
 */
export function direction(
  { low, high, verdict }: Pick<ComparedVariant, "low" | "high" | "verdict">,
  claims: Direction,
  by = 0,
): Verdict {
  if (claims === "no better") {
    if (verdict === "better") return "contradicted";
    return high < NEGLIGIBLE ? "supported" : "cannot be told";
  }
  const [least, most] = claims === "better" ? [low, high] : [-high, -low];
  if (by > 0 && most <= by) return "contradicted";
  if (verdict === "no evidence" || (by > 0 && least <= by)) return "cannot be told";
  return verdict === claims ? "supported" : "contradicted";
}

/** One of the best less one of the others. */
type Pair = { best: string; other: string; value: number; low: number; high: number; p: number };

/**
 * Whether some lie above all others. Supported where each of the best is clearly above each of the others: all must be, so
 * that nothing is corrected (Berger, Multiparameter hypothesis testing and acceptance sampling, 1982). Contradicted where one
 * of the others is clearly above all of the best, at 5 % over the number of others.
 *
 * @param pairs each of the best with each of the others
 */
export function order(pairs: readonly Pair[]): Verdict {
  if (pairs.every(({ low }) => low > 0)) return "supported";
  const byOther = Map.groupBy(pairs, ({ other }) => other);
  const isAbove = ({ value, p }: Pair) => value < 0 && p * byOther.size < 0.05;
  return [...byOther.values()].some((own) => own.every(isAbove))
    ? "contradicted"
    : "cannot be told";
}

const CROSSES = "the interval crosses what the claim says";
const CORRECTED =
  "no evidence is left after the correction for the family's variants, or it is less than claimed";
const NOT_RUN = "not run yet";

function judgeRow(evidence: Extract<Evidence, { row: string }>, { ledger }: ClaimSources): Finding {
  const { row: id, on, within, ...rest } = evidence;
  const row = ledger.find((other) => other.id === id && (on === undefined || other.on === on));
  if (!row) return { verdict: "cannot be told", why: NOT_RUN, where: `ledger ${id}` };
  const { ours, document, agrees, explanation: why, where, interval } = row;
  const text = typeof ours === "number" && interval
    ? quantityText({ value: ours, low: interval[0], high: interval[1] })
    : valueText(ours);
  const finding = { ours: text, where, ...(why !== undefined && { why }) };
  if (ours === null) return { ...finding, verdict: "cannot be told" };
  if (Object.keys(rest).length > 0 && typeof ours === "number") {
    const [low, high] = interval ?? [ours, ours];
    return { ...finding, verdict: place({ value: ours, low, high }, { ...rest, within }) };
  }
  if (agrees === null) {
    throw new TypeError(
      `a claim on ${id}, which has no number of the document, says where ours lies`,
    );
  }
  if (agrees) return { ...finding, verdict: "supported" };
  const a = [document].flat(), b = [ours].flat();
  const near = within !== undefined && a.length === b.length && a.every((x, k) => {
    const y = b[k];
    return typeof x === "number" && typeof y === "number" && Math.abs(x - y) <= within + SLACK;
  });
  return { ...finding, verdict: near ? "supported" : "contradicted" };
}

async function judgeEstimate(
  { estimate: name, ...claimed }: Extract<Evidence, { estimate: string }>,
  { estimate }: ClaimSources,
): Promise<Finding> {
  const found = await estimate(name), where = `lib/experiments/claim_estimates (${name})`;
  if ("missing" in found) return { verdict: "cannot be told", why: found.missing, where };
  if ("text" in found) {
    if (typeof claimed.is !== "string") {
      throw new TypeError(`a claim on the word "${name}" says which it is`);
    }
    const verdict = found.text === claimed.is ? "supported" : "contradicted";
    const why = found.note ? { why: found.note } : {};
    return { verdict, value: found.text, ours: found.text, ...why, where };
  }
  return { ...judgeQuantity(found, claimed), where };
}

function judgeQuantity(
  { note, ...quantity }: { value: number; low?: number; high?: number; note?: string },
  claimed: Place,
) {
  const verdict = place(quantity, claimed);
  const reasons = [...(verdict === "cannot be told" ? [CROSSES] : []), ...(note ? [note] : [])];
  const { value, low, high } = quantity;
  return {
    verdict,
    value,
    ...(low !== undefined && high !== undefined && { interval: [low, high] as [number, number] }),
    ours: quantityText(quantity),
    ...(reasons.length > 0 && { why: reasons.join("; ") }),
  };
}

function judgeVariant(
  { family, variant, measure = "mixturesOfTwo", claims, by }: Extract<
    Evidence,
    { variant: string }
  >,
  { difference }: ClaimSources,
): Finding {
  const found = difference(family, variant, measure);
  const where = `./lumen experiment ${family}: ${variant}, ${measure}`;
  if (!found) return { verdict: "cannot be told", why: NOT_RUN, where };
  if (found.aboutModels) {
    return { verdict: "cannot be told", ours: quantityText(found), why: ONE_RUN, where };
  }
  const verdict = direction(found, claims, by);
  const isClear = found.low > 0 || found.high < 0;
  const why = verdict === "cannot be told" ? { why: isClear ? CORRECTED : CROSSES } : {};
  return { verdict, ours: quantityText(found), ...why, where };
}

function judgeOrder(
  { family, best, others, measure = "mixturesOfTwo" }: Extract<Evidence, { best: unknown }>,
  { between }: ClaimSources,
): Finding {
  const where = `./lumen experiment ${family}: ${best.join(", ")} above ${
    others.join(", ")
  }, ${measure}`;
  const named = (name: string) => name.includes(":") ? name : `${family}:${name}`;
  const pairs: Pair[] = [];
  for (const one of best) {
    for (const other of others) {
      const found = between({ first: named(one), second: named(other), measure });
      if (!found) return { verdict: "cannot be told", why: NOT_RUN, where };
      if (found.aboutModels) return { verdict: "cannot be told", why: ONE_RUN, where };
      pairs.push({ ...found, best: one, other });
    }
  }
  const verdict = order(pairs), closest = pairs.toSorted((a, b) => a.low - b.low);
  const against = closest.filter(({ low }) => low <= 0);
  const shown = against.length > 0 ? against.slice(0, 3) : closest.slice(0, 1);
  return {
    verdict,
    ours: shown.map((pair) => `${pair.best} less ${pair.other} ${quantityText(pair)}`).join("; "),
    ...(against.length > 0 && {
      why: `${against.length} of ${pairs.length} pairs are not clearly in that order`,
    }),
    where,
  };
}

function judgeTest({ test, file }: Extract<Evidence, { test: string }>): Finding {
  const path = projectPath(file), where = `${file}: "${test}"`;
  return exists(path) && Deno.readTextFileSync(path).includes(test)
    ? { verdict: "supported", ours: "a test shows it", where }
    : { verdict: "cannot be told", why: "there is no such test", where };
}

/** What a piece of evidence says. */
export async function judge(evidence: Evidence, sources: ClaimSources): Promise<Finding> {
  if ("row" in evidence) return judgeRow(evidence, sources);
  if ("estimate" in evidence) return await judgeEstimate(evidence, sources);
  if ("variant" in evidence) return judgeVariant(evidence, sources);
  if ("best" in evidence) return judgeOrder(evidence, sources);
  if ("test" in evidence) return judgeTest(evidence);
  if ("needs" in evidence) {
    return { verdict: "cannot be told", why: `needs ${evidence.needs}`, where: "nowhere" };
  }
  const { claimed, found, readIn: where } = evidence;
  const verdict = claimed === found ? "supported" : "contradicted";
  return { verdict, ours: found, why: `read in ${where}`, where };
}

/**
 * Every claim with its verdict; of several pieces of evidence the numbers and reasons stand together.
 *
 * @param options.onProgress called after each claim with how many are judged
 */
export async function judgeClaims(
  claims: readonly Claim[],
  { onProgress, ...sources }: ClaimSources & { onProgress?: (judged: number) => void },
): Promise<JudgedClaim[]> {
  const judged: JudgedClaim[] = [];
  for (const claim of claims) {
    const findings: Finding[] = [];
    for (const evidence of [claim.evidence].flat()) findings.push(await judge(evidence, sources));
    const joined = (key: "ours" | "why" | "where") =>
      [...new Set(findings.flatMap((finding) => finding[key] ? [finding[key]] : []))].join("; ");
    const [ours, why] = [joined("ours"), joined("why")];
    judged.push({
      ...claim,
      ...(findings.length === 1 && findings[0]),
      verdict: together(findings.map(({ verdict }) => verdict)),
      ...(ours && { ours }),
      ...(why && { why }),
      where: joined("where"),
    });
    onProgress?.(judged.length);
  }
  return judged;
}
