import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { projectPath } from "lib/core/paths.ts";
import { buildProgram } from "../../tools/cli.ts";

Deno.test("./lumen help lists the commands that there are, and no others", async () => {
  const { stdout } = new Deno.Command(projectPath("lumen"), { args: ["help"] }).outputSync();
  const listed = [...new TextDecoder().decode(stdout).matchAll(/^ {2}\.\/lumen (\w+)/gm)]
    .map(([, name]) => name);
  const ofTheShell = ["setup", "clean", "deno", "help"];
  const ofDeno = (await buildProgram([])).commands.map((command) => command.name());
  deepStrictEqual([...new Set(listed)].sort(), [...ofDeno, ...ofTheShell].sort());
});

Deno.test("an unknown command ends with status 1 and a sentence", () => {
  const { code, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", projectPath("tools", "cli.ts"), "trian"],
    cwd: projectPath(),
  }).outputSync();
  strictEqual(code, 1);
  match(new TextDecoder().decode(stderr), /unknown command 'trian'/);
});
