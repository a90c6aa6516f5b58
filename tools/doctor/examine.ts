/** The examination behind `lumen doctor`. It reads, and changes nothing. */
import { statfsSync } from "node:fs";
import os from "node:os";
import { startEager } from "../../lib/nn/engine/eager.ts";
import { findLibrary } from "../../lib/nn/engine/native.ts";
import { exists } from "../../lib/core/files.ts";
import { projectPath, ROOT } from "../../lib/core/paths.ts";

/** What `lumen doctor` found. */
export interface DoctorReport {
  /** Versions by name; null where a program or library was not found. */
  versions: Record<string, string | null>;
  machine: {
    processor: string;
    /** Logical cores that this process may use. */
    cores: number;
    memoryBytes: number;
    /** Free on the disk that the project lies on. */
    freeBytes: number;
    /** Name, memory and driver of each NVIDIA GPU. */
    gpus: string[];
  };
  engine: {
    /** Path of TensorFlow's library; null where there is none. */
    library: string | null;
    /** TensorFlow's names of its devices, e.g. CPU:0. */
    devices: string[];
    /** Threads that TensorFlow takes by itself: one a core. */
    threads: number;
  };
  data: { name: string; what: string; found: boolean }[];
  missing: Finding[];
}

/** Something that is not there. */
export interface Finding {
  what: string;
  /** The command that brings it. */
  mend: string;
  /** Whether Lumen does not work without it. */
  needed: boolean;
}

interface DataSet {
  name: string;
  what: string;
  mend: string;
}

/** The data sets, with the folder below data/ that each lies in and the command that makes it. */
const DATA_SETS: readonly DataSet[] = [
  {
    name: "published",
    what: "the authors' tables: labels, features, keys, tempi",
    mend: "git checkout data/published",
  },
  {
    name: "demo/small",
    what: "rendered audio, about 20 clips an instrument",
    mend: "./lumen demo --size small",
  },
  {
    name: "demo/full",
    what: "rendered audio, 120 clips an instrument",
    mend: "./lumen demo --size full",
  },
  {
    name: "irmas_mels",
    what: "spectrograms of the real IRMAS clips",
    mend: "./lumen data irmas-mels --root PATH_OF_IRMAS",
  },
  {
    name: "irmas",
    what: "IRMAS audio, for those who have it",
    mend: "ln -s PATH_OF_IRMAS data/irmas",
  },
];

/** Examines the installation, the machine and the data. */
export async function examine(): Promise<DoctorReport> {
  const missing: Finding[] = [];
  const gpus = await findGpus();
  const { engine, version } = startEngine(gpus, missing);
  const jupyter = await outputOf(projectPath(".venv", "bin", "python"), [
    "-c",
    "import jupyterlab; print(jupyterlab.__version__)",
  ]);
  if (!jupyter) missing.push({ what: "JupyterLab", mend: "./lumen setup", needed: true });
  if (!exists(projectPath(".venv", "share", "jupyter", "kernels", "deno", "kernel.json"))) {
    missing.push({ what: "the Jupyter kernel of Deno", mend: "./lumen setup", needed: true });
  }
  const data = DATA_SETS.map(({ name, what, mend }) => {
    const found = hasFiles(projectPath("data", ...name.split("/")));
    if (!found) missing.push({ what: `data/${name}: ${what}`, mend, needed: name === "published" });
    return { name: `data/${name}`, what, found };
  });
  const disk = statfsSync(ROOT);
  return {
    versions: {
      Deno: Deno.version.deno,
      V8: Deno.version.v8,
      TypeScript: Deno.version.typescript,
      TensorFlow: version,
      JupyterLab: jupyter,
    },
    machine: {
      processor: os.cpus()[0]?.model.trim() || Deno.build.arch,
      cores: navigator.hardwareConcurrency,
      memoryBytes: os.totalmem(),
      freeBytes: disk.bavail * disk.bsize,
      gpus,
    },
    engine,
    data,
    missing,
  };
}

/** Starts TensorFlow as training would, so that what is reported is what runs. */
function startEngine(
  gpus: readonly string[],
  missing: Finding[],
): { engine: DoctorReport["engine"]; version: string | null } {
  const library = findLibrary() ?? null;
  const engine = { library, devices: [] as string[], threads: navigator.hardwareConcurrency };
  if (!library) {
    missing.push({ what: "TensorFlow's library", mend: "./lumen setup", needed: true });
    return { engine, version: null };
  }
  try {
    const binding = startEager(library);
    engine.devices = binding.devices.map((name) => name.split("/device:").at(-1)!);
    if (gpus.length > 0 && !binding.isUsingGpuDevice()) {
      missing.push({
        what: "TensorFlow does not use the NVIDIA GPU",
        mend: "./lumen setup --gpu",
        needed: false,
      });
    }
    return { engine, version: binding.TF_Version };
  } catch (error) {
    missing.push({
      what: `a TensorFlow library that works (${(error as Error).message})`,
      mend: "./lumen setup",
      needed: true,
    });
    return { engine, version: null };
  }
}

/** The NVIDIA GPUs, as their driver's tool names them; none where the tool is not there. */
async function findGpus(): Promise<string[]> {
  const text = await outputOf("nvidia-smi", [
    "--query-gpu=name,memory.total,driver_version",
    "--format=csv,noheader",
  ]);
  return text?.split("\n") ?? [];
}

/** What a program prints; null when it is not there or fails. */
async function outputOf(program: string, args: string[]): Promise<string | null> {
  try {
    const { success, stdout } = await new Deno.Command(program, { args, stderr: "null" }).output();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function hasFiles(folder: string): boolean {
  return exists(folder) && !Deno.readDirSync(folder)[Symbol.iterator]().next().done;
}
