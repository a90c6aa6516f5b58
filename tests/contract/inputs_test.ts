/** The contract for a network that sees several inputs, below one another in the clips. */
import { BASE_CONFIG } from "lib/train/config.ts";
import { BANDS, checkContract } from "./contract.ts";

for (const join of ["channels", "stems"] as const) {
  Deno.test(`three inputs as ${join}: the contract`, () =>
    checkContract({
      model: {
        ...BASE_CONFIG.model,
        hidden: [],
        dropRate: 0,
        inputs: { of: ["mel", "chroma", "mfcc"], join },
      },
      loss: { name: "binary-cross-entropy" },
      bands: 3 * BANDS,
    }));
}
