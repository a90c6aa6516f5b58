import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { libraryPath } from "lib/audio/libsndfile.ts";
import { projectPath } from "lib/core/paths.ts";
import { formatReport } from "../../tools/commands/doctor.ts";
import { type DoctorReport, examine } from "../../tools/doctor/examine.ts";

Deno.test("the doctor reports what other sources say of this machine", async () => {
  const report = await examine();
  strictEqual(report.versions.Deno, Deno.version.deno);
  // the wheel that the library comes from carries the version in its name
  const [wheel] = Deno.readTextFileSync(projectPath("requirements", "tensorflow-linux-x86_64.txt"))
    .match(/(?<===)\S+/)!;
  strictEqual(report.versions.TensorFlow, wheel);
  const [lab] = Deno.readTextFileSync(projectPath("requirements", "lab.in"))
    .match(/(?<=jupyterlab==)\S+/)!;
  strictEqual(report.versions.JupyterLab, lab);

  // the name of the version that is in soundfile's wheel, in the library's own bytes
  match(report.versions.libsndfile!, /^\d+\.\d+\.\d+$/);
  ok(
    new TextDecoder("latin1").decode(Deno.readFileSync(libraryPath()))
      .includes(`libsndfile-${report.versions.libsndfile}`),
  );

  strictEqual(report.engine.devices.includes("CPU:0"), true);
  ok(statSync(report.engine.library!).size > 1e8, "the library is hundreds of megabytes");
  strictEqual(report.machine.memoryBytes, Deno.systemMemoryInfo().total);
  const { stdout } = new Deno.Command("df", { args: ["-Pk", projectPath()] }).outputSync();
  const free = Number(new TextDecoder().decode(stdout).split("\n")[1].split(/\s+/)[3]) * 1024;
  // others write to the disk in the meantime
  ok(Math.abs(report.machine.freeBytes - free) < 5e8, `${report.machine.freeBytes}, ${free}`);

  strictEqual(report.data.find(({ name }) => name === "data/published")!.found, true);
  for (const { name } of report.data.filter(({ found }) => !found)) {
    const finding = report.missing.find(({ what }) => what.startsWith(`${name}: `))!;
    match(finding.mend, /^\.\/lumen data (demo --size|irmas-mels --root) /);
  }
});

/** What the doctor, as a program of its own, reports with these environment variables. */
function reportWith(env: Record<string, string>): DoctorReport {
  const { stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", projectPath("tools", "cli.ts"), "doctor", "--json"],
    env,
  }).outputSync();
  const text = new TextDecoder();
  return JSON.parse(text.decode(stdout) || text.decode(stderr));
}

Deno.test("the doctor looks where LUMEN_IRMAS_MELS says, and counts LUMEN_THREADS", () => {
  const folder = Deno.makeTempDirSync(), pack = join(folder, "my pack.npz");
  try {
    const mels = (report: DoctorReport) =>
      report.data.find(({ what }) => what.includes("real IRMAS"))!;
    const without = reportWith({ LUMEN_IRMAS_MELS: pack, LUMEN_THREADS: "3" });
    strictEqual(mels(without).found, false);
    deepStrictEqual(without.engine.threads, { inside: 3, operations: without.machine.cores });
    Deno.writeTextFileSync(pack, "");
    const { name, found } = mels(reportWith({ LUMEN_IRMAS_MELS: pack }));
    deepStrictEqual([resolve(projectPath(), name), found], [pack, true]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("the doctor says what is asked of the engine, and that a GPU that is asked for is not there", () => {
  const usual = reportWith({}),
    asked = { device: "any", precision: "float32", xla: false, tf32: true };
  deepStrictEqual(usual.engine.asked, asked);
  match(formatReport(usual), /^arithmetic +float32/m);
  const env = { LUMEN_PRECISION: "mixed", LUMEN_XLA: "1", LUMEN_DEVICE: "gpu:3" };
  const report = reportWith({ ...env, NVIDIA_TF32_OVERRIDE: "0", CUDA_VISIBLE_DEVICES: "" });
  deepStrictEqual(report.engine.asked, {
    device: "gpu:3",
    precision: "mixed",
    xla: true,
    tf32: false,
  });
  match(
    formatReport(report),
    /^arithmetic +bfloat16 where the processor has it and float32, by XLA$/m,
  );
  if (report.machine.gpus.length === 0) {
    match(
      formatReport(report),
      /^Missing: gpu:3, which LUMEN_DEVICE asks for.*\n +unset LUMEN_DEVICE/m,
    );
  }
});

Deno.test("a GPU that TensorFlow does not use is named, with the command that mends it", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const tool = join(folder, "nvidia-smi");
    Deno.writeTextFileSync(tool, "#!/bin/sh\necho 'A100, 40960 MiB, 555.1'\n", { mode: 0o755 });
    const PATH = [folder, Deno.env.get("PATH")].join(delimiter);
    // hidden from TensorFlow, should this machine have one
    const { machine, engine, missing } = reportWith({ PATH, CUDA_VISIBLE_DEVICES: "" });
    deepStrictEqual(machine.gpus, ["A100, 40960 MiB, 555.1"]);
    strictEqual(engine.computesOn, "the processor");
    const finding = missing.find(({ what }) => /GPU/.test(what))!;
    match(finding.mend, /^(\.\/lumen setup --gpu|nvidia-smi)$/);
    strictEqual(finding.needed, false);
    const hidden = reportWith({ PATH, LUMEN_DEVICE: "cpu" }).missing;
    strictEqual(hidden.find(({ what }) => /asks for the processor/.test(what))!.needed, false);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("the page names every version, and the command that mends what is missing", () => {
  const report: DoctorReport = {
    versions: { Deno: "2.9.8", JupyterLab: null },
    machine: { processor: "P", cores: 4, memoryBytes: 16e9, freeBytes: 1.25e9, gpus: [] },
    engine: {
      library: "L",
      devices: ["CPU:0", "GPU:0"],
      computesOn: "GPU:0",
      asked: { device: "any", precision: "float32", xla: false, tf32: true },
      threads: { inside: 2, operations: 4 },
    },
    data: [{ name: "data/demo/small", what: "rendered audio", found: false }],
    missing: [{ what: "JupyterLab", mend: "./lumen setup", needed: true }],
  };
  const page = formatReport(report), lines = page.split("\n");
  deepStrictEqual(lines.slice(-2), ["Missing: JupyterLab", "    ./lumen setup"]);
  match(page, /^Deno +2\.9\.8$/m);
  match(page, /^JupyterLab +not found$/m);
  match(page, /^computes on +GPU:0$/m);
  match(page, /^arithmetic +float32 \(TF32 from Ampere on\)$/m);
  match(page, /^threads +2 in an operation, 4 at a time$/m);
  match(page, /^free disk +1\.3 GB$/m);
  match(page, /^data\/demo\/small +not there {2}\(rendered audio\)$/m);
  report.engine.asked.tf32 = false;
  match(formatReport(report), /^arithmetic +float32$/m);
});
