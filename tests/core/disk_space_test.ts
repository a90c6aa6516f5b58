import assert from "node:assert/strict";
import { requireSpace, writeFailure } from "lib/core/disk_space.ts";

Deno.test("room that is not there is asked for in vain, with both amounts", () => {
  requireSpace(".", 1);
  assert.throws(
    () => requireSpace(".", 1e18),
    /1000000 TB are needed on the disk of \., .* are free/,
  );
});

Deno.test("a full disk is named, with what is missing", () => {
  // what Deno throws for a write to a full disk; a real one is met in tests/download/disk_full_test.ts
  const error = Object.assign(new Error("No space left on device"), { code: "ENOSPC" });
  const failure = writeFailure(error, { folder: "/data", missing: 1.5e9 }) as Error;
  assert.match(failure.message, /^the disk of \/data is full, 1\.5 GB were still to be written; /);
  assert.equal(failure.cause, error);
});

Deno.test("other failures of writing stay what they are", () => {
  const error = new Deno.errors.BadResource("closed");
  assert.equal(writeFailure(error, { folder: "/data" }), error);
});
