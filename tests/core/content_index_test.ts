import assert from "node:assert/strict";
import { addToIndex, knownContents, settledState } from "lib/core/content_index.ts";
import { projectPath } from "lib/core/paths.ts";

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await test(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Waits until what was just written may be relied on. */
const aged = () => new Promise((resolve) => setTimeout(resolve, 2100));

Deno.test("a file is known until it changes, even where its size and time stay, and not while it is new", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a`, content = "00ff";
    const known = () => knownContents(folder, [path]).get(path);
    Deno.writeTextFileSync(path, "one");
    assert.equal(settledState(path), undefined);
    addToIndex(folder, new Map([[path, { state: settledState(path), content }]]));
    await aged();
    assert.equal(known(), undefined, "read too early to be kept");
    addToIndex(folder, new Map([[path, { state: settledState(path), content }]]));
    assert.equal(known(), content);

    const { mtime } = Deno.statSync(path);
    Deno.writeTextFileSync(path, "two");
    Deno.utimeSync(path, mtime!, mtime!);
    assert.equal(Deno.statSync(path).mtime!.getTime(), mtime!.getTime());
    assert.equal(known(), undefined);
    await aged();
    assert.equal(known(), undefined);
    Deno.removeSync(path);
    assert.deepEqual([known(), settledState(path)], [undefined, undefined]);
  }));

Deno.test("two processes that add files at once lose none", () =>
  inFolder(async (folder) => {
    const code = `
      import { addToIndex } from "lib/core/content_index.ts";
      const [folder, name] = Deno.args;
      for (let k = 0; k < 200; k++) {
        addToIndex(folder, new Map([["/" + name + k, { state: "1 2 3", content: "00ff" }]]));
      }`;
    const children = ["a", "b"].map((name) =>
      new Deno.Command(Deno.execPath(), {
        args: ["eval", code, folder, name],
        cwd: projectPath(),
        stderr: "null",
      }).output()
    );
    for (const { code } of await Promise.all(children)) assert.equal(code, 0);
    const index = new Map(JSON.parse(Deno.readTextFileSync(`${folder}/index.json`)));
    const names = Array.from({ length: 200 }, (_, k) => [`/a${k}`, `/b${k}`]).flat();
    assert.deepEqual([...index.keys()].sort(), names.sort());
  }));
