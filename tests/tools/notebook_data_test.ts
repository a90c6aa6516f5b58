import assert from "node:assert/strict";
import { basename } from "node:path";
import { listNotebooks, readCells } from "../../tools/notebooks.ts";

/** Sizes that a pattern finds in a program, each with its place. */
function sizesIn(program: string, pattern: RegExp): { size: string; at: number }[] {
  return [...program.matchAll(pattern)].map((match) => ({ size: match[1], at: match.index }));
}

for (const path of listNotebooks()) {
  Deno.test(`notebook ${basename(path)} finds its demo audio after "lumen demo" of either size`, () => {
    const program = readCells(path).filter(({ kind }) => kind === "code")
      .map(({ source }) => source).join("\n");
    const rendered = sizesIn(program, /renderDemo\(\{ size: "(\w+)" \}\)/g);
    const trainedOn = sizesIn(program, /data\.size=(\w+)/g);
    const readFrom = sizesIn(program, /demoFolder\("(\w+)"\)/g);
    for (const made of ["small", "full"]) {
      const isThere = ({ size, at }: { size: string; at: number }) =>
        size === made || rendered.some((one) => one.size === size && one.at < at);
      for (const use of trainedOn) {
        assert(isThere(use), `it trains on ${use.size}, the demo made ${made} alone`);
      }
      // folders stand for one another: a notebook takes the first that is there
      const served = readFrom.length === 0 || rendered.length > 0 || readFrom.some(isThere);
      assert(served, `it reads ${readFrom.map(({ size }) => size)}, the demo made ${made} alone`);
    }
  });
}
