import { deepStrictEqual, ok } from "node:assert/strict";
import { join } from "node:path";
import { exists, readJson } from "lib/core/files.ts";
import { projectPath } from "lib/core/paths.ts";

Deno.test("THIRD_PARTY.md names every package of deno.json, the Python requirements, and no other npm package", () => {
  const page = Deno.readTextFileSync(projectPath("THIRD_PARTY.md"));
  const { imports } = readJson<{ imports: Record<string, string> }>(projectPath("deno.json"));
  const used = Object.values(imports).flatMap((target) => {
    const name = target.match(/^npm:\/?(@?[^@]+)@/)?.[1];
    if (!name) return [];
    return [name.startsWith("tonejs-instrument-") ? "tonejs-instrument-\\*-mp3" : name];
  });
  const python = ["requirements/lab.in", "requirements/sound.txt", "bench/requirements.in"].flatMap(
    (path) =>
      [...Deno.readTextFileSync(projectPath(path)).matchAll(/^([a-z0-9-]+)==/gm)]
        .map(([, name]) => name),
  );
  deepStrictEqual([...used, ...python].filter((name) => !page.includes(name)), []);

  const section = page.slice(page.indexOf("## npm"), page.indexOf("## Python"));
  const named = [...section.matchAll(/^\| ([^|]+) \|/gm)].slice(1)
    .flatMap(([, cell]) => cell.split(", ").map((part) => part.split(" ")[0]))
    .filter((name) => !/^-+$/.test(name));
  deepStrictEqual(named.filter((name) => !used.includes(name)), []);
});

interface Package {
  name: string;
  license?: string;
}

/** The packages that npm installed here, needed by ours or by each other. */
function installed(): Package[] {
  const store = projectPath("node_modules", ".deno");
  return [...Deno.readDirSync(store)].filter(({ isDirectory }) => isDirectory).flatMap((entry) => {
    // "@scope+name@version", with "_1" behind a second copy
    const name = entry.name.replace("+", "/").replace(/(?<=.)@[^@]*$/, "");
    const path = join(store, entry.name, "node_modules", name, "package.json");
    return exists(path) ? [readJson<Package>(path)] : [];
  });
}

Deno.test("THIRD_PARTY.md names every npm package whose licence asks for more than a notice", () => {
  const page = Deno.readTextFileSync(projectPath("THIRD_PARTY.md"));
  const packages = installed();
  ok(packages.some(({ name }) => name === "lru-cache"), "packages of packages are not found");
  const notice = /^\(?(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0)( (AND|OR) (MIT|Apache-2\.0)\)?)*$/;
  const others = packages.filter(({ license }) => !notice.test(license ?? ""));
  // the compiled part of a package has the machine at the end of its name
  const family = (name: string) => name.replace(/-(linux|darwin|win32|android)-.*$/, "-\\*");
  deepStrictEqual(
    others.map(({ name }) => family(name)).filter((name) => !page.includes(name)),
    [],
  );
});
