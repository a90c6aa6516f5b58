import assert from "node:assert/strict";
import { neighbourAgreement } from "lib/baselines/nearest_neighbours.ts";

Deno.test("neighbours are sought in other groups, and agree where they have the same label", () => {
  // on a line: 0 and 1 of one group, 3 and 4, 10
  const rows = { values: Float64Array.of(0, 1, 3, 4, 10), columns: 1 };
  const groups = ["a", "a", "b", "c", "d"], labels = [0, 1, 1, 0, 0];
  // nearest of another group: 0 to 3, 1 to 3, 3 to 4, 4 to 3, 10 to 4
  assert.equal(neighbourAgreement(rows, labels, groups), 2 / 5);
  assert.throws(() => neighbourAgreement(rows, labels, groups.map(() => "a")), /groups: one/);
});
