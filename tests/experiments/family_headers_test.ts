import assert from "node:assert/strict";
import { join } from "node:path";
import { FAMILIES } from "experiments/recipes/families/mod.ts";
import { resolveRecipe } from "experiments/recipes/mod.ts";
import { projectPath } from "lib/core/paths.ts";
import { gatherEvidence } from "lib/experiments/family_evidence.ts";
import { readReported } from "../../tools/readme.ts";

const FOLDER = projectPath("experiments", "recipes", "families");
const FILES = [...Deno.readDirSync(FOLDER)].map(({ name }) => name);

/** The comment that a family's file begins with. */
function headerOf(id: string): string {
  const number = id.replace(/^E/, "").padStart(2, "0");
  const file = FILES.find((name) => name.startsWith(`e${number}_`) || name === `${id}.ts`);
  assert(file, `no file of ${id}`);
  const text = Deno.readTextFileSync(join(FOLDER, file));
  return text.slice(0, text.indexOf("*/")).replaceAll(/\n \* ?/g, " ");
}

/** What a header lists behind a word, e.g. "Better: `sum-2`, `sum-3`." */
function listed(header: string, word: string): string[] {
  const list = new RegExp(`${word}: ((?:\`[^\`]+\`(?:, )?)+)`).exec(header)?.[1] ?? "";
  return [...list.matchAll(/`([^`]+)`/g)].map(([, name]) => name).sort();
}

const evidence = await gatherEvidence(FAMILIES, {
  resolve: resolveRecipe,
  among: new Set(readReported().runs),
});

for (const id of Object.keys(FAMILIES)) {
  Deno.test(`the header of ${id} says what came out, and names what was better or worse`, () => {
    const header = headerOf(id);
    assert.match(header, /Came out/);
    for (const [word, verdict] of [["Better", "better"], ["Worse", "worse"]] as const) {
      const found = evidence.get(id)!.flatMap(({ comparison: { measures: [judged] } }) =>
        judged.variants.filter((variant) => variant.verdict === verdict).map(({ name }) => name)
      );
      assert.deepEqual(listed(header, word), [...new Set(found)].sort(), word);
    }
  });
}
