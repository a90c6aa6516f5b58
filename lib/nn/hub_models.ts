/** Published weights by name: where they are on the Hugging Face hub, and the network of ours that takes them. */
import type { AstSize } from "./backbones/ast.ts";
import type { ConvNextSize } from "./backbones/convnext.ts";
import type { EFFICIENTNET_V2_STYLES, EfficientNetV2Size } from "./backbones/efficientnet_v2.ts";
import type { MOBILENET_V3_STYLES, MobileNetV3Size } from "./backbones/mobilenet_v3.ts";
import type { ResNeXtSize } from "./backbones/resnext.ts";

type MobileNetV3Style = keyof typeof MOBILENET_V3_STYLES;
type EfficientNetV2Style = keyof typeof EFFICIENTNET_V2_STYLES;

/** The part of a run's configuration that the weights were trained with. */
export type HubNetwork =
  | { backbone: "convnext"; size: ConvNextSize }
  | { backbone: "resnext"; size: ResNeXtSize }
  | { backbone: "mobilenet-v3"; size: MobileNetV3Size; style: MobileNetV3Style }
  | { backbone: "efficientnet-v2"; size: EfficientNetV2Size; style: EfficientNetV2Style }
  | { backbone: "ast"; size: AstSize };

/** A model on the hub. Its weights are the file `model.safetensors`. */
export interface HubModel {
  /** Owner and name on the hub. */
  repository: string;
  network: HubNetwork;
}

const convnext = (size: ConvNextSize, name: string): HubModel => ({
  repository: `timm/convnext_${name}`,
  network: { backbone: "convnext", size },
});
const resnext = (size: ResNeXtSize, name: string): HubModel => ({
  repository: `timm/${name}`,
  network: { backbone: "resnext", size },
});
const mobilenet = (
  size: MobileNetV3Size,
  name: string,
  style: MobileNetV3Style = "timm",
): HubModel => ({
  repository: `timm/${name}`,
  network: { backbone: "mobilenet-v3", size, style },
});
const efficientnet = (size: EfficientNetV2Size): HubModel => ({
  repository: `timm/tf_efficientnetv2_${size}.in1k`,
  network: { backbone: "efficientnet-v2", size, style: "timm-tf" },
});
const ast = (size: AstSize, name: string): HubModel => ({
  repository: `MIT/ast-finetuned-audioset-${name}`,
  network: { backbone: "ast", size },
});

/**
 * By name. All but the transformers were trained on ImageNet-1K. Those of ResNeXt are torchvision's own weights, converted
 * by timm.
 */
export const HUB_MODELS = {
  "convnext-atto": convnext("atto", "atto.d2_in1k"),
  "convnext-femto": convnext("femto", "femto.d1_in1k"),
  "convnext-pico": convnext("pico", "pico.d1_in1k"),
  "convnext-nano": convnext("nano", "nano.d1h_in1k"),
  "convnext-tiny": convnext("tiny", "tiny.fb_in1k"),
  "convnext-small": convnext("small", "small.fb_in1k"),
  "convnext-base": convnext("base", "base.fb_in1k"),
  "resnext-50-32x4d": resnext("50-32x4d", "resnext50_32x4d.tv2_in1k"),
  "resnext-101-32x8d": resnext("101-32x8d", "resnext101_32x8d.tv2_in1k"),
  "resnext-101-64x4d": resnext("101-64x4d", "resnext101_64x4d.tv_in1k"),
  "mobilenet-v3-large": mobilenet("large", "mobilenetv3_large_100.ra_in1k"),
  "mobilenet-v3-large-tf": mobilenet("large", "tf_mobilenetv3_large_100.in1k", "timm-tf"),
  "mobilenet-v3-small": mobilenet("small", "mobilenetv3_small_100.lamb_in1k"),
  "mobilenet-v3-small-050": mobilenet("small-050", "mobilenetv3_small_050.lamb_in1k"),
  "efficientnet-v2-b0": efficientnet("b0"),
  "efficientnet-v2-s": efficientnet("s"),
  "efficientnet-v2-m": efficientnet("m"),
  "efficientnet-v2-l": efficientnet("l"),
  "ast": ast("base", "10-10-0.4593"),
  "ast-12": ast("base-12", "12-12-0.447"),
  "ast-14": ast("base-14", "14-14-0.443"),
  "ast-16": ast("base-16", "16-16-0.442"),
} as const satisfies Record<string, HubModel>;
