import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { FakeProject } from "./fake_project.ts";

/** Runs ./lumen, which must end well: what it prints. */
function page(project: FakeProject, ...args: string[]): string {
  const { code, stdout, stderr } = project.run(args);
  strictEqual(code, 0, stderr);
  return stdout;
}

Deno.test("help installs nothing: pages of the set-up's own commands, the overview's line of others", () => {
  using project = new FakeProject();
  for (const args of [["setup", "--help"], ["setup", "--gpu", "-h"], ["help", "setup"]]) {
    match(
      page(project, ...args),
      /^\.\/lumen setup \[--gpu\|--cpu\] [^]*--platform SYSTEM\/MACHINE/,
    );
  }
  for (const args of [["clean", "--help"], ["help", "clean"]]) {
    match(page(project, ...args), /^\.\/lumen clean \[--cache\|--all\] [^]*--all/);
  }
  const overview = page(project, "help");
  for (const args of [[], ["--help"], ["-h"]]) strictEqual(page(project, ...args), overview);
  for (const args of [["train", "--help"], ["help", "train"]]) {
    match(page(project, ...args), /^ {2}\.\/lumen train RECIPE .*\n$/);
  }
  match(project.run(["help", "train"]).stderr, /"\.\/lumen train --help" says more once/);
  match(page(project, "help", "deno"), /^ {2}\.\/lumen deno \.\.\. .*\n$/);
  deepStrictEqual(project.takeJobs(), []);
});

Deno.test("after set-up, help COMMAND is COMMAND --help, TensorFlow's library or not", () => {
  using project = new FakeProject();
  project.run(["doctor"]);
  Deno.removeSync(project.path(".venv/tensorflow"), { recursive: true });
  project.takeJobs();
  match(page(project, "help", "data", "demo"), /cli\.ts> <data> <demo> <--help>\n$/);
  match(page(project, "train", "--help"), /cli\.ts> <train> <--help>\n$/);
  deepStrictEqual(project.takeJobs(), []);
  match(page(project, "lab", "--", "--help"), /cli\.ts> <lab> <--> <--help>\n$/);
});

Deno.test("help for a command that there is not", () => {
  using project = new FakeProject();
  for (const args of [["help", "trian"], ["trian", "--help"]]) {
    const { code, stderr } = project.run(args);
    strictEqual(code, 1);
    match(stderr, /^lumen: there is no command "trian"; "\.\/lumen help" lists them\.\n$/);
  }
});

Deno.test("--platform without a value, or with half of one", () => {
  using project = new FakeProject();
  for (const value of [[], ["Linux"], ["--plan"]]) {
    const { code, stderr } = project.run(["setup", "--platform", ...value]);
    strictEqual(code, 1);
    match(stderr, /^lumen: --platform needs SYSTEM\/MACHINE, as in "\.\/lumen setup --plan .*\n$/);
  }
  match(page(project, "setup", "--platform", "Darwin/arm64"), /^platform macos-arm64$/m);
  deepStrictEqual(project.takeJobs(), []);
});
