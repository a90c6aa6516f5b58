/** Pictures: helpers that make figures from data, and the house style. */
export * from "./charts.ts";
export * from "./chunking.ts";
export * from "./comparison.ts";
export * from "./evaluation.ts";
export * from "./family.ts";
export * from "./figure.ts";
export * from "./folds_comparison.ts";
export * from "./grad_cam.ts";
export * from "./grid.ts";
export * from "./inference_time.ts";
export * from "./label_quality.ts";
export * from "./packing.ts";
export * from "./screening.ts";
export * from "./spectrogram.ts";
export * from "./style.ts";
export * from "./table.ts";
export * from "./training.ts";
