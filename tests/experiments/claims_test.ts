import assert from "node:assert/strict";
import { join } from "node:path";
import { CLAIMS } from "experiments/claims/mod.ts";
import { FAMILIES } from "experiments/recipes/families/mod.ts";
import { recipeConfig } from "experiments/recipes/mod.ts";
import { exists } from "lib/core/files.ts";
import { projectPath } from "lib/core/paths.ts";
import { claimEstimates } from "lib/experiments/claim_estimates/mod.ts";
import {
  direction,
  judge,
  judgeClaims,
  NEGLIGIBLE,
  order,
  place,
  together,
} from "lib/experiments/claim_rules.ts";
import {
  type Claim,
  claimFacts,
  type ClaimSources,
  type ComparedVariant,
  countVerdicts,
  type Evidence,
  formatClaims,
  numberText,
} from "lib/experiments/claims.ts";
import { projectSources } from "lib/experiments/claim_sources.ts";
import { readRuns } from "lib/experiments/evidence.ts";
import { variantName } from "lib/experiments/family.ts";
import { fact, type LedgerRow, readLedger } from "lib/experiments/ledger.ts";

const at = (low: number, high: number) => ({ value: (low + high) / 2, low, high });

Deno.test("a place: the whole interval, none of it, or a part of it", () => {
  const cases: [Parameters<typeof place>, ReturnType<typeof place>][] = [
    [[at(0.1, 0.2), { above: 0 }], "supported"],
    [[at(-0.1, 0.2), { above: 0 }], "cannot be told"],
    [[at(-0.2, -0.1), { above: 0 }], "contradicted"],
    [[at(-0.2, -0.1), { below: 0 }], "supported"],
    [[at(-0.1, 0.1), { below: 0 }], "cannot be told"],
    [[at(0.1, 0.2), { below: 0 }], "contradicted"],
    [[at(0.45, 0.55), { is: 0.5, within: 0.1 }], "supported"],
    [[at(0.35, 0.55), { is: 0.5, within: 0.1 }], "cannot be told"],
    [[at(0.2, 0.3), { is: 0.5, within: 0.1 }], "contradicted"],
    [[at(0.2, 0.8), { above: 0.1, below: 1 }], "supported"],
    [[at(0.2, 1.2), { above: 0.1, below: 1 }], "cannot be told"],
    [[at(1.1, 1.2), { above: 0.1, below: 1 }], "contradicted"],
    // counts have no interval; what is at a border is not beyond it
    [[{ value: 3 }, { is: 3 }], "supported"],
    [[{ value: 4 }, { is: 3 }], "contradicted"],
    [[{ value: 0 }, { above: 0 }], "contradicted"],
    // 0.3 is not 0.1 + 0.2 in binary
    [[{ value: 0.1 + 0.2 }, { is: 0.3 }], "supported"],
  ];
  for (const [given, verdict] of cases) {
    assert.equal(place(...given), verdict, JSON.stringify(given));
  }
  assert.throws(() => place({ value: 1 }, {}), TypeError);
});

Deno.test("of several verdicts all must support, and one can contradict", () => {
  assert.equal(together(["supported", "supported"]), "supported");
  assert.equal(together(["supported", "cannot be told"]), "cannot be told");
  assert.equal(together(["cannot be told", "contradicted", "supported"]), "contradicted");
});

const variant = (low: number, high: number, verdict: ComparedVariant["verdict"]) => ({
  ...at(low, high),
  verdict,
});

Deno.test("a comparison is taken at its verdict; no gain is less than a negligible one", () => {
  const better = variant(0.01, 0.05, "better"), worse = variant(-0.05, -0.01, "worse");
  const tight = variant(-NEGLIGIBLE / 2, NEGLIGIBLE / 2, "no evidence");
  const wide = variant(-2 * NEGLIGIBLE, 2 * NEGLIGIBLE, "no evidence");
  // an interval beyond zero is no evidence where many variants were tried
  const corrected = variant(0.001, 0.03, "no evidence");
  const expected: Record<Parameters<typeof direction>[1], string[]> = {
    "better": ["supported", "contradicted", "cannot be told", "cannot be told", "cannot be told"],
    "worse": ["contradicted", "supported", "cannot be told", "cannot be told", "cannot be told"],
    "no better": ["contradicted", "supported", "supported", "cannot be told", "cannot be told"],
  };
  for (const [claims, verdicts] of Object.entries(expected)) {
    assert.deepEqual(
      [better, worse, tight, wide, corrected].map((found) =>
        direction(found, claims as keyof typeof expected)
      ),
      verdicts,
      claims,
    );
  }
  // by how much, at least: the whole interval beyond it, none of it, or part
  const much = variant(0.06, 0.1, "better"), muchWorse = variant(-0.1, -0.06, "worse");
  assert.deepEqual(
    [much, better, tight, muchWorse, variant(0.04, 0.1, "better")].map((found) =>
      direction(found, "better", 0.05)
    ),
    ["supported", "contradicted", "contradicted", "contradicted", "cannot be told"],
  );
  assert.deepEqual(
    [muchWorse, worse, much].map((found) => direction(found, "worse", 0.05)),
    ["supported", "contradicted", "contradicted"],
  );
});

