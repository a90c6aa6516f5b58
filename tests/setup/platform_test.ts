import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { projectPath } from "lib/core/paths.ts";
import { FakeProject } from "./fake_project.ts";

/** What TensorFlow 2.21 has on the package index: wheel, its platform, the libraries in it, its SHA-256. */
const WHEELS = [
  {
    on: "Linux/x86_64",
    gpu: false,
    requirements: "requirements/tensorflow-linux-x86_64.txt",
    wheel: "tensorflow-cpu==2.21.0",
    tag: "manylinux_2_27_x86_64",
    library: "libtensorflow_cc.so.2",
    sha256: "dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb",
  },
  {
    on: "Linux/x86_64",
    gpu: true,
    requirements: "requirements/tensorflow-linux-x86_64-cuda.txt",
    wheel: "tensorflow==2.21.0",
    tag: "manylinux_2_27_x86_64",
    library: "libtensorflow_cc.so.2",
    sha256: "b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0",
  },
  {
    on: "Linux/aarch64",
    gpu: false,
    requirements: "requirements/tensorflow-linux-aarch64.txt",
    wheel: "tensorflow==2.21.0",
    tag: "manylinux_2_27_aarch64",
    library: "libtensorflow_cc.so.2",
    sha256: "b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552",
  },
  {
    on: "Darwin/arm64",
    gpu: false,
    requirements: "requirements/tensorflow-macos-arm64.txt",
    wheel: "tensorflow==2.21.0",
    tag: "macosx_12_0_arm64",
    library: "libtensorflow_cc.2.dylib",
    sha256: "56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712",
  },
];

for (const { on, gpu, requirements, wheel, tag, library, sha256 } of WHEELS) {
  Deno.test(`the wheel for ${on}${gpu ? " with a GPU" : ""} is the index's`, () => {
    using project = new FakeProject();
    const args = ["setup", "--plan", "--platform", on, ...(gpu ? ["--gpu"] : [])];
    const { code, stdout, stderr } = project.run(args);
    strictEqual(code, 0, stderr);
    const plan = new Map(
      stdout.trim().split("\n").map((line) => {
        const [, key, value] = line.match(/^(run before|\S+) (.*)$/)!;
        return [key, value];
      }),
    );
    strictEqual(plan.get("requirements"), requirements);
    strictEqual(plan.get("wheels")!.split(" ")[0], tag);
    strictEqual(plan.get("libraries")!.split(" ")[0], library);
    const lines = Deno.readTextFileSync(projectPath(requirements)).split("\n");
    deepStrictEqual(lines.slice(1, 3), [`${wheel} \\`, `    --hash=sha256:${sha256}`]);
    deepStrictEqual(project.takeJobs(), [], "a plan installs nothing");
  });
}

Deno.test("a GPU on arm64, an Intel Mac, musl and Windows are refused with what to do", () => {
  using project = new FakeProject();
  const refusal = (on: string, ...more: string[]) => {
    const { code, stderr } = project.run(["setup", "--plan", "--platform", on, ...more]);
    strictEqual(code, 1);
    strictEqual(stderr.trim().split("\n").length, 1, stderr);
    return stderr;
  };
  match(refusal("Linux/aarch64", "--gpu"), /NVIDIA.*x86-64 only.*\.\/lumen setup --cpu/);
  match(refusal("Darwin/x86_64"), /does not exist for Darwin\/x86_64; Lumen trains on Linux/);
  match(refusal("MINGW64_NT-10.0/x86_64"), /inside WSL 2/);
  project.replace("ldd", "echo 'musl libc (x86_64)' >&2; exit 1");
  const { code, stderr } = project.run();
  strictEqual(code, 1);
  match(stderr, /does not exist for Linux \(musl\)\/x86_64/);
});

Deno.test("an Intel Mac gets everything but TensorFlow's library, and hears it at set-up alone", () => {
  using project = new FakeProject();
  project.replace(
    "uname",
    `case $1 in -sm) echo Darwin x86_64 ;; -m) echo x86_64 ;; *) echo Darwin ;; esac`,
  );
  const sentence =
    /TensorFlow's library does not exist for Darwin\/x86_64: predictions run without/;
  for (const args of [["predict", "a.wav"], ["doctor"], ["notebook", "04"]]) {
    const { code, stdout, stderr } = project.run(args);
    strictEqual(code, 0, stderr);
    match(stdout, new RegExp(`cli.ts>.*<${args[0]}>`));
    if (args[0] === "predict") match(stderr, sentence);
    else strictEqual(stderr, "");
  }
  deepStrictEqual(project.takeJobs(), ["venv", "install", "npm"]);
  match(project.run(["setup"]).stderr, sentence);
  deepStrictEqual(project.takeJobs(), ["npm"]);
  const { code, stderr } = project.run(["setup", "--gpu"]);
  strictEqual(code, 1);
  match(
    stderr,
    /^lumen: NVIDIA's wheels exist for Linux|^lumen: TensorFlow's library does not exist/,
  );
});

Deno.test("every requirement is pinned by hashes and none names a host", () => {
  const files = [...Deno.readDirSync(projectPath("requirements"))]
    .map(({ name }) => join("requirements", name)).filter((name) => name.endsWith(".txt"));
  for (const name of [...files, join("bench", "requirements.txt")]) {
    const text = Deno.readTextFileSync(projectPath(name));
    const entries = text.split("\n").filter((line) => line && !/^(#| {4}--hash)/.test(line));
    for (const entry of entries) match(entry, /^[a-z0-9.-]+==\S+( ;.*)? \\$/, `${name}: ${entry}`);
    strictEqual(text.match(/\\\n {4}--hash=sha256:[0-9a-f]{64}/g)!.length >= entries.length, true);
    strictEqual(/:\/\/|--index-url|--find-links/.test(text), false, name);
  }
});

for (const list of ["requirements/lab", "bench/requirements"]) {
  Deno.test(`${list}.txt has what ${list}.in asks for`, () => {
    const resolved = Deno.readTextFileSync(projectPath(`${list}.txt`)).split("\n");
    const wanted = Deno.readTextFileSync(projectPath(`${list}.in`)).match(/^[a-z].*$/gm)!;
    deepStrictEqual(wanted.filter((entry) => !resolved.includes(`${entry} \\`)), []);
  });
}
