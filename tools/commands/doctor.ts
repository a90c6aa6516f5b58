/** `lumen doctor`: what is installed, what the machine has, which data are there, and what mends the rest. */
import type { Command } from "commander";
import { type DoctorReport, examine } from "../doctor/examine.ts";

/** Adds the command. */
export function register(program: Command): void {
  program.command("doctor")
    .description("versions, devices, libraries, data sets, and what is missing")
    .option("--json", "print the report as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const report = await examine();
      console.log(json ? JSON.stringify(report, null, 2) : formatReport(report));
      if (report.missing.some(({ needed }) => needed)) Deno.exit(1);
    });
}

/** The report as a page for a terminal. */
export function formatReport(report: DoctorReport): string {
  const { versions, machine, engine, data, missing } = report;
  const rows: [string, string][] = [
    ...Object.entries(versions).map(([name, version]): [string, string] => [
      name,
      version ?? "not found",
    ]),
    ["", ""],
    ["processor", `${machine.processor}, ${machine.cores} cores`],
    ["memory", `${gigabytes(machine.memoryBytes)}`],
    ["graphics", machine.gpus.join("; ") || "no NVIDIA GPU"],
    ["free disk", gigabytes(machine.freeBytes)],
    ["", ""],
    ["library", engine.library ?? "not found"],
    ["devices", engine.devices.join(", ") || "none"],
    ["computes on", engine.computesOn ?? "nothing: predictions run without the library"],
    ["arithmetic", arithmetic(engine)],
    ["threads", `${engine.threads.inside} in an operation, ${engine.threads.operations} at a time`],
    ["", ""],
    ...data.map(({ name, found, what }): [string, string] => [
      name,
      `${found ? "there" : "not there"}  (${what})`,
    ]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => name ? `${name.padEnd(width)}  ${value}` : "");
  for (const { what, mend, needed } of missing) {
    lines.push("", `${needed ? "Missing" : "Not there"}: ${what}`, `    ${mend}`);
  }
  if (missing.length === 0) lines.push("", "Nothing is missing.");
  return lines.join("\n");
}

/** Which numbers, and who compiles functions. */
function arithmetic(
  { asked: { precision, xla, tf32 }, computesOn }: DoctorReport["engine"],
): string {
  const onGpu = computesOn?.startsWith("GPU");
  const half = onGpu ? "float16" : "bfloat16 where the processor has it";
  const whole = onGpu && tf32 ? "float32 (TF32 from Ampere on)" : "float32";
  return `${precision === "mixed" ? `${half} and float32` : whole}${xla ? ", by XLA" : ""}`;
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