Deno.test("an order: each pair clearly in it, one above all of the best, or neither", () => {
  const pair = (best: string, other: string, low: number, high: number, p: number) => ({
    best,
    other,
    ...at(low, high),
    p,
  });
  const above = pair("a", "x", 0.1, 0.3, 0.001), open = pair("a", "y", -0.1, 0.3, 0.3);
  const below = pair("a", "y", -0.3, -0.1, 0.02);
  assert.equal(order([above, pair("a", "y", 0.01, 0.2, 0.04)]), "supported");
  assert.equal(order([above, open]), "cannot be told");
  assert.equal(order([below]), "contradicted");
  // one of two others, at half the level
  assert.equal(order([above, below]), "contradicted");
  assert.equal(order([above, { ...below, p: 0.03 }]), "cannot be told");
  // the other is above one of the best, and not above both
  assert.equal(order([below, pair("b", "y", 0.1, 0.3, 0.001)]), "cannot be told");
});

const ROW: LedgerRow = {
  id: "D5.exact",
  what: "a number",
  document: 47.97,
  ours: 47.81,
  on: "tables",
  agrees: false,
  explanation: "a clip is missing",
  where: "a notebook",
};

const CLAIM = { id: "a.claim", section: "2 A section", claim: "a claim" };

const SOURCES: ClaimSources = {
  ledger: [ROW],
  estimate: (name) =>
    Promise.resolve(
      name === "word"
        ? { text: "guitar" }
        : name === "share"
        ? { ...at(0.4, 0.6), note: "a note" }
        : { missing: "there is no such file" },
    ),
  difference: (family, name, measure) =>
    family !== "E1" || measure !== "mixturesOfTwo"
      ? undefined
      : name === "good"
      ? variant(0.1, 0.2, "better")
      : name === "alone"
      ? { ...variant(0.1, 0.2, "better"), aboutModels: true }
      : name === "bad"
      ? variant(-0.2, -0.1, "worse")
      : undefined,
  between: ({ first, second }) =>
    [first, second].includes("E1:new")
      ? undefined
      : { ...(second === "E2:base" ? at(0.1, 0.2) : at(-0.1, 0.5)), p: 0.001 },
};

const judged = async (evidence: Evidence, changes: Partial<ClaimSources> = {}) => {
  const { verdict, ours, why } = await judge(evidence, { ...SOURCES, ...changes });
  return [verdict, ours, why];
};

Deno.test("the ledger: agreement, what is near enough, where a number lies, and what is not there", async () => {
  const ledger = (changes: Partial<LedgerRow>) => ({ ledger: [{ ...ROW, ...changes }] });
  assert.deepEqual(await judged({ row: "D5.exact" }), [
    "contradicted",
    "47.81",
    "a clip is missing",
  ]);
  assert.equal((await judged({ row: "D5.exact", within: 0.2 }))[0], "supported");
  assert.equal((await judged({ row: "D5.exact", within: 0.1 }))[0], "contradicted");
  assert.equal((await judged({ row: "D5.exact" }, ledger({ agrees: true })))[0], "supported");
  assert.equal((await judged({ row: "D5.exact", above: 40 }))[0], "supported");
  assert.equal(
    (await judged({ row: "D5.exact", above: 40 }, ledger({ interval: [39, 55] })))[0],
    "cannot be told",
  );
  assert.deepEqual(await judged({ row: "D5.exact" }, ledger({ ours: null, agrees: null })), [
    "cannot be told",
    "",
    "a clip is missing",
  ]);
  assert.equal((await judged({ row: "D5.exact", on: "demo" }))[2], "not run yet");
  const undocumented = ledger({ document: null, agrees: null });
  assert.equal((await judged({ row: "D5.exact", above: 40 }, undocumented))[0], "supported");
  await assert.rejects(
    judged({ row: "D5.exact" }, undocumented),
    /D5\.exact.* says where ours lies/,
  );
  const lists = ledger({ document: [159, 127, 10], ours: [159, 128, 10] });
  assert.equal((await judged({ row: "D5.exact", within: 1 }, lists))[0], "supported");
  assert.equal((await judged({ row: "D5.exact", within: 0.5 }, lists))[0], "contradicted");
});

