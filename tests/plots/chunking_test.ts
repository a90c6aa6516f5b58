import assert from "node:assert/strict";
import { chunkingCurves } from "lib/plots/mod.ts";

const way = (seconds: number, hop: number, by: string, value: number) => {
  return { seconds, hop, by, macroF1: { value } };
};

Deno.test("a line for each aggregation, dashed where pieces overlap, and the usual way's level", () => {
  const ways = [
    way(3, 3, "maximum", 0.4),
    way(1, 1, "maximum", 0.3),
    way(3, 1.5, "maximum", 0.5),
    way(1, 1, "meanLogit", 0.2),
  ];
  const { data } = chunkingCurves(ways, { usual: ways[0], text: "Macro-F1 over length." });
  assert.deepEqual(data.map(({ name, x, y, line }) => [name, x, y, Object(line).dash]), [
    ["maximum", [1, 3], [0.3, 0.4], "solid"],
    ["maximum, overlapping", [3], [0.5], "dash"],
    ["meanLogit", [1], [0.2], "solid"],
    ["usual", [1, 3], [0.4, 0.4], "dot"],
  ]);
  assert.throws(
    () => chunkingCurves(ways, { usual: way(2, 2, "maximum", 0), text: "" }),
    /the usual way, maximum of 2 s every 2 s: it was not scored/,
  );
});
