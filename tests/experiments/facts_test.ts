import assert from "node:assert/strict";
import { FAMILIES } from "experiments/recipes/families/mod.ts";
import { recipeConfig, resolveRecipe } from "experiments/recipes/mod.ts";
import { writeJson } from "lib/core/files.ts";
import { compareRuns, type IrmasResult, readRuns } from "lib/experiments/evidence.ts";
import type { Family } from "lib/experiments/family.ts";
import { gatherEvidence } from "lib/experiments/family_evidence.ts";
import { familyFacts } from "lib/experiments/family_facts.ts";
import { fact, readLedger } from "lib/experiments/ledger.ts";
import { studyFacts } from "lib/experiments/study_facts.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

/** Of runs that are committed, and some that nobody makes. */
const FAMILY: Family = {
  title: "Made",
  question: "Is it?",
  measure: "heldOut.accuracy",
  presets: {
    real: [
      { base: "irmas_scratch", variants: ["recipe:irmas_fluffy", "batch-8+canvas"] },
      { base: "screen", variants: ["batch-8+canvas"] },
    ],
    paper: [{ base: "paper_convnext", variants: ["deep", "batch-64", "batch-8"] }],
  },
  document: {
    measure: "validation F1, mean over batches",
    values: { base: 0.346, irmas_fluffy: 0.3512, deep: 0.3512, "batch-64": 0.34 },
  },
};

Deno.test("a family's rows: the document's difference beside ours, and why there is none", async () => {
  const evidence = await gatherEvidence({ E0: FAMILY }, { resolve: resolveRecipe });
  const rows = familyFacts({ E0: FAMILY, best: FAMILY }, evidence);
  // a number of the document that runs here stand beside needs no row of its own on IRMAS
  assert.deepEqual(rows.map(({ id, on, document }) => [id, on, document]), [
    ["E0.irmas_fluffy", "real mels", 0.0052],
    ["E0.batch-8+canvas", "real mels", null],
    ["E0.screen+batch-8+canvas", "real mels", null],
    ["E0.batch-64", "IRMAS", -0.006],
  ]);
  const [run, missing, , paper] = rows;
  const runsOf = (recipe: string) => readRuns<IrmasResult>(recipeConfig(recipe));
  const { value, low, high } = compareRuns(
    await runsOf("irmas_fluffy"),
    await runsOf("irmas_scratch"),
  );
  [run.ours as number, ...run.interval!].forEach((number, k) =>
    assert.ok(Math.abs(number - [value, low, high][k]) < 1e-9)
  );
  assert.deepEqual(run.seeds, [0, 1, 2]);
  assert.equal(run.tolerance, 0.0001);
  assert.match(run.explanation!, /the document has 0\.3512 against 0\.346 .*a run each/);
  const inside = low <= 0.0052 && 0.0052 <= high ? "inside" : "outside";
  assert.ok(run.explanation!.endsWith(`its difference lies ${inside} our interval`));
  assert.deepEqual([missing.ours, paper.ours], [null, null]);
  assert.equal(missing.explanation, "not run yet: ./lumen experiment E0");
  assert.match(paper.explanation!, /needs IRMAS audio: .* --preset paper --only batch-64; the doc/);
});

Deno.test("a study's rows: its numbers, which command makes them, and what its file lacks", () => {
  using folder = new TemporaryFolder();
  const empty = studyFacts(folder.path);
  assert.ok(
    empty.every(({ ours, explanation }) => ours === null && /^not run yet/.test(explanation!)),
  );
  writeJson(folder.file("bench/results/resampling.json"), {
    machine: "a machine",
    rows: [
      { name: "batches of an epoch, one clip", ratio: 0.1 },
      { name: "epoch of ConvNeXt-atto, one clip", ratio: 0.5 },
      { name: "epoch of ConvNeXt-atto, three clips", ratio: 0.8 },
    ],
  });
  writeJson(folder.file("bench/results/inputs.json"), {
    machine: "a machine",
    rows: [{ name: "step with three channels", ratio: 1.5, interval: [1.4, 1.6] }],
  });
  writeJson(folder.file("experiments/svm.json"), { systems: [], train: {}, test: {} });
  const network = (name: string, slope: number, power = 1) => {
    const lengths = [60, 120, 600].map((seconds) => ({
      seconds,
      median: slope * seconds ** power,
    }));
    const fit = { slope, r2: 0.98, low: 0.9 * slope, high: 1.1 * slope };
    return { network: name, parameters: 1, "log-mel": { lengths, fit } };
  };
  const timed = (first: ReturnType<typeof network>) =>
    writeJson(folder.file("experiments/inference_time.json"), {
      networks: [
        first,
        network("resnext50-32x4d", 3),
        network("efficientnet-v2-s", 2),
        network("mobilenet-v3-large", 2.5),
      ],
      documentOrder: { spread: { parameters: 2, multiplyAccumulates: 3 } },
    });
  const growth = () => studyFacts(folder.path).find(({ id }) => id === "E18.growth")!.ours;
  timed(network("convnext-small", 4));
  assert.equal(growth(), "linearly");
  const disturbed = network("convnext-small", 4);
  disturbed["log-mel"].lengths[1].median *= 1.5; // an interval of three points is wide
  timed(disturbed);
  assert.equal(growth(), null);
  timed(network("convnext-small", 4, 1.2));
  const found = new Map(studyFacts(folder.path).map((row) => [row.id, row]));
  assert.equal(found.get("E22.speed_up")!.ours, 2);
  const { ours, interval } = found.get("E11.channels_time")!;
  assert.deepEqual([ours, interval], [1.5, [1.4, 1.6]]);
  assert.match(found.get("E11.networks_time")!.explanation!, /inputs\.json lacks it/);
  assert.equal(found.get("E18.growth")!.ours, "not linearly");
  // 4 by 2, both known to a tenth: as two errors of 0.1 that are independent have one of 0.1414 (Ku, 1966)
  const spread = found.get("E18.proportion")!;
  assert.equal(spread.ours, 2);
  spread.interval!.forEach((end, k) =>
    assert.ok(Math.abs(Math.log(end / 2) - [-0.14142, 0.14142][k]) < 1e-5, `${end}`)
  );
  assert.equal(found.get("E18.fastest")!.ours, "efficientnet-v2-s");
  assert.match(found.get("E18.order")!.explanation!, /inference_time\.json lacks it/);
  assert.match(found.get("E14.f1")!.explanation!, /svm\.json lacks it: \.\/lumen svm/);
});

Deno.test("the rows of experiments are well formed, and none has neither a number nor a reason", async () => {
  using folder = new TemporaryFolder();
  const evidence = await gatherEvidence(FAMILIES, { resolve: resolveRecipe });
  for (const row of [...familyFacts(FAMILIES, evidence), ...studyFacts()]) {
    const { ours, agrees, explanation } = fact(row, { path: folder.file("ledger.json") });
    assert.ok(explanation || ours !== null && agrees, row.id);
  }
});

Deno.test("the project's ledger has the rows of every experiment", () => {
  const there = new Set(readLedger().map(({ id, on }) => `${id} ${on}`));
  const rows = [...familyFacts(FAMILIES, new Map()), ...studyFacts()];
  assert.deepEqual(rows.filter(({ id, on }) => !there.has(`${id} ${on}`)), []);
  const families = new Set(rows.map(({ id }) => id.split(".")[0]));
  assert.deepEqual([...Array(28).keys()].filter((k) => !families.has(`E${k + 1}`)), []);
});
