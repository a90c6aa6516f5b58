import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { projectPath } from "lib/core/paths.ts";
import { CATALOG } from "lib/datasets/catalog.ts";
import type { Comparison } from "lib/experiments/comparison.ts";
import { buildProgram } from "../../tools/cli.ts";
import { IRMAS_TREE, WAV, withTree } from "../datasets/trees.ts";

Deno.test("./lumen help lists the commands that there are, and no others", async () => {
  const listed = [...lumen("help").stdout.matchAll(/^ {2}\.\/lumen ([\w-]+)/gm)]
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
  "compare nothing demo":
    /^lumen: there is no recipe and no finished run "nothing"; recipes: demo, .*; runs: .*\bdemo-[0-9a-f]{8}/,
  "compare irmas_scratch irmas_mixed":
    /^lumen: there is no finished run of irmas_mixed: "\.\/lumen train irmas_mixed --seed 0" makes/,
  "compare irmas_scratch irmas_fluffy --measure nothing":
    /^lumen: there is no measure "nothing"; known: mixturesOfTwo\.macroF1, /,
  "data nothing": /^lumen: there is no data set "nothing"; known: demo, .*irmas, openmic, audioset/,
  "data esc50 --root .": /^lumen: there is no ESC-50 in \.: expected meta\/esc50\.csv/,
  "data irmas --root none": /^lumen: there is no IRMAS in none: expected IRMAS-TrainingData/,
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

Deno.test({
  name: "./lumen data esc50, where it is not here: size, licence and terms, and how to get it",
  ignore: CATALOG.esc50.find() !== undefined,
  fn() {
    const { code, stdout, stderr } = lumen("data", "esc50");
    strictEqual(code, 1);
    match(stdout, /about 600 MB[^]*licence: CC BY-NC 3\.0[^]*to be cited: K\. J\. Piczak/);
    match(stderr, /esc50 is not here: .*--download.*--root PATH/);
  },
});

Deno.test("./lumen data: every data set with its size, its licence, and whether it is here", () => {
  const { code, stdout } = lumen("data");
  strictEqual(code, 0);
  for (const name of Object.keys(CATALOG)) match(stdout, new RegExp(`^${name} {2,}\\S`, "m"));
  match(stdout, /^published .*\n.*CC BY 4\.0.*\n +here: .*data\/published$/m);
});

Deno.test("./lumen data published --check: the tables hold what IRMAS is known for", () => {
  const { code, stdout } = lumen("data", "published", "--check", "--patch", "irmas-relabelled");
  strictEqual(code, 0);
  match(stdout, /irmas-train: clips +6705 +6705/);
  match(stdout, /all published counts are met/);
  match(stdout, /the patch changes 155 clips, confirms 142, does not fit 0/);
});

Deno.test("./lumen data irmas --check of a copy that is not whole: counts, problems, status 1", () => {
  const broken = { ...IRMAS_TREE, "IRMAS-TrainingData/cel/cello.wav": WAV };
  return withTree(IRMAS_TREE, async (root) => {
    const partial = lumen("data", "irmas", "--root", root, "--check");
    strictEqual(partial.code, 1);
    match(partial.stdout, /irmas-test: piano +2 +995 +differs/);
    match(partial.stderr, /irmas is not whole: irmas-train: clips 5, not 6705 as published, and/);
    await withTree(broken, (folder) => {
      const { code, stdout, stderr } = lumen("data", "irmas", "--root", folder, "--check");
      strictEqual(code, 1);
      match(
        stdout,
        /1 left out or not right:\n {2}IRMAS-TrainingData\/cel\/cello\.wav: .*expected NNN__/,
      );
      match(stderr, /a problem in irmas: IRMAS-TrainingData\/cel\/cello\.wav/);
    });
  });
});

Deno.test("an unknown command ends with status 1 and a sentence", () => {
  const { code, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", projectPath("tools", "cli.ts"), "trian"],
    cwd: projectPath(),
  }).outputSync();
  strictEqual(code, 1);
  match(new TextDecoder().decode(stderr), /unknown command 'trian'/);
});

Deno.test("./lumen compare: a table, the runs that it rests on, a figure, and all of it as JSON", () => {
  const folder = Deno.makeTempDirSync(), file = (name: string) => `${folder}/${name}`;
  const { code, stdout, stderr } = lumen(
    ...["compare", "irmas_scratch-1c752158-seed0", "irmas_fluffy", "--json", file("all.json")],
    ...["--figure", file("forest.svg")],
  );
  strictEqual(code, 0, stderr);
  match(stdout, /accuracy, held-out clips; irmas_scratch: 0\.485 \(1 seed\)/);
  match(
    stdout,
    /experiments\/runs\/irmas_fluffy-1dcbab5e-seed2 +\.\/lumen train irmas_fluffy --seed 2/,
  );
  match(Deno.readTextFileSync(file("forest.svg")), /^<svg .*irmas_fluffy-1dcbab5e, seeds 0 to 2/s);
  const { variants, measures } = readJson<Comparison>(file("all.json"));
  strictEqual(variants[0].runs.length, 3);
  const { difference, mean } = measures[0].variants[0];
  ok(Math.abs(difference.value - (mean - measures[0].base.mean)) < 1e-9);
  Deno.removeSync(folder, { recursive: true });
});
