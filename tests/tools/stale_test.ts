import assert from "node:assert/strict";
import { join } from "node:path";
import { contentKey, unlessFresh } from "../../tools/stale.ts";

/** A folder with two sources, a result that is made of them, and the folder of keys. */
class Made implements Disposable {
  readonly folder = Deno.makeTempDirSync();
  readonly result = join(this.folder, "result");
  readonly keys = join(this.folder, "keys");
  runs = 0;

  constructor() {
    Deno.mkdirSync(this.path("sources/inner"), { recursive: true });
    Deno.writeTextFileSync(this.path("sources/a.txt"), "a");
    Deno.writeTextFileSync(this.path("sources/inner/b.txt"), "b");
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Makes the result unless it is fresh. */
  make(action = () => Deno.writeTextFileSync(this.result, "made")): Promise<"made" | "fresh"> {
    const key = contentKey([this.path("sources"), this.path("later.txt")]);
    return unlessFresh("result", { key, result: this.result, keys: this.keys }, () => {
      this.runs++;
      action();
      return Promise.resolve();
    });
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

Deno.test("what was made is made again when a source changes, appears or goes, or the result is gone", async () => {
  using place = new Made();
  assert.deepEqual([await place.make(), await place.make()], ["made", "fresh"]);
  const changes = [
    () => Deno.writeTextFileSync(place.path("sources/inner/b.txt"), "other"),
    () => Deno.writeTextFileSync(place.path("sources/inner/c.txt"), ""),
    () => Deno.writeTextFileSync(place.path("later.txt"), "was named before it was there"),
    () => Deno.renameSync(place.path("sources/a.txt"), place.path("sources/d.txt")),
    () => Deno.removeSync(place.path("sources/inner"), { recursive: true }),
    () => Deno.removeSync(place.result),
  ];
  for (const [k, change] of changes.entries()) {
    change();
    assert.deepEqual([await place.make(), await place.make()], ["made", "fresh"], `change ${k}`);
  }
  assert.equal(place.runs, 1 + changes.length);
});

Deno.test("weights change nothing: a run's result tells runs apart", async () => {
  using place = new Made();
  await place.make();
  Deno.writeTextFileSync(place.path("sources/weights.safetensors"), "");
  assert.equal(await place.make(), "fresh");
});

Deno.test("a step that throws has made nothing, even where its result was written", async () => {
  using place = new Made();
  const failing = () => {
    Deno.writeTextFileSync(place.result, "half");
    throw new Error("failed");
  };
  await assert.rejects(place.make(failing), /failed/);
  assert.equal(await place.make(), "made");
});
