/** NVIDIA's GPUs in this machine. */
import { outputOf } from "./program.ts";

/** A GPU. */
export interface Gpu {
  /** E.g. "NVIDIA H100 80GB HBM3". */
  name: string;
  /** As the driver's tool writes it, e.g. "81559 MiB". */
  memory: string;
  driver: string;
}

/** As the driver's own tool names them; none where the tool is not there or finds none. */
export async function findGpus(): Promise<Gpu[]> {
  const text = await outputOf("nvidia-smi", [
    "--query-gpu=name,memory.total,driver_version",
    "--format=csv,noheader",
  ]);
  return (text ?? "").split("\n").filter(Boolean).map((line) => {
    const [name, memory, driver] = line.split(",").map((part) => part.trim());
    return { name, memory, driver };
  });
}
