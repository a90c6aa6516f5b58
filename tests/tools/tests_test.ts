import { deepStrictEqual } from "node:assert/strict";
import { join } from "node:path";
import { tallyOf } from "../../tools/commands/tests.ts";

/** Runs Deno's own test runner on a file, and counts its report. */
function tallyOfProgram(text: string) {
  const folder = Deno.makeTempDirSync();
  try {
    const file = join(folder, "x_test.ts"), report = join(folder, "junit.xml");
    Deno.writeTextFileSync(file, text);
    const { success } = new Deno.Command(Deno.execPath(), {
      args: ["test", "--no-config", "--quiet", `--junit-path=${report}`, file],
    }).outputSync();
    let xml = "";
    try {
      xml = Deno.readTextFileSync(report);
    } catch { /* the runner died before it wrote one */ }
    return tallyOf(xml, success);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("tests, steps and failures are counted, ignored tests are not", () => {
  const program = `
    Deno.test("passes, though it is called <failure> and <skipped/>", () => {});
    Deno.test("fails", () => { throw new Error("<testcase> & <failure>"); });
    Deno.test.ignore("is ignored", () => {});
    Deno.test("has steps", async (t) => {
      await t.step("that passes", () => {});
      await t.step("that passes too", () => {});
    });`;
  deepStrictEqual(tallyOfProgram(program), { passed: 4, failed: 1 });
});

Deno.test("a file that throws while it loads, or does not parse, is a failure", () => {
  deepStrictEqual(tallyOfProgram("throw new Error('at the top');"), { passed: 0, failed: 1 });
  deepStrictEqual(tallyOfProgram("const ="), { passed: 0, failed: 1 });
});

Deno.test("a run that ends badly has a failure, whatever it counted", () => {
  deepStrictEqual(tallyOf('<testcase name="a">\n</testcase>', false), { passed: 1, failed: 1 });
  deepStrictEqual(tallyOf("", false), { passed: 0, failed: 1 });
});
