import assert from "node:assert/strict";
import { formatBytes, Pace } from "lib/core/byte_progress.ts";

Deno.test("amounts have three digits and a decimal unit", () => {
  const written = [0, 812, 999, 1000, 12_345, 999_499, 999_500, 3.2e9, 6e15].map(formatBytes);
  assert.deepEqual(written, [
    "0 B",
    "812 B",
    "999 B",
    "1 kB",
    "12.3 kB",
    "999 kB",
    "1 MB",
    "3.2 GB",
    "6000 TB",
  ]);
});

Deno.test("a pace is that of the last five seconds", () => {
  const pace = new Pace(1000, 0);
  assert.equal(pace.at(1000, 0), 0);
  // 10 a second for 10 s, then 100 a second
  for (let t = 1; t <= 10; t++) assert.equal(pace.at(1000 + 10 * t, t), 10);
  for (let t = 11; t <= 14; t++) pace.at(1100 + 100 * (t - 10), t);
  assert.equal(pace.at(1600, 15), 100);
  // nothing comes: it falls to nothing
  assert.equal(pace.at(1600, 21), 0);
});
