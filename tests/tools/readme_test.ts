import assert from "node:assert/strict";
import { projectPath } from "lib/core/paths.ts";
import { PAGES, readReported, withSection, written } from "../../tools/readme.ts";

for (const page of Object.keys(PAGES)) {
  Deno.test(`the tables of ${page} are what the reported runs, the ledger and the benchmarks say`, async () => {
    const text = Deno.readTextFileSync(projectPath(page));
    assert.equal(
      text,
      await written(page, text, readReported()),
      "run: ./lumen deno run -A tools/readme.ts",
    );
  });
}

Deno.test("a section is replaced between its marks, and must be there", () => {
  const text = "a\n<!-- X -->\nold\n<!-- /X -->\nb";
  assert.equal(withSection(text, "X", "new"), "a\n<!-- X -->\n\nnew\n\n<!-- /X -->\nb");
  assert.throws(() => withSection(text, "Y", "new"), /no <!-- Y -->/);
});
