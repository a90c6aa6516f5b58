import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { exists, sha256 } from "lib/core/files.ts";
import { FakeProject, LIBRARIES } from "./fake_project.ts";

const ALL_JOBS = ["venv", "install", "npm", "download", "extract"];

Deno.test("set-up says the sizes, makes everything, and the second call makes nothing", async () => {
  using project = new FakeProject();
  const first = project.run(["predict", "a file.wav", "--json"]);
  strictEqual(first.code, 0, first.stderr);
  deepStrictEqual(project.takeJobs(), ALL_JOBS);
  match(first.stderr, /TensorFlow \(cpu\) +274 MB to download, +853 MB on the disk/);
  match(first.stderr, /in all, at most +\d+ MB to download/);
  ok(first.stderr.indexOf("MB to download") < first.stderr.indexOf("done in"), "sizes come first");
  match(first.stdout, /tools\/cli.ts> <predict> <a file.wav> <--json>\n$/);
  match(first.stdout, /<--permission-set=lumen>/);

  // of the wheel the two libraries stay, whole, and the record of them
  const { files } = JSON.parse(project.read(".venv/tensorflow/manifest.json"));
  for (const [path, text] of Object.entries(LIBRARIES)) {
    strictEqual(project.read(`.venv/${path}`), text);
    const record = files.find((file: { path: string }) => file.path === path);
    deepStrictEqual(record, { path, size: text.length, sha256: await sha256(text) });
  }
  strictEqual(files.length, 2);
  ok(!exists(project.path(".venv/tensorflow/python")));
  ok(!exists(project.path(".venv/lumen/tensorflow.work")), "the wheel is gone");

  const kernel = JSON.parse(project.read(".venv/share/jupyter/kernels/deno/kernel.json"));
  deepStrictEqual(kernel.argv.slice(0, 3), [
    project.path(".venv/bin/deno"),
    "jupyter",
    "--kernel",
  ]);
  strictEqual(kernel.env.DENO_DIR, project.path(".venv/deno"));

  const second = project.run(["doctor"]);
  strictEqual(second.stderr, "");
  deepStrictEqual(project.takeJobs(), []);
});

Deno.test("a change of a lock repeats its own step only", () => {
  using project = new FakeProject();
  project.run();
  project.takeJobs();
  const change = (file: string) => {
    Deno.writeTextFileSync(project.path(file), "\n", { append: true });
    const { code, stderr } = project.run(["doctor"]);
    strictEqual(code, 0, stderr);
    return project.takeJobs();
  };
  deepStrictEqual(change("deno.lock"), ["npm"]);
  deepStrictEqual(change("requirements/lab.txt"), ["install"]);
  deepStrictEqual(change("requirements/sound.txt"), ["install"]);
  deepStrictEqual(change("requirements/tensorflow-linux-x86_64.txt"), ["download", "extract"]);
});

Deno.test("a moved project makes its Python anew, which knows the old place, and keeps the rest", () => {
  using project = new FakeProject();
  project.run();
  project.takeJobs();
  const place = join(project.root, "..", "another place");
  Deno.renameSync(project.root, place);
  project.root = place;
  strictEqual(project.run(["doctor"]).code, 0);
  deepStrictEqual(project.takeJobs(), ["venv", "install"]);
  match(project.read(".venv/share/jupyter/kernels/deno/kernel.json"), /another place/);
});

Deno.test("./lumen setup finds a library that was cut short since", () => {
  using project = new FakeProject();
  project.run();
  project.takeJobs();
  Deno.writeTextFileSync(project.path(".venv/tensorflow/libtensorflow_cc.so.2"), "the lib");
  strictEqual(project.run().code, 0);
  deepStrictEqual(project.takeJobs(), ["npm", "download", "extract"]);
  strictEqual(project.read(".venv/tensorflow/libtensorflow_cc.so.2"), "the library");
});

Deno.test("./lumen deno needs no more than Deno, and works before the lock is mended", () => {
  using project = new FakeProject();
  const { code, stdout } = project.run(["deno", "run", "x.ts"]);
  strictEqual(code, 0);
  strictEqual(stdout, "ran: <x.ts>\n");
  deepStrictEqual(project.takeJobs(), ["venv", "install"]);
});

Deno.test("a GPU is noticed, its library chosen once, and kept until --cpu", () => {
  using project = new FakeProject();
  project.replace("nvidia-smi", "echo 'GPU 0'");
  match(project.run().stderr, /An NVIDIA GPU is here: "\.\/lumen setup --gpu"/);
  project.takeJobs();
  const chosen = project.run(["setup", "--gpu"]);
  match(chosen.stderr, /TensorFlow \(cuda\) +3380 MB/);
  deepStrictEqual(project.takeJobs(), ["npm", "download", "extract"]);
  project.run(["doctor"]);
  deepStrictEqual(project.takeJobs(), []);
  match(project.run(["setup", "--cpu"]).stderr, /TensorFlow \(cpu\)/);
});

Deno.test("a second call waits for the first and repeats nothing", async () => {
  using project = new FakeProject();
  const { shell, worker } = await project.stallAt("download");
  const waiting = project.start(["doctor"]);
  const reader = waiting.stderr.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  match(value!, /Another \.\/lumen is setting up \(process \d+\): waiting/);
  deepStrictEqual(project.takeJobs(), ["venv", "install", "npm", "download"]);
  // the first one dies: the second takes over, and ends what it left behind
  shell.kill("SIGKILL");
  Deno.kill(worker, "SIGKILL");
  await Promise.all([shell.output(), new Response(waiting.stdout).text(), drain(reader)]);
  deepStrictEqual(project.takeJobs(), ["download", "extract"]);
  strictEqual((await waiting.status).code, 0);
});

async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}
