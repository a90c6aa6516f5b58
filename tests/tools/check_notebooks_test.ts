import assert from "node:assert/strict";
import { checkNotebooks, programOf, unawaited } from "../../tools/check_notebooks.ts";
import { findNotebooks } from "../../tools/notebooks.ts";
import { Workplace } from "./notebooks.ts";

Deno.test("complaints name the notebook, the cell and the line", async () => {
  using place = new Workplace();
  const good = place.notebook("good.ipynb", [
    `import { INSTRUMENTS } from "lib/datasets/labels.ts";`,
    "md:text",
    `console.log(await Promise.resolve(INSTRUMENTS.length));`,
  ]);
  const bad = place.notebook("bad.ipynb", [
    "md:text",
    `const width = 3;`,
    `console.log(width);\nconst height: number = "tall";\nconsole.log(height);`,
    `let depth = 1;\nconsole.log(depth);`,
  ]);
  const { failed, text } = await checkNotebooks([good, bad]);
  assert.deepEqual(failed, [bad]);
  assert.match(
    text,
    /Type 'string' is not assignable to type 'number'[^]*bad\.ipynb:cell 3:line 2:7/,
  );
  assert.match(text, /bad\.ipynb:cell 4:line 1, col 5 - `depth` is never reassigned/);
  assert.doesNotMatch(text, /good\.ipynb|file:\/\//);
});

Deno.test("names are unique in a notebook; formatting and loose outputs are seen", async () => {
  using place = new Workplace();
  const path = place.notebook("twice.ipynb", [
    `import { show } from "lib/notebook/show.ts";\n\nconst a = 1;`,
    `const a = 2;\nshow( "x" )`,
  ]);
  const { failed, text } = await checkNotebooks([path]);
  assert.deepEqual(failed, [path]);
  assert.match(text, /Cannot redeclare block-scoped variable 'a'[^]*cell 2:line 1/);
  assert.match(text, /cell 2:line 2: an output is not awaited/);
  assert.match(text, /not formatted/);
});

Deno.test("an awaited output is no complaint, nor is another's method", () => {
  const text =
    `await show(x);\n// show(x)\nplot.show(x);\nconst r = await runWithProgress("a", []);\nfoo(show(y));`;
  const origin = text.split("\n").map((_, k) => ({ cell: 1, line: k + 1 }));
  assert.deepEqual(unawaited({ text, origin }).map(({ line }) => line), [5]);
});

Deno.test("every line of a program knows its cell", () => {
  using place = new Workplace();
  const path = place.notebook("n.ipynb", ["a\nb", "md:x", "c"]);
  assert.deepEqual(programOf(path).origin, [
    { cell: 1, line: 1 },
    { cell: 1, line: 2 },
    { cell: 3, line: 1 },
  ]);
});

Deno.test("notebooks are found by number, name, all; an unknown name lists them", () => {
  using place = new Workplace();
  const [a, b] = ["01_one.ipynb", "02_two.ipynb"].map((name) => place.notebook(name, []));
  assert.deepEqual(findNotebooks("all", place.folder), [a, b]);
  assert.deepEqual(findNotebooks("1", place.folder), [a]);
  assert.deepEqual(findNotebooks("02", place.folder), [b]);
  assert.deepEqual(findNotebooks("02_two.ipynb", place.folder), [b]);
  assert.throws(() => findNotebooks("03", place.folder), /no notebook "03".*01_one, 02_two/);
});
