import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { exists } from "lib/core/files.ts";
import { FakeProject } from "./fake_project.ts";

/** Every file that set-up made, with its text: what a repaired set-up must have in common with an unbroken one. */
function contents(project: FakeProject, folder = ".venv"): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, isDirectory } of Deno.readDirSync(project.path(folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory) Object.assign(found, contents(project, path));
    else if (!name.endsWith(".log")) {
      found[path] = project.read(path).replaceAll(project.root, "ROOT").replaceAll(
        project.bin,
        "BIN",
      );
    }
  }
  return found;
}

/** Whether a process runs; one that has ended and whose parent has not asked for its status does not. */
function alive(pid: number): boolean {
  const { stdout } = new Deno.Command("ps", { args: ["-p", `${pid}`, "-o", "stat="] }).outputSync();
  return /^[^Z]/.test(new TextDecoder().decode(stdout).trim());
}

/** What is done again after a kill in the job. */
const REPEATED: Record<string, string[]> = {
  venv: ["venv", "install", "npm", "download", "extract"],
  install: ["venv", "install", "npm", "download", "extract"],
  npm: ["npm", "download", "extract"],
  download: ["download", "extract"],
  extract: ["download", "extract"],
};

for (const [job, repeated] of Object.entries(REPEATED)) {
  Deno.test(`killed with -9 during "${job}", the next call repairs it`, async () => {
    using unbroken = new FakeProject();
    strictEqual(unbroken.run().code, 0);
    using project = new FakeProject();
    const { shell, worker } = await project.stallAt(job);
    shell.kill("SIGKILL");
    await shell.output();
    project.takeJobs();
    strictEqual(alive(worker), true, "the worker outlives its shell: the harder case");

    const { code, stderr } = project.run(["doctor"]);
    strictEqual(code, 0, stderr);
    deepStrictEqual(project.takeJobs(), repeated);
    strictEqual(alive(worker), false, "nothing of the killed call goes on writing");
    deepStrictEqual(contents(project), contents(unbroken));
  });
}

Deno.test("Ctrl-C ends the worker too, and says that the next call goes on", async () => {
  using project = new FakeProject();
  const { shell, worker } = await project.stallAt("npm");
  shell.kill("SIGINT");
  const { code, stderr } = await shell.output();
  strictEqual(code, 130);
  match(new TextDecoder().decode(stderr), /stopped; the next call goes on with the set-up/);
  strictEqual(alive(worker), false);
  project.takeJobs();
  strictEqual(project.run(["doctor"]).code, 0);
  deepStrictEqual(project.takeJobs(), ["npm", "download", "extract"]);
});

const RUNS = [
  "data/runs/a/result.json",
  "experiments/runs/b/result.json",
  "experiments/runs/b/weights.safetensors",
];

Deno.test("clean takes away what set-up made, --cache the caches, --all what was built, and nothing else", () => {
  using project = new FakeProject();
  project.run();
  for (
    const file of [
      "data/cache/features/x.npy",
      "data/demo/small/x.wav",
      "data/irmas_mels/x.npy",
      "report/index.html",
      ...RUNS,
    ]
  ) {
    Deno.mkdirSync(project.path(file.replace(/\/[^/]*$/, "")), { recursive: true });
    Deno.writeTextFileSync(project.path(file), "x".repeat(1000));
  }
  match(project.run(["clean"]).stderr, /Taken away: \.venv node_modules \(\d+ MB freed\)/);
  strictEqual(exists(project.path(".venv")) || exists(project.path("node_modules")), false);
  strictEqual(exists(project.path("report/index.html")), true);
  match(project.run(["clean", "--cache"]).stderr, /Taken away: data\/cache \(/);
  strictEqual(exists(project.path("data/cache")), false);
  match(project.run(["clean", "--all"]).stderr, /Taken away: report data\/demo/);
  deepStrictEqual(
    ["data/demo", "report", "data/irmas_mels/x.npy", "deno.json", "lumen", ...RUNS].map((file) =>
      exists(project.path(file))
    ),
    [false, false, true, true, true, false, true, false],
  );
  match(project.run(["clean"]).stderr, /nothing to take away/);
  strictEqual(project.run(["clean", "--al"]).code, 1);
});
