/** The examination behind `lumen doctor`. It reads, and changes nothing. */
import { statfsSync } from "node:fs";
import os from "node:os";
import { relative } from "node:path";
import { libsndfileVersion } from "../../lib/audio/libsndfile.ts";
import { startEager } from "../../lib/nn/engine/eager.ts";
import { findLibrary } from "../../lib/nn/engine/native.ts";
import { askedOptions } from "../../lib/nn/engine/session_config.ts";
import { exists } from "../../lib/core/files.ts";
import { findGpus } from "../../lib/core/gpus.ts";
import { projectPath, ROOT } from "../../lib/core/paths.ts";
import { outputOf } from "../../lib/core/program.ts";
import { TRUTH_FILE } from "../../lib/datasets/demo/truth.ts";
import { irmasMelsPath } from "../../lib/datasets/irmas_mels.ts";

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
    /** The device that operations run on: the first GPU, or else the processor; null without the library. */
    computesOn: string | null;
    /** What `LUMEN_DEVICE`, `LUMEN_PRECISION` and `LUMEN_XLA` ask for, and whether `NVIDIA_TF32_OVERRIDE` leaves TF32 on. */
    asked: { device: string; precision: "float32" | "mixed"; xla: boolean; tf32: boolean };
    /** Threads inside an operation, and operations at a time. */
    threads: { inside: number; operations: number };
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
  /** The file that is there when the rest is. */
  file: string;
  what: string;
  mend: string;
}

const dataSets = (): DataSet[] => [
  {
    name: "data/published",
    file: projectPath("data", "published", "irmas_single.csv"),
    what: "the authors' tables: labels, features, keys, tempi",
    mend: "git checkout data/published",
  },
  ...(["small", "full"] as const).map((size) => ({
    name: `data/demo/${size}`,
    file: projectPath("data", "demo", size, TRUTH_FILE),
    what: `rendered audio, ${size === "small" ? "20" : "120"} clips an instrument`,
    mend: `./lumen data demo --size ${size}`,
  })),
  {
    name: relative(ROOT, irmasMelsPath()),
    file: irmasMelsPath(),
    what: "spectrograms of the real IRMAS clips",
    mend: "./lumen data irmas-mels --root PATH_OF_IRMAS",
  },
];

/** Examines the installation, the machine and the data. */
export async function examine(): Promise<DoctorReport> {
  const missing: Finding[] = [];
  const gpus = (await findGpus()).map((gpu) => Object.values(gpu).join(", "));
  const { engine, version } = startEngine(gpus, missing);
  const jupyter = await outputOf(projectPath(".venv", "bin", "python"), [
    "-c",
    "import jupyterlab; print(jupyterlab.__version__)",
  ]);
  const sndfile = versionOfLibsndfile();
  if (!sndfile) {
    missing.push({ what: "libsndfile, for MP3 and Ogg", mend: "./lumen setup", needed: true });
  }
  if (!jupyter) missing.push({ what: "JupyterLab", mend: "./lumen setup", needed: true });
  if (!exists(projectPath(".venv", "share", "jupyter", "kernels", "deno", "kernel.json"))) {
    missing.push({ what: "the Jupyter kernel of Deno", mend: "./lumen setup", needed: true });
  }
  const data = dataSets().map(({ name, file, what, mend }) => {
    const found = exists(file);
    if (!found) missing.push({ what: `${name}: ${what}`, mend, needed: name === "data/published" });
    return { name, what, found };
  });
  const disk = statfsSync(ROOT);
  return {
    versions: {
      Deno: Deno.version.deno,
      V8: Deno.version.v8,
      TypeScript: Deno.version.typescript,
      TensorFlow: version,
      JupyterLab: jupyter,
      libsndfile: sndfile,
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

function versionOfLibsndfile(): string | null {
  try {
    return libsndfileVersion().replace("libsndfile-", "");
  } catch {
    return null;
  }
}

/** Starts TensorFlow as training would, so that what is reported is what runs. */
function startEngine(
  gpus: readonly string[],
  missing: Finding[],
): { engine: DoctorReport["engine"]; version: string | null } {
  const library = findLibrary() ?? null;
  const asked = askedOptions(), cores = navigator.hardwareConcurrency;
  const engine: DoctorReport["engine"] = {
    library,
    devices: [],
    computesOn: null,
    asked: {
      device: typeof asked.device === "number" ? `gpu:${asked.device}` : asked.device,
      precision: asked.precision,
      xla: Deno.env.get("LUMEN_XLA") === "1",
      tf32: Deno.env.get("NVIDIA_TF32_OVERRIDE") !== "0",
    },
    threads: { inside: asked.intraOpThreads || cores, operations: asked.interOpThreads || cores },
  };
  const lacksLibrary = (what: string) => {
    // set-up leaves a mark where TensorFlow has no library for the machine: Lumen predicts without it
    const needed = !exists(projectPath(".venv", "lumen", "without_library"));
    missing.push({ what, mend: "./lumen setup", needed });
    return { engine, version: null };
  };
  if (!library) return lacksLibrary("TensorFlow's library, without which nothing can be trained");
  try {
    const binding = startEager(library, asked);
    engine.devices = binding.devices.map((name) => name.split("/device:").at(-1)!);
    engine.computesOn = engine.devices.find((name) => name.startsWith("GPU")) ?? "the processor";
    const isUsed = binding.isUsingGpuDevice();
    if (gpus.length > 0 && !isUsed) missing.push(unusedGpu(engine.asked.device));
    if (gpus.length === 0 && !isUsed && typeof asked.device === "number") {
      missing.push({
        what: `${engine.asked.device}, which LUMEN_DEVICE asks for: the NVIDIA driver names none`,
        mend: "unset LUMEN_DEVICE",
        needed: true,
      });
    }
    return { engine, version: binding.TF_Version };
  } catch (error) {
    return lacksLibrary(`a TensorFlow library that works (${(error as Error).message})`);
  }
}

/** A GPU is there, and TensorFlow computes on the processor. */
function unusedGpu(asked: string): Finding {
  if (asked === "cpu") {
    const what = "TensorFlow does not use the NVIDIA GPU: LUMEN_DEVICE asks for the processor";
    return { what, mend: "unset LUMEN_DEVICE", needed: false };
  }
  const installed = exists(projectPath(".venv", "lumen", "cuda"));
  return {
    what: installed
      ? "TensorFlow's library for NVIDIA GPUs is here and finds none: the driver is too old, or CUDA_VISIBLE_DEVICES hides them"
      : "TensorFlow does not use the NVIDIA GPU: its library for processors is installed",
    mend: installed ? "nvidia-smi" : "./lumen setup --gpu",
    needed: false,
  };
}
