import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { statSync } from "node:fs";
import { exists } from "lib/core/files.ts";
import { projectPath } from "lib/core/paths.ts";
import { formatReport } from "../../tools/commands/doctor.ts";
import { examine } from "../../tools/doctor/examine.ts";

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

  strictEqual(report.engine.devices.includes("CPU:0"), true);
  ok(statSync(report.engine.library!).size > 1e8, "the library is hundreds of megabytes");
  strictEqual(report.machine.memoryBytes, Deno.systemMemoryInfo().total);
  const { stdout } = new Deno.Command("df", { args: ["-Pk", projectPath()] }).outputSync();
  const free = Number(new TextDecoder().decode(stdout).split("\n")[1].split(/\s+/)[3]) * 1024;
  // others write to the disk in the meantime
  ok(Math.abs(report.machine.freeBytes - free) < 5e8, `${report.machine.freeBytes}, ${free}`);

  for (const { name, found } of report.data) {
    strictEqual(
      found,
      exists(projectPath(name)) && [...Deno.readDirSync(projectPath(name))].length > 0,
    );
    if (found) continue;
    const finding = report.missing.find(({ what }) => what.startsWith(name))!;
    match(finding.mend, /^(\.\/lumen|git|ln) /);
  }
});

Deno.test("the page names every version, and the command that mends what is missing", () => {
  const page = formatReport({
    versions: { Deno: "2.9.8", JupyterLab: null },
    machine: { processor: "P", cores: 4, memoryBytes: 16e9, freeBytes: 1.25e9, gpus: [] },
    engine: { library: null, devices: [], threads: 4 },
    data: [{ name: "data/demo/small", what: "rendered audio", found: false }],
    missing: [{ what: "JupyterLab", mend: "./lumen setup", needed: true }],
  });
  const lines = page.split("\n");
  deepStrictEqual(lines.slice(-2), ["Missing: JupyterLab", "    ./lumen setup"]);
  match(page, /^Deno +2\.9\.8$/m);
  match(page, /^JupyterLab +not found$/m);
  match(page, /^free disk +1\.3 GB$/m);
  match(page, /^data\/demo\/small +not there {2}\(rendered audio\)$/m);
});
