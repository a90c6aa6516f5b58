import assert from "node:assert/strict";
import { JSDOM } from "jsdom";
import { table } from "lib/plots/table.ts";

const ROWS = [
  { name: "piano <x>", clips: 721, share: 0.10753, note: null },
  { name: "cello", clips: 388, share: 1, note: "few" },
];

Deno.test("a table's text has aligned columns", () => {
  const { text } = table(ROWS, {
    columns: { name: "instrument", clips: "clips", share: "share" },
    decimals: { share: 2 },
    caption: "IRMAS",
  });
  assert.deepEqual(text.split("\n"), [
    "IRMAS",
    "instrument  clips  share",
    "----------  -----  -----",
    "piano <x>     721   0.11",
    "cello         388   1.00",
  ]);
});

Deno.test("a table's HTML says what its cells hold, whatever is in them", () => {
  const { html } = table(ROWS);
  const cells = [...new JSDOM(html).window.document.querySelectorAll("td")].map((cell) =>
    (cell as HTMLElement).textContent
  );
  assert.deepEqual(cells, ["piano <x>", "721", "0.108", "–", "cello", "388", "1.000", "few"]);
});

Deno.test("an unknown column is an error that lists the known ones", () => {
  assert.throws(() => table(ROWS, { columns: { clip: "x" } }), /"clip".*name, clips, share/);
});
