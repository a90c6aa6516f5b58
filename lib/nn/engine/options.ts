/** What is asked of compiled functions, and what follows from it. */
import { binding } from "./backend.ts";
import { askedOptions } from "./session_config.ts";

/** Whether whole functions are XLA's, chains and all: `LUMEN_XLA=1`. */
export const usesXla = Deno.env.get("LUMEN_XLA") === "1";

/** Whether convolutions and products are computed with half the bits: `LUMEN_PRECISION=mixed`. */
export const usesMixedPrecision = askedOptions().precision === "mixed";

/**
 * What the loss is multiplied by before its gradients are taken, and the gradients divided by: in float16, which a GPU
 * computes mixed precision in, small ones would be zero. A power of two: nothing else changes.
 */
export const LOSS_SCALE = usesMixedPrecision && binding?.isUsingGpuDevice() ? 2 ** 10 : 1;
