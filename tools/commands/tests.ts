/**
 * `lumen test`: everything that can be checked by itself; the last line is "N passed, N failed".
 *
 * The file is not called test.ts: Deno takes a file of that name for a test.
 */
import { join } from "node:path";
import type { Command } from "commander";
import { exists } from "../../lib/core/files.ts";
import { projectPath, ROOT } from "../../lib/core/paths.ts";

/** How many passed and failed. */
export interface Tally {
  passed: number;
  failed: number;
}

interface TestOptions {
  full?: boolean;
  filter?: string;
}

/** Adds the command. */
export function register(program: Command): void {
  program.command("test")
    .description("check format, lint, types and notebooks, run the tests")
    .option("--full", "also run the tests that take minutes")
    .option("--filter <text>", "only tests whose name holds the text or matches /a pattern/")
    .argument("[files...]", "only these test files or folders")
    .action(async (files: string[], options: TestOptions) => {
      const { passed, failed } = await runAll(files, options);
      console.log(`${passed} passed, ${failed} failed`);
      Deno.exit(failed === 0 ? 0 : 1);
    });
}

/** The checks, each of which counts as one test. */
const CHECKS: Readonly<Record<string, string[]>> = {
  // without the notebooks, which are checked cell by cell below: deno fmt takes a cell that ends without a line
  // break for unformatted
  format: ["fmt", "--check"],
  lint: ["lint", "--quiet"],
  types: ["check", "--quiet", "."],
  // the program that the README shows
  readme: ["check", "--quiet", "--doc-only", "README.md"],
  notebooks: ["run", "--quiet", "--permission-set=lumen", "tools/check_notebooks.ts"],
};

async function runAll(files: readonly string[], options: TestOptions): Promise<Tally> {
  const tally = { passed: 0, failed: 0 };
  // who names a test waits for that test alone
  if (files.length === 0 && options.filter === undefined) {
    for (const [name, args] of Object.entries(CHECKS)) {
      if (name === "notebooks" && !exists(projectPath("notebooks"))) continue;
      const start = performance.now();
      const { success } = await deno(args);
      tally[success ? "passed" : "failed"]++;
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.log(`${name}: ${success ? "passed" : "FAILED"} (${seconds} s)`);
    }
  }
  const { passed, failed } = await runTests(files, options);
  return { passed: tally.passed + passed, failed: tally.failed + failed };
}

async function runTests(files: readonly string[], options: TestOptions): Promise<Tally> {
  const folder = Deno.makeTempDirSync({ prefix: "lumen_test_" });
  const report = join(folder, "junit.xml");
  try {
    const filter = options.filter === undefined ? [] : [`--filter=${options.filter}`];
    const { success } = await deno(
      ["test", "--quiet", "--permission-set", `--junit-path=${report}`, ...filter, ...files],
      options.full ? { LUMEN_FULL_TESTS: "1" } : {},
    );
    // no report: the process ended in the middle, whatever its status says
    if (!exists(report)) return tallyOf("", false);
    return tallyOf(Deno.readTextFileSync(report), success);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/**
 * Counts the tests of a JUnit report, steps included.
 *
 * @param xml empty where the run died before it wrote one
 * @param success whether the run ended well: a file that does not load fails without being in the report
 */
export function tallyOf(xml: string, success: boolean): Tally {
  const count = (pattern: RegExp) => xml.match(pattern)?.length ?? 0;
  const failed = count(/<(failure|error)[ >]/g);
  const passed = count(/<testcase[ >]/g) - count(/<skipped\/>/g) - failed;
  return { passed, failed: success ? failed : Math.max(failed, 1) };
}

/** Runs the Deno that runs this, in the project's folder, with its output on ours. */
async function deno(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Deno.CommandStatus> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  });
  return await command.spawn().status;
}
