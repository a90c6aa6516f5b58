import assert from "node:assert/strict";
import { join } from "node:path";
import { exists } from "lib/core/files.ts";
import { projectPath, ROOT } from "lib/core/paths.ts";
import { runNotebook } from "../../tools/notebook_runner.ts";
import { type CellOutput, readCells } from "../../tools/notebooks.ts";
import { Workplace } from "./notebooks.ts";

const texts = (outputs: CellOutput[]) =>
  outputs.map((output) => output.kind === "data" ? output.data["text/plain"] : output.text);

Deno.test("a notebook is run cell by cell, and written the same again", async () => {
  using place = new Workplace();
  const path = place.notebook("good.ipynb", [
    "md:# Title",
    `import { show } from "lib/notebook/show.ts";\nimport { barChart } from "lib/plots/charts.ts";`,
    `const x = 20;\nawait show(barChart(["a"], [x], { text: "one bar" }));`,
    `console.log("x is", x);\nx + 1`,
    `await Deno.jupyter.display({ "text/plain": "old" }, { raw: true, display_id: "d" });`,
    `await Deno.jupyter.display({ "text/plain": "new" }, { raw: true, display_id: "d", update: true });`,
  ]);
  const env = place.kernel();
  const first = join(place.folder, "first.ipynb"), second = join(place.folder, "second.ipynb");
  const run = await runNotebook(path, { env, quiet: true, folder: ROOT, output: first });
  assert.equal(run.code, 0, run.text);
  assert.match(run.text, /good\.ipynb: 5\/5[^]*5 cells in/);

  const cells = readCells(first);
  assert.deepEqual(cells.map(({ outputs }) => texts(outputs)), [
    [],
    [],
    ["one bar"],
    ["x is 20\n", "21"],
    ["new"],
    [],
  ]);
  const [picture] = cells[2].outputs;
  assert.ok(picture.kind === "data");
  assert.deepEqual(Object.keys(picture.data).sort(), [
    "application/vnd.plotly.v1+json",
    "image/png",
    "text/plain",
  ]);

  assert.equal(
    (await runNotebook(first, { env, quiet: true, folder: ROOT, output: second })).code,
    0,
  );
  const [one, two] = [first, second].map((file) => Deno.readTextFileSync(file));
  assert.equal(one, two);
  assert.doesNotMatch(one, /iopub|transient/);
  assert.deepEqual(
    [...Deno.readDirSync(place.folder)].filter(({ name }) => name.endsWith(".tmp")),
    [],
  );
});

Deno.test("what comes after the kernel's idle is not lost, however fast the cells", async () => {
  using place = new Workplace();
  const count = 25;
  const path = place.notebook("late.ipynb", [
    ...Array.from({ length: count }, (_, k) => `${k} * 2`),
    `setTimeout(() => console.log("late"), 60);\nawait Promise.resolve();`,
  ]);
  const { code, text } = await runNotebook(path, { env: place.kernel(), quiet: true });
  assert.equal(code, 0, text);
  const outputs = readCells(path).map((cell) => texts(cell.outputs));
  assert.deepEqual(
    outputs.slice(0, count),
    Array.from({ length: count }, (_, k) => [String(k * 2)]),
  );
  assert.deepEqual(outputs[count].at(-1), "late\n");
});

Deno.test("the first failing cell ends the run and is named; the file stays as it was", async () => {
  using place = new Workplace();
  const path = place.notebook("bad.ipynb", [
    "md:text",
    "const a = 1;",
    `throw new RangeError("no such band: " + a);`,
    `await Deno.writeTextFile("reached", "");`,
  ]);
  const before = Deno.readTextFileSync(path);
  const { code, text } = await runNotebook(path, { env: place.kernel(), quiet: true });
  assert.equal(code, 1);
  assert.match(
    text,
    /bad\.ipynb: code cell 2 of 3 failed[^]*throw new[^]*RangeError: no such band: 1/,
  );
  assert.equal(Deno.readTextFileSync(path), before);
  assert.ok(!exists(join(place.folder, "reached")));
});

Deno.test("a cell that should show something and does not is a failure", async () => {
  using place = new Workplace();
  const path = place.notebook("silent.ipynb", [
    "const show = async (_: string) => { await Promise.resolve(); };",
    `await show("nothing");`,
  ]);
  const { code, text } = await runNotebook(path, { env: place.kernel(), quiet: true });
  assert.equal(code, 1);
  assert.match(text, /shows nothing/);
});

Deno.test("a cell that hangs is ended after its time, with what may be the reason", async () => {
  using place = new Workplace();
  const path = place.notebook("hang.ipynb", [
    "await new Promise(() => setInterval(() => {}, 1000));",
  ]);
  const start = performance.now();
  const { code, text } = await runNotebook(path, {
    env: place.kernel(),
    quiet: true,
    cellTimeout: 2,
  });
  assert.equal(code, 1);
  assert.match(text, /did not end within 2 s/);
  assert.ok(performance.now() - start < 60_000);
});

