import assert from "node:assert/strict";
import { projectPath } from "lib/core/paths.ts";
import { relativeError } from "./wave.ts";

interface Report {
  backend: string;
  logits: number[][];
  trained: string;
}

async function run(env: Record<string, string>): Promise<Report & { warnings: string }> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", projectPath("tests", "nn", "fallback_program.ts")],
    cwd: projectPath(),
    env,
  }).output();
  const text = new TextDecoder();
  return { ...JSON.parse(text.decode(stdout)), warnings: text.decode(stderr) };
}

Deno.test("without the native library: the same predictions on WebAssembly, said once, and no training", async () => {
  const native = await run({}), fallback = await run({ LUMEN_BACKEND: "wasm" });
  assert.equal(native.backend, "tensorflow");
  assert.equal(fallback.backend, "wasm");
  // other kernels, float32
  native.logits.forEach((logits, k) => assert.ok(relativeError(fallback.logits[k], logits) < 1e-4));
  assert.equal(fallback.warnings.match(/predicting on wasm, slower/g)?.length, 1);
  assert.match(fallback.trained, /training needs TensorFlow's native library.*\.\/lumen setup/);
});

Deno.test("a backend that there is not ends with a sentence that lists the known ones", () => {
  const { code, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", projectPath("tools", "cli.ts"), "predict", "a.wav"],
    env: { LUMEN_BACKEND: "wams" },
  }).outputSync();
  assert.equal(code, 1);
  assert.equal(
    new TextDecoder().decode(stderr),
    'lumen: LUMEN_BACKEND is "wams", which is no backend: unset it, or use one of tensorflow, webgpu, wasm\n',
  );
});
