import assert from "node:assert/strict";
import { secondsLeft } from "lib/core/progress.ts";

Deno.test("the time left is that of the pace so far", () => {
  assert.equal(secondsLeft(10, { start: 0, finished: 25, total: 100 }), 30);
  assert.equal(secondsLeft(10, { start: 0, finished: 100, total: 100 }), 0);
});

Deno.test("a task that is taken up again has only the pace that it had since", () => {
  // 10 units in 10 s, 20 to come: what was finished before took none of these seconds
  assert.equal(secondsLeft(10, { start: 70, finished: 80, total: 100 }), 20);
  assert.equal(secondsLeft(10, { start: 70, finished: 70, total: 100 }), Infinity);
});
