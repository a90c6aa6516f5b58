import { deepStrictEqual } from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { projectPath } from "lib/core/paths.ts";

Deno.test("THIRD_PARTY.md names every package of deno.json and requirements/lab.in, and no other npm package", () => {
  const page = Deno.readTextFileSync(projectPath("THIRD_PARTY.md"));
  const { imports } = readJson<{ imports: Record<string, string> }>(projectPath("deno.json"));
  const used = Object.values(imports).flatMap((target) => {
    const name = target.match(/^npm:\/?(@?[^@]+)@/)?.[1];
    if (!name) return [];
    return [name.startsWith("tonejs-instrument-") ? "tonejs-instrument-\\*-mp3" : name];
  });
  const lab = Deno.readTextFileSync(projectPath("requirements", "lab.in"));
  const python = [...lab.matchAll(/^([a-z0-9-]+)==/gm)].map(([, name]) => name);
  deepStrictEqual([...used, ...python].filter((name) => !page.includes(name)), []);

  const section = page.slice(page.indexOf("## npm"), page.indexOf("## Python"));
  const named = [...section.matchAll(/^\| ([^|]+) \|/gm)].slice(1)
    .flatMap(([, cell]) => cell.split(", ").map((part) => part.split(" ")[0]))
    .filter((name) => !/^-+$/.test(name));
  deepStrictEqual(named.filter((name) => !used.includes(name)), []);
});
