import assert from "node:assert/strict";
import { Journal } from "lib/core/journal.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

Deno.test("a journal that was cut anywhere keeps its whole lines, and goes on behind them", () => {
  using folder = new TemporaryFolder();
  const whole = folder.file("whole.jsonl"), entries = [{ n: 1 }, { n: 22 }, { n: 333 }];
  const journal = new Journal<{ n: number }>(whole);
  for (const entry of entries) journal.append(entry);
  assert.deepEqual(journal.entries, entries);
  const text = Deno.readTextFileSync(whole);
  for (let length = 0; length <= text.length; length++) {
    const path = folder.file("cut.jsonl");
    Deno.writeTextFileSync(path, text.slice(0, length));
    const kept = entries.slice(0, text.slice(0, length).split("\n").length - 1);
    const cut = new Journal<{ n: number }>(path);
    assert.deepEqual(cut.entries, kept);
    cut.append({ n: 4 });
    assert.deepEqual(new Journal(path).entries, [...kept, { n: 4 }]);
  }
});

Deno.test("a damaged line is told by its number", () => {
  using folder = new TemporaryFolder();
  const path = folder.file("journal.jsonl");
  Deno.writeTextFileSync(path, '{"n":1}\n{"n":\n{"n":3}\n');
  assert.throws(() => new Journal(path), /line 2 of .*journal\.jsonl is no JSON/);
});
