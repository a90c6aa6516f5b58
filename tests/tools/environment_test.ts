import assert from "node:assert/strict";
import { join } from "node:path";
import { projectPath } from "lib/core/paths.ts";

function* textsBelow(path: string): Generator<string> {
  for (const entry of Deno.readDirSync(path)) {
    const inner = join(path, entry.name);
    if (entry.isDirectory) yield* textsBelow(inner);
    else yield Deno.readTextFileSync(inner);
  }
}

const variablesOf = (text: string) => text.match(/\bLUMEN_[A-Z_]+\b/g) ?? [];

Deno.test("CONTRIBUTING.md has every environment variable of the code, and no others", () => {
  const code = ["bench", "lib", "tools"].flatMap((folder) => [...textsBelow(projectPath(folder))]);
  const page = Deno.readTextFileSync(projectPath("CONTRIBUTING.md"));
  const section = page.slice(page.indexOf("## Environment"), page.indexOf("## How"));
  const sorted = (names: string[]) => [...new Set(names)].sort();
  assert.deepEqual(sorted(variablesOf(section)), sorted(code.flatMap(variablesOf)));
});
