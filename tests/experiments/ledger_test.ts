import assert from "node:assert/strict";
import { join } from "node:path";
import { type Fact, fact, formatLedger, readLedger, verdict } from "lib/experiments/ledger.ts";
import { parallelMap } from "lib/core/parallel.ts";

const FACT: Fact = {
  id: "D17.major",
  what: "clips in a major key",
  document: 3364,
  ours: 3364,
  on: "tables",
  where: "a test",
};

async function inFolder(action: (path: string) => void | Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await action(join(folder, "experiments", "ledger.json"));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("a fact is recorded, and recorded again it replaces itself", () =>
  inFolder((path) => {
    assert.deepEqual(readLedger({ path }), []);
    fact(FACT, { path });
    fact({ ...FACT, ours: 3000 }, { path });
    fact({ ...FACT, on: "demo", ours: 12 }, { path });
    const rows = readLedger({ path });
    assert.deepEqual(rows.map((row) => [row.on, row.ours, row.agrees]), [
      ["tables", 3000, false],
      ["demo", 12, false],
    ]);
  }));

Deno.test("the same facts in any order make the same file, sorted by item and number", () =>
  inFolder((path) => {
    const ids = ["D5.exact", "D17.minor", "D17.major", "M19.table", "E2.focal", "D1.clips"];
    for (const id of ids) fact({ ...FACT, id }, { path });
    const first = Deno.readTextFileSync(path);
    for (const id of ids.toReversed()) fact({ ...FACT, id }, { path });
    assert.equal(Deno.readTextFileSync(path), first);
    assert.deepEqual(readLedger({ path }).map((row) => row.id), [
      "D1.clips",
      "D5.exact",
      "D17.major",
      "D17.minor",
      "E2.focal",
      "M19.table",
    ]);
  }));

Deno.test("agreement: counts are equal, numbers within the printed digits, lists in every entry", () =>
  inFolder((path) => {
    const agrees = (document: Fact["document"], ours: Fact["ours"], tolerance?: number) =>
      fact({ ...FACT, document, ours, tolerance, explanation: "a reason" }, { path }).agrees;
    assert.equal(agrees(3364, 3364), true);
    assert.equal(agrees(3364, 3365), false);
    assert.equal(agrees(126.9, 126.904, 0.005), true);
    assert.equal(agrees(126.9, 126.906, 0.005), false);
    // 0.125 rounds to 0.13 and to 0.12: half a unit agrees with both.
    assert.equal(agrees(0.12, 0.125, 0.005), true);
    assert.equal(agrees([159, 128, 10], [159, 128, 10]), true);
    assert.equal(agrees([159, 127, 10], [159, 128, 10]), false);
    assert.equal(agrees([159, 128], [159, 128, 10]), false);
    assert.equal(agrees("holds", "holds"), true);
    assert.equal(agrees("holds", "does not hold"), false);
    assert.equal(agrees(null, 1), null);
    assert.equal(agrees(48531, null), null);
  }));

Deno.test("what is not well formed is refused, and nothing is written", () =>
  inFolder((path) => {
    assert.throws(() => fact({ ...FACT, id: "major" }, { path }), /an id is a study item/);
    assert.throws(() => fact({ ...FACT, ours: NaN }, { path }), TypeError);
    assert.throws(() => fact({ ...FACT, ours: null }, { path }), /needs an explanation/);
    const unknown = { ...FACT, colour: "red" } as Fact;
    assert.throws(() => fact(unknown, { path }), /colour/);
    assert.deepEqual(readLedger({ path }), []);
  }));

Deno.test("a broken ledger is named, not overwritten", () =>
  inFolder((path) => {
    fact(FACT, { path });
    Deno.writeTextFileSync(path, '[{"id": "D17.major"}]');
    assert.throws(() => readLedger({ path }), /cannot read the ledger .*ledger\.json/);
    assert.throws(() => fact(FACT, { path }), TypeError);
    assert.equal(Deno.readTextFileSync(path), '[{"id": "D17.major"}]');
  }));

Deno.test("numbers are written with seven digits, so that machines agree on the file", () =>
  inFolder((path) => {
    const entry = { ...FACT, document: null };
    fact({ ...entry, ours: 0.1 + 0.2, interval: [0.1 + 0.2, 1 / 3] }, { path });
    const [row] = readLedger({ path });
    assert.equal(row.ours, 0.3);
    assert.deepEqual(row.interval, [0.3, 0.3333333]);
  }));

Deno.test("two writers at once lose nothing", () =>
  inFolder(async (path) => {
    const items = Array.from({ length: 40 }, (_, k) => ({ path, id: `D1.fact_${k}` }));
    const worker = new URL("../fixtures/ledger_worker.ts", import.meta.url);
    const outcomes = await parallelMap(worker, items, { workers: 2 });
    assert.deepEqual(outcomes.filter((outcome) => !outcome.ok), []);
    assert.equal(readLedger({ path }).length, 40);
  }));

Deno.test("the text table has a line a fact and its explanation below", () =>
  inFolder((path) => {
    fact(
      { ...FACT, id: "D2.seconds", ours: null, document: 48531, explanation: "needs the audio" },
      {
        path,
      },
    );
    fact({ ...FACT, ours: 1 }, { path });
    const rows = readLedger({ path });
    const text = formatLedger(rows);
    assert.match(text, /^D2\.seconds .*48531 +- +tables +not computed/m);
    assert.match(text, /^ +needs the audio$/m);
    assert.match(text, /^D17\.major .*3364 +1 +tables +DIFFERS/m);
    assert.equal(verdict(rows[0]), "not computed");
  }));

Deno.test("the project's ledger: whatever differs is explained", () => {
  const unexplained = readLedger().filter((row) => row.agrees === false && !row.explanation);
  assert.deepEqual(unexplained, []);
});
