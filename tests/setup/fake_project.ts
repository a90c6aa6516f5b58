/** A copy of the project's set-up in a folder with blanks in its name, with stand-ins for Python and Deno. */
import { dirname, join } from "node:path";
import { projectPath } from "lib/core/paths.ts";
import { exists } from "lib/core/files.ts";

/** What a run of ./lumen left. */
export interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

/** The tools that ./lumen may use: nothing else is in PATH, so nothing of this machine answers for it. */
const TOOLS =
  "awk cat cmp cp date df dirname du grep ldd ln mkdir mv ps readlink rm sleep tail uname"
    .split(" ");

/** The bytes of the two libraries in the stand-in for TensorFlow's wheel. */
export const LIBRARIES: Readonly<Record<string, string>> = {
  "tensorflow/libtensorflow_cc.so.2": "the library",
  "tensorflow/libtensorflow_framework.so.2": "its framework",
};

export class FakeProject implements Disposable {
  readonly #folder = Deno.makeTempDirSync({ prefix: "lumen_setup_" });
  /** The stand-ins and the tools: the only folder in PATH. */
  readonly bin = join(this.#folder, "bin");
  /** The project. */
  root = join(this.#folder, "a project");
  /** The environment of every run. */
  env: Record<string, string>;

  constructor() {
    const python = realPython();
    Deno.mkdirSync(this.bin);
    for (const tool of TOOLS) Deno.symlinkSync(findTool(tool), join(this.bin, tool));
    for (const [name, source] of [["python3", "fake_python.sh"], ["deno", "fake_deno.sh"]]) {
      Deno.copyFileSync(projectPath("tests", "setup", source), join(this.bin, name));
      Deno.chmodSync(join(this.bin, name), 0o755);
    }
    for (const file of ["lumen", "deno.json", "package.json", "deno.lock"]) this.#copy(file);
    for (const folder of ["requirements", "tools/setup"]) {
      for (const { name, isFile } of Deno.readDirSync(projectPath(folder))) {
        if (isFile) this.#copy(`${folder}/${name}`);
      }
    }
    this.env = { PATH: this.bin, FAKE: this.bin, FAKE_PYTHON: python, FAKE_VERSION: "3.12" };
    makeWheel(python, join(this.bin, "wheel.whl"));
    this.replace(
      "uname",
      `case $1 in -sm) echo Linux x86_64 ;; -m) echo x86_64 ;; *) echo Linux ;; esac`,
    );
    this.replace("ldd", "echo 'ldd (GNU libc) 2.36'");
  }

  #copy(file: string): void {
    const target = this.path(file);
    Deno.mkdirSync(dirname(target), { recursive: true });
    Deno.copyFileSync(projectPath(...file.split("/")), target);
  }

  /** A path in the project. */
  path(file: string): string {
    return join(this.root, ...file.split("/"));
  }

  read(file: string): string {
    return Deno.readTextFileSync(this.path(file));
  }

  /** Puts a shell script in a tool's place. */
  replace(tool: string, script: string): void {
    const path = join(this.bin, tool);
    if (exists(path)) Deno.removeSync(path);
    Deno.writeTextFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  remove(tool: string): void {
    Deno.removeSync(join(this.bin, tool));
  }

  /** The jobs that the stand-ins did since the last call. */
  takeJobs(): string[] {
    const path = join(this.bin, "jobs");
    if (!exists(path)) return [];
    const jobs = Deno.readTextFileSync(path).trim().split("\n");
    Deno.removeSync(path);
    return jobs;
  }

  #command(args: string[], env: Record<string, string>): Deno.Command {
    return new Deno.Command(this.path("lumen"), {
      args,
      env: { ...this.env, FAKE_PLACE: this.root, ...env },
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  }

  /** Runs ./lumen. */
  run(args: string[] = ["setup"], env: Record<string, string> = {}): Run {
    const { code, stdout, stderr } = this.#command(args, env).outputSync();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  }

  /** Starts ./lumen, and goes on while it runs. */
  start(args: string[] = ["setup"], env: Record<string, string> = {}): Deno.ChildProcess {
    return this.#command(args, env).spawn();
  }

  /** Starts a set-up that stops in a job, and returns the shell and the job's process once it is there. */
  async stallAt(job: string): Promise<{ shell: Deno.ChildProcess; worker: number }> {
    const mark = join(this.bin, "stalled");
    const shell = this.start(["setup"], { FAKE_STALL: job });
    const deadline = Date.now() + 20_000;
    while (!exists(mark) || Deno.readTextFileSync(mark) === "") {
      if (Date.now() > deadline) throw new Error(`the set-up did not come to "${job}" in 20 s`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const worker = Number(Deno.readTextFileSync(mark));
    Deno.removeSync(mark);
    return { shell, worker };
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

function findTool(tool: string): string {
  const path = ["/bin", "/usr/bin"].map((folder) => join(folder, tool)).find(exists);
  // macOS has no ldd, and no test needs the real one
  return path ?? "/bin/false";
}

/** The interpreter that the environment was made with. */
function realPython(): string {
  const { stdout } = new Deno.Command(projectPath(".venv", "bin", "python"), {
    args: ["-c", "import sys; print(sys._base_executable)"],
  }).outputSync();
  return new TextDecoder().decode(stdout).trim();
}

function makeWheel(python: string, path: string): void {
  const script = `import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    for name, text in json.loads(sys.argv[2]).items():
        wheel.writestr(name, text)`;
  const files = { ...LIBRARIES, "tensorflow/python/not_wanted.py": "much that stays behind" };
  const { success, stderr } = new Deno.Command(python, {
    args: ["-c", script, path, JSON.stringify(files)],
  }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