Deno.test("estimates, words, runs, variants, orders, tests and what was read", async () => {
  const cases: [Evidence, unknown[]][] = [
    [{ estimate: "share", above: 0.3 }, ["supported", "0.5 (0.4 to 0.6)", "a note"]],
    [{ estimate: "share", above: 0.5 }, [
      "cannot be told",
      "0.5 (0.4 to 0.6)",
      "the interval crosses what the claim says; a note",
    ]],
    [{ estimate: "word", is: "guitar" }, ["supported", "guitar", undefined]],
    [{ estimate: "word", is: "guitars" }, ["contradicted", "guitar", undefined]],
    [{ estimate: "?", above: 0 }, ["cannot be told", undefined, "there is no such file"]],
    [{ family: "E1", variant: "good", claims: "better" }, [
      "supported",
      "0.15 (0.1 to 0.2)",
      undefined,
    ]],
    [{ family: "E1", variant: "alone", claims: "better" }, [
      "cannot be told",
      "0.15 (0.1 to 0.2)",
      "a side has one run: how much seeds vary is not known",
    ]],
    [{ family: "E1", variant: "good", measure: "recall", claims: "better" }, [
      "cannot be told",
      undefined,
      "not run yet",
    ]],
    [{ family: "E2", best: ["E1:good"], others: ["base"] }, [
      "supported",
      "E1:good less base 0.15 (0.1 to 0.2)",
      undefined,
    ]],
    [{ family: "E2", best: ["E1:good"], others: ["base", "E1:bad"] }, [
      "cannot be told",
      "E1:good less E1:bad 0.2 (-0.1 to 0.5)",
      "1 of 2 pairs are not clearly in that order",
    ]],
    [{ family: "E1", best: ["good"], others: ["new"] }, [
      "cannot be told",
      undefined,
      "not run yet",
    ]],
    [{ test: "a place: the whole interval", file: "tests/experiments/claims_test.ts" }, [
      "supported",
      "a test shows it",
      undefined,
    ]],
    [{ test: ["written", "by", "nobody"].join(" "), file: "tests/experiments/claims_test.ts" }, [
      "cannot be told",
      undefined,
      "there is no such test",
    ]],
    [{ claimed: "median", found: "maximum", readIn: "a program" }, [
      "contradicted",
      "maximum",
      "read in a program",
    ]],
    [{ needs: "a listener" }, ["cannot be told", undefined, "needs a listener"]],
  ];
  for (const [evidence, expected] of cases) assert.deepEqual(await judged(evidence), expected);
  await assert.rejects(judged({ estimate: "word", above: 0 }), /the word "word" says which it is/);
});

Deno.test("numbers and reasons of several pieces of evidence stand together, and in the text", async () => {
  const claims: Claim[] = [
    {
      id: "a.both",
      section: "5 Later",
      claim: "both hold",
      document: [0.5, 0.25],
      evidence: [{ estimate: "share", above: 0.3 }, { needs: "a listener" }],
    },
    { id: "a.one", section: "2 Earlier; 5 Later", claim: "one", evidence: { needs: "sound" } },
  ];
  const progress: number[] = [];
  const found = await judgeClaims(claims, { ...SOURCES, onProgress: (n) => progress.push(n) });
  assert.deepEqual(progress, [1, 2]);
  assert.equal(found[0].verdict, "cannot be told");
  assert.equal(found[0].why, "a note; needs a listener");
  assert.deepEqual(countVerdicts(found), { supported: 0, contradicted: 0, "cannot be told": 2 });
  assert.equal(
    formatClaims(found),
    [
      "2 claims: 0 supported, 0 contradicted, 2 cannot be told",
      "",
      "2 Earlier",
      "  cannot be told  one",
      "                  needs sound",
      "",
      "5 Later",
      "  cannot be told  both hold  [document 0.5 / 0.25; ours 0.5 (0.4 to 0.6)]",
      "                  a note; needs a listener",
    ].join("\n"),
  );
});

Deno.test("numbers as text", () => {
  assert.deepEqual([16177, 2.6666667, 0.0001531, -0.03566, 46.2345678, 0.1 + 0.2].map(numberText), [
    "16177",
    "2.667",
    "0.00015",
    "-0.036",
    "46.235",
    "0.3",
  ]);
});

const all = CLAIMS.flatMap(({ id, evidence }) =>
  ([evidence].flat() as Evidence[]).map((one) => ({ id, one }))
);

Deno.test("the document's claims: no id twice, no sentence twice", () => {
  for (const key of ["id", "claim"] as const) {
    const values = CLAIMS.map((claim) => claim[key]);
    assert.deepEqual(values.filter((value, k) => values.indexOf(value) < k), []);
  }
  assert.ok(CLAIMS.every(({ section }) => /^[1-6] /.test(section)));
});

