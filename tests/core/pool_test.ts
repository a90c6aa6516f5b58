import assert from "node:assert/strict";
import { Pool } from "lib/core/pool.ts";

Deno.test("an item is made once, lent again, and not lent twice at a time", () => {
  let made = 0;
  const pool = new Pool((key: string) => `${key}${made++}`);
  assert.equal(pool.with("a", (item) => item), "a0");
  assert.equal(pool.with("a", (item) => item), "a0");
  assert.deepEqual(pool.with("a", (outer) => [outer, pool.with("a", (inner) => inner)]), [
    "a0",
    "a1",
  ]);
  assert.equal(pool.with("b", (item) => item), "b2");
});

Deno.test("an item comes back from work that fails", () => {
  let made = 0;
  const pool = new Pool(() => made++);
  assert.throws(() => pool.with("a", () => assert.fail("work")));
  assert.equal(pool.with("a", (item) => item), 0);
});
