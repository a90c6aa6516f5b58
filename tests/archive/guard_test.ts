import assert from "node:assert/strict";
import { type Entry, Guard } from "lib/archive/guard.ts";

const file = (name: string, size = 0): Entry => ({ name, kind: "file", size });

Deno.test("where a disk takes large and small letters for the same, so does the guard", () => {
  const guard = new Guard({ archiveBytes: 0, foldsCase: true });
  guard.admit(file("Ä/b"));
  // folders meet, files do not
  assert.equal(guard.admit(file("ä/c")), "ä/c");
  assert.throws(() => guard.admit(file("ä/B")), /the entries "Ä\/b" and "ä\/B" would be the same/);
  assert.throws(() => guard.admit(file("Ä")), /the entries "Ä" and "Ä" would be the same/);
});

Deno.test("a ratio counts from 50 MB on", () => {
  const guard = new Guard({ archiveBytes: 1e6, foldsCase: false });
  guard.admit(file("a", 1e8));
  assert.throws(() => guard.admit(file("b", 1)), /announces more than 100 MB/);
  const small = new Guard({ archiveBytes: 10, foldsCase: false });
  small.admit(file("a", 5e7));
  assert.throws(() => small.admit(file("b", 1)), /announces more than 50 MB/);
});

Deno.test("what really comes is counted too", () => {
  const guard = new Guard({ archiveBytes: 10, foldsCase: false, bytes: 100 });
  guard.count(60);
  guard.count(40);
  assert.throws(() => guard.count(1), /it unpacks to more than 100 B/);
});