Deno.test("a file that is missing or no notebook is said so", async () => {
  using place = new Workplace();
  const missing = await runNotebook(join(place.folder, "none.ipynb"), { quiet: true });
  assert.deepEqual([missing.code, /there is no notebook/.test(missing.text)], [2, true]);
  const broken = join(place.folder, "broken.ipynb");
  Deno.writeTextFileSync(broken, "{");
  const { code, text } = await runNotebook(broken, { quiet: true });
  assert.deepEqual([code, /is not a notebook/.test(text)], [2, true]);
});

Deno.test("an interrupt stops the child of runWithProgress and leaves the kernel alive", async () => {
  using place = new Workplace();
  const { success, stdout, stderr } = await new Deno.Command(projectPath(".venv/bin/python"), {
    args: [
      projectPath("tests/tools/interrupt_kernel.py"),
      `import { runWithProgress } from "lib/notebook/child.ts"; const kept = 7;`,
      `const { stopped } = await runWithProgress("sleep", ["60"]); console.log("stopped", stopped);`,
      `console.log("kept", kept)`,
    ],
    cwd: ROOT,
    env: place.kernel(),
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert.ok(success, new TextDecoder().decode(stderr));
  assert.match(text, /stopped true[^]*kept 7/);
});

Deno.test({
  name: "a runner that is killed takes its kernel along",
  ignore: Deno.build.os !== "linux", // no other system can do that
  async fn() {
    using place = new Workplace();
    // were the kernel to live on, its cell would write "still here" in the end
    const [begun, alive] = [join(place.folder, "begun"), join(place.folder, "alive")];
    const path = place.notebook("sleeps.ipynb", [
      `Deno.writeTextFileSync(${JSON.stringify(begun)}, "begun");
await new Promise((wake) => setTimeout(wake, 3000));
Deno.writeTextFileSync(${JSON.stringify(alive)}, "still here");`,
    ]);
    const runner = new Deno.Command(projectPath(".venv/bin/python"), {
      args: [projectPath("tools/run_notebook.py"), path, "--folder", ROOT],
      env: place.kernel(),
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const wait = (ms: number) => new Promise((wake) => setTimeout(wake, ms));
    while (!exists(begun)) await wait(50);
    runner.kill("SIGKILL");
    await runner.status;
    await wait(5000);
    assert.ok(!exists(alive), "the kernel went on after its runner was killed");
  },
});

Deno.test("whoever is killed of program, runner, kernel and child, nothing is left behind", async () => {
  using place = new Workplace();
  const count = join(place.folder, "count");
  const path = place.notebook("trains.ipynb", [
    `import { runWithProgress } from "lib/notebook/child.ts";
const script = ${JSON.stringify(projectPath("tests", "tools", "counting.ts"))};
await runWithProgress(Deno.execPath(), ["run", "-A", script, ${JSON.stringify(count)}]);`,
  ]);
  const wait = (ms: number) => new Promise((wake) => setTimeout(wake, ms));
  const size = () => exists(count) ? Deno.statSync(count).size : 0;
  const commands = [
    [Deno.execPath(), "run", "-A", "--quiet", projectPath("tests", "tools", "chain.ts"), path],
    [projectPath(".venv/bin/python"), projectPath("tools/run_notebook.py"), path, "--folder", ROOT],
  ];
  // the second one finds nothing of the first one in its way
  for (const [command, ...args] of commands) {
    const before = size();
    const chain = new Deno.Command(command, {
      args,
      cwd: ROOT,
      env: place.kernel(),
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    while (size() < before + 3) await wait(50);
    chain.kill("SIGKILL");
    await chain.status;
    await wait(3000); // the runner asks ten times a second, the child twice
    const after = size();
    await wait(1000);
    assert.equal(size(), after, `the child went on after ${command} was killed`);
  }
});

Deno.test("Ctrl-C ends a runner with one line, and its kernel", async () => {
  using place = new Workplace();
  const begun = join(place.folder, "begun");
  const path = place.notebook("sleeps.ipynb", [
    `Deno.writeTextFileSync(${JSON.stringify(begun)}, String(Deno.pid));
await new Promise((wake) => setTimeout(wake, 60_000));`,
  ]);
  const runner = new Deno.Command(projectPath(".venv/bin/python"), {
    args: [projectPath("tools/run_notebook.py"), path, "--folder", ROOT],
    env: place.kernel(),
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  while (!exists(begun) || !Deno.readTextFileSync(begun)) {
    await new Promise((wake) => setTimeout(wake, 50));
  }
  runner.kill("SIGINT");
  const { code, stderr } = await runner.output();
  const text = new TextDecoder().decode(stderr);
  assert.equal(code, 130);
  // the kernel's own warning comes before
  assert.match(text, /^(Warning .*\n)?sleeps\.ipynb: interrupted, the kernel is stopped\n$/);
  assert.throws(() => Deno.kill(Number(Deno.readTextFileSync(begun)), "SIGCONT"), "a kernel lives");
});
