import assert from "node:assert/strict";
import { scoreRows } from "lib/experiments/score_rows.ts";

Deno.test("scores are rounded to decimals, or to digits where small ones count", () => {
  const some = [0.98768, 0.043217, 0.0021987, 0.000046789, 1e-9];
  const row = Float32Array.from({ length: 11 }, (_, k) => some[k] ?? 0);
  const first = (rows: number[][]) => rows.map((row) => row.slice(0, 5));
  assert.deepEqual(first(scoreRows(row, { decimals: 4 })), [[0.9877, 0.0432, 0.0022, 0, 0]]);
  const kept = [0.988, 0.0432, 0.0022, 0.00005, 0];
  assert.deepEqual(first(scoreRows(row, { digits: 3 })), [kept]);
  assert.equal(scoreRows(new Float32Array(22), { digits: 3 }).length, 2);
});
