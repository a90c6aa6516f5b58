import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { FakeProject } from "./fake_project.ts";

/** Runs a set-up that must fail: returns what it says in its last line, which must be one sentence of ours. */
function failure(project: FakeProject, env: Record<string, string> = {}): string {
  const { code, stderr } = project.run(["doctor"], env);
  strictEqual(code, 1, stderr);
  const last = stderr.trim().split("\n").at(-1)!;
  match(last, /^lumen: .*\.\/lumen/, "a sentence of ours that names a command");
  return last;
}

Deno.test("no Python: how to get one", () => {
  using project = new FakeProject();
  project.remove("python3");
  match(failure(project), /Python 3\.10 or newer is needed, and there is none in PATH/);
  project.replace("apt-get", "exit 1");
  match(failure(project), /"sudo apt-get install python3 python3-venv"/);
  project.replace("brew", "exit 1");
  match(failure(project), /"brew install python@3\.13"/);
});

Deno.test("Python too old: which one was found", () => {
  using project = new FakeProject();
  match(failure(project, { FAKE_VERSION: "3.9" }), /python3 \(3\.9\) is too old/);
  match(failure(project, { FAKE_VERSION: "2.7" }), /python3 \(2\.7\) is too old/);
  deepStrictEqual(project.takeJobs(), []);
});

Deno.test("a newer Python beside one that is too old is taken", () => {
  using project = new FakeProject();
  Deno.copyFileSync(`${project.bin}/python3`, `${project.bin}/python3.13`);
  project.replace("python3", "echo 3.9");
  // the environment's interpreter is copied from the stand-in's file
  project.replace("python", "exit 1");
  const { stderr } = project.run(["doctor"]);
  match(stderr, /Python environment: done/);
});

Deno.test("no venv module: the package that has it", () => {
  using project = new FakeProject();
  project.replace("apt-get", "exit 1");
  match(
    failure(project, { FAKE_BARE: "yes" }),
    /python3 \(3\.12\) has no venv module.*"sudo apt-get install python3\.12-venv"/,
  );
});

Deno.test("LUMEN_PYTHON that does not run", () => {
  using project = new FakeProject();
  match(
    failure(project, { LUMEN_PYTHON: "/no/such python" }),
    /LUMEN_PYTHON is "\/no\/such python", which is no Python that runs/,
  );
});

Deno.test("no space: how much is needed and how much is there, before anything is downloaded", () => {
  using project = new FakeProject();
  project.replace(
    "df",
    `echo "Filesystem 1024-blocks Used Available Capacity Mounted"
echo "/dev/disk 1000000 900000 100000 90% /"`,
  );
  const text = failure(project);
  match(text, /needs \d{4} MB of free disk in .*a project and finds 102 MB: make room/);
  deepStrictEqual(project.takeJobs(), []);
});

/** What the tools themselves wrote when each of these was brought about (pip 23.2, Deno 2.9.8). */
const MESSAGES = [
  {
    name: "no network for pip",
    job: "install",
    text:
      `WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after ` +
      `connection broken by 'ProxyError('Cannot connect to proxy.', NewConnectionError('Failed to establish ` +
      `a new connection: [Errno 111] Connection refused'))'\n` +
      `ERROR: No matching distribution found for deno==2.9.8`,
    expected: /no way to the network for Deno, JupyterLab: check the connection/,
  },
  {
    name: "no network for Deno",
    job: "npm",
    text: `error: client error (Connect)\n    2: tcp connect error\n` +
      `    3: Connection refused (os error 111)`,
    expected: /no way to the network for npm packages/,
  },
  {
    name: "a lock that does not fit",
    job: "npm",
    text: "error: The lockfile is out of date. Run `deno install --frozen=false`, or rerun with " +
      '`--frozen=false` to update it.\n1372 | +      "integrity": "sha512-4UmzQUF5fxvfc"',
    expected:
      /asks for packages that deno\.lock does not hold: "\.\/lumen deno install --frozen=false"/,
  },
  {
    name: "a file that is not the one that the lock names",
    job: "download",
    text: "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have " +
      "updated the package versions, please update the hashes.",
    expected: /TensorFlow's wheel is not the file that the lock names/,
  },
  {
    name: "a disk that became full",
    job: "extract",
    text: "OSError: [Errno 28] No space left on device",
    expected: /disk became full while installing TensorFlow's library: make room/,
  },
  {
    name: "no wheel for this Python",
    job: "install",
    text: "ERROR: No matching distribution found for debugpy==1.8.22",
    expected: /has no file of Deno, JupyterLab for this machine .*LUMEN_PYTHON/,
  },
  {
    name: "something unknown",
    job: "venv",
    text: "Error: the moon is in the wrong house",
    expected: /Installing Python environment failed \(exit status 1\), the last lines are above/,
  },
];

for (const { name, job, text, expected } of MESSAGES) {
  Deno.test(`${name}: said in a sentence, and the next call goes on`, () => {
    using project = new FakeProject();
    match(failure(project, { FAKE_FAIL: job, FAKE_TEXT: text }), expected);
    const { code, stderr } = project.run(["doctor"]);
    strictEqual(code, 0, stderr);
  });
}

Deno.test("an option that set-up does not know", () => {
  using project = new FakeProject();
  const { code, stderr } = project.run(["setup", "--gpus"]);
  strictEqual(code, 1);
  match(stderr, /set-up does not know "--gpus"; it knows --gpu, --cpu, --plan/);
});
