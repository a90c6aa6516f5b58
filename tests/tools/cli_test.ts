import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { projectPath } from "lib/core/paths.ts";
import { buildProgram } from "../../tools/cli.ts";

Deno.test("./lumen help lists the commands that there are, and no others", async () => {
  const listed = [...lumen("help").stdout.matchAll(/^ {2}\.\/lumen (\w+)/gm)]
    .map(([, name]) => name);
  const ofTheShell = ["setup", "clean", "deno", "help"];
  const ofDeno = (await buildProgram([])).commands.map((command) => command.name());
  deepStrictEqual([...new Set(listed)].sort(), [...ofDeno, ...ofTheShell].sort());
});

/** What ./lumen leaves, run as a user does. */
function lumen(...args: string[]) {
  const { code, stdout, stderr } = new Deno.Command(projectPath("lumen"), { args }).outputSync();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** Calls that must end with status 1, nothing on standard output, and one sentence that matches. */
const REFUSED: Record<string, RegExp> = {
  "bench nothing": /^lumen: there is no benchmark "nothing"; known: engine, /,
  "bench --json nothing": /^lumen: there is no benchmark "nothing"; known: engine, /,
  "train nothing": /^lumen: there is no recipe "nothing"; known: demo, .*irmas_scratch, /,
  "train demo --seed abc": /seed.*(NaN|abc)/,
  "train demo --set nothing=1": /^lumen: the configuration has no field "nothing"; known: .*epochs/,
  "train irmas_scratch --set data.fold=9": /^lumen: .*data\.fold \(9\) must be less than/,
  "data irmas-mels": /^lumen: give either --root FOLDER .* or --pack FILE/,
  "data nothing": /^error: unknown command 'nothing'/,
};

for (const [call, sentence] of Object.entries(REFUSED)) {
  Deno.test(`./lumen ${call}: status 1 and one sentence`, () => {
    const { code, stdout, stderr } = lumen(...call.split(" "));
    strictEqual(code, 1);
    strictEqual(stdout, "");
    match(stderr, sentence);
    strictEqual(stderr.trim().split("\n").length, 1, stderr);
  });
}

Deno.test("./lumen ledger --json: every row says what it is, what agrees, and where it comes from", () => {
  const { code, stdout, stderr } = lumen("ledger", "--json");
  strictEqual(code, 0, stderr);
  const rows = JSON.parse(stdout);
  // what the file holds, read without our reader
  strictEqual(rows.length, readJson<unknown[]>(projectPath("experiments", "ledger.json")).length);
  ok(rows.length > 0);
  for (const row of rows) {
    const { id, what, document, ours, on, agrees, where } = row;
    for (const text of [id, what, on, where]) {
      ok(typeof text === "string" && text, `${id}: ${text}`);
    }
    ok(document !== undefined && ours !== undefined, id);
    if (document === null || ours === null) strictEqual(agrees, null, id);
    else strictEqual(typeof agrees, "boolean", id);
  }
});

Deno.test("./lumen data --help lists the data sets", () => {
  const { code, stdout } = lumen("data", "--help");
  strictEqual(code, 0);
  match(stdout, /^ {2}demo \[options\]/m);
  match(stdout, /^ {2}irmas-mels \[options\]/m);
});

Deno.test("an unknown command ends with status 1 and a sentence", () => {
  const { code, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", projectPath("tools", "cli.ts"), "trian"],
    cwd: projectPath(),
  }).outputSync();
  strictEqual(code, 1);
  match(new TextDecoder().decode(stderr), /unknown command 'trian'/);
});
