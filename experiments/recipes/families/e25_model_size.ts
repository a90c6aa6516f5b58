/**
 * ConvNeXt at four sizes: is smaller better?
 *
 *     ./lumen experiment E25     a run takes 6 (femto) to 18 minutes (nano) on one core
 *
 * Came out: no size was seen to differ from another.
 */
import { change, type Family } from "../../../lib/experiments/family.ts";

const variants = {
  "femto": change.model({ size: "femto" }),
  "pico": change.model({ size: "pico" }),
  "nano": change.model({ size: "nano" }),
};

/** With the weights that are published for its size. */
const convNextBase = change.model({ size: "base", weights: "timm/convnext_base.fb_in1k" });

export const modelSize: Family = {
  title: "Size of the network",
  question: "Are smaller networks better?",
  variants: { ...variants, "convnext-base": convNextBase },
  presets: {
    real: [{ base: "screen+complete", variants: [...Object.keys(variants), "convnext-tiny"] }],
    paper: [{ base: "paper_convnext", variants: ["convnext-base"] }],
  },
};
