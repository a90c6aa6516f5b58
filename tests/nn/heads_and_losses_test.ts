/**
 * What every head and every loss must keep to, on the smallest ConvNeXt. Every head with binary cross-entropy and every
 * loss with the pooled head; with `./lumen test --full`, every head with every loss.
 */
import { BASE_CONFIG, type RunConfig } from "lib/train/config.ts";
import type { LossConfig } from "lib/nn/losses/loss.ts";
import { checkContract } from "./contract.ts";

type HeadConfig = Pick<RunConfig["model"], "head" | "hidden">;

const HEADS: Record<HeadConfig["head"], HeadConfig> = {
  pooled: { head: "pooled", hidden: [] },
  deep: { head: "deep", hidden: [64] },
  attention: { head: "attention", hidden: [64] },
  "fluffy-deep": { head: "fluffy-deep", hidden: [] },
  "fluffy-attention": { head: "fluffy-attention", hidden: [] },
};

const LOSSES: Record<string, LossConfig> = {
  "binary cross-entropy": { name: "binary-cross-entropy" },
  "positive weights": { name: "binary-cross-entropy", positiveWeights: "balanced" },
  "focal loss": { name: "focal", gamma: 2, variant: "paper", alpha: 0.4 },
  "the document's focal loss": { name: "focal", gamma: 0.5, variant: "document" },
  "family loss": { name: "binary-cross-entropy", family: { factor: 0.8 } },
};

const isFull = Deno.env.has("LUMEN_FULL_TESTS");
for (const [headName, head] of Object.entries(HEADS)) {
  for (const [lossName, loss] of Object.entries(LOSSES)) {
    const isUsual = head === HEADS.pooled || loss === LOSSES["binary cross-entropy"];
    if (!isFull && !isUsual) continue;
    Deno.test(`${headName} head, ${lossName}: the contract`, () =>
      checkContract({ model: { ...BASE_CONFIG.model, ...head }, loss }));
  }
}