/** What evidence of comparisons refers to, as "family:variant". */
const variantsOf = (one: Extract<Evidence, { family: string }>) =>
  ("variant" in one ? [one.variant] : [...one.best, ...one.others])
    .map((name) => name.includes(":") ? name : `${one.family}:${name}`);

/** Families that are not written yet have no variants to look at. */
function isKnown(reference: string): boolean {
  const [id, variant] = reference.split(":"), family = FAMILIES[id];
  if (!family) return /^E([1-9]|1\d|2[0-8])$/.test(id);
  const compared = Object.values(family.presets).flatMap((comparisons) =>
    comparisons.flatMap(({ variants }) => variants.map(variantName))
  );
  return ["base", ...compared].includes(variant);
}

Deno.test("the document's claims refer to what there is", () => {
  const ledger = new Set(readLedger().map(({ id }) => id));
  const estimates = claimEstimates({ runsOf: () => Promise.resolve([]), leader: () => [] });
  const problems = all.flatMap(({ id, one }) => {
    const wrong = "row" in one
      ? !ledger.has(one.row)
      : "estimate" in one
      ? !Object.hasOwn(estimates, one.estimate)
      : "family" in one
      ? !variantsOf(one).every(isKnown)
      : "test" in one
      ? !exists(projectPath(one.file)) ||
        !Deno.readTextFileSync(projectPath(one.file)).includes(one.test)
      : false;
    return wrong ? [`${id}: ${JSON.stringify(one)}`] : [];
  });
  assert.deepEqual(problems, []);
  const used = new Set(all.flatMap(({ one }) => "estimate" in one ? [one.estimate] : []));
  assert.deepEqual(Object.keys(estimates).filter((name) => !used.has(name)), [], "of no use");
});

Deno.test("a number that the ledger has is the ledger's document number", () => {
  const ledger = readLedger();
  const differing = CLAIMS.flatMap(({ id, document, evidence }) => {
    const [first] = [evidence].flat() as Evidence[];
    if (document === undefined || !("row" in first) || Array.isArray(evidence)) return [];
    const row = ledger.find((other) => other.id === first.row)!;
    return String(row.document) === String(document) ? [] : [`${id}: ${document}, ${row.document}`];
  });
  assert.deepEqual(differing, []);
});

Deno.test("claims with a row of their own: what the ledger is told, with the reason where there is no number", async () => {
  const row = (id: string) => ({ id, on: "arithmetic" as const, tolerance: 0.2 });
  const claims: Claim[] = [
    { ...CLAIM, document: 0.6, evidence: { estimate: "share", above: 0 }, fact: row("D4.share") },
    { ...CLAIM, document: [1, 2], evidence: { needs: "sound" }, fact: row("D4.none") },
    { ...CLAIM, document: 1, evidence: { needs: "sound" } },
  ];
  const folder = Deno.makeTempDirSync();
  try {
    const path = join(folder, "ledger.json");
    for (const told of claimFacts(await judgeClaims(claims, SOURCES), "a test")) {
      fact(told, { path });
    }
    assert.deepEqual(
      readLedger({ path }).map(({ id, ours, agrees, interval, explanation }) => [
        id,
        ours,
        agrees,
        interval,
        explanation,
      ]),
      [
        ["D4.none", null, null, undefined, "needs sound"],
        ["D4.share", 0.5, true, [0.4, 0.6], "a note"],
      ],
    );
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("the document's claims: rows of their own are nobody else's, and once each", () => {
  const ids = CLAIMS.flatMap(({ fact }) => fact ? [fact.id] : []);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(CLAIMS.every(({ fact, document }) => !fact || document !== undefined));
  const others = readLedger().filter(({ where }) => where !== "notebooks/04_results.ipynb");
  assert.deepEqual(others.filter(({ id }) => ids.includes(id)), []);
});

Deno.test("the document's claims: what differs in their own rows is explained", async () => {
  const own = CLAIMS.filter(({ fact }) => fact);
  const judged = await judgeClaims(
    own,
    projectSources({
      runsOf: (recipe) => readRuns(recipeConfig(recipe)),
      difference: () => undefined,
      between: () => undefined,
    }),
  );
  const folder = Deno.makeTempDirSync();
  try {
    const path = join(folder, "ledger.json");
    const rows = claimFacts(judged, "a test").map((told) => fact(told, { path }));
    assert.equal(rows.length, own.length);
    assert.deepEqual(
      rows.filter(({ agrees, explanation }) => agrees === false && !explanation),
      [],
    );
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
