/** Which GPU computes. */
import { findGpus } from "../../core/gpus.ts";
import { binding } from "./backend.ts";
import { askedOptions } from "./session_config.ts";

/**
 * The name of the GPU that operations run on, as its driver says it (where `CUDA_VISIBLE_DEVICES` hides some: of the
 * first in the machine); undefined where they run on the processor.
 */
export async function gpuInUse(): Promise<string | undefined> {
  if (!binding?.isUsingGpuDevice()) return undefined;
  const { device } = askedOptions(), gpus = await findGpus();
  return gpus[typeof device === "number" ? device : 0]?.name ?? "GPU";
}
