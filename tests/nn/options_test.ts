import assert from "node:assert/strict";
import { projectPath } from "lib/core/paths.ts";
import { binding } from "lib/nn/engine/mod.ts";
import { relativeError } from "./wave.ts";

/** What the small network computes in a process of its own; its errors where it does not. */
async function run(env: Record<string, string>): Promise<{ values?: number[][]; errors: string }> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", projectPath("tests", "nn", "options_program.ts")],
    cwd: projectPath(),
    env,
  }).output();
  const text = new TextDecoder();
  return {
    values: success ? JSON.parse(text.decode(stdout)) : undefined,
    errors: text.decode(stderr),
  };
}

/** Whether the processor multiplies bfloat16 itself. */
const hasHalf = new Deno.Command("grep", { args: ["-qs", "avx512_bf16", "/proc/cpuinfo"] })
  .outputSync().success;

const { values: expected } = await run({});

Deno.test("XLA makes of a step what TensorFlow makes of it", async () => {
  const { values, errors } = await run({ LUMEN_XLA: "1" });
  assert.ok(values, errors);
  // float32 in another order
  values.forEach((row, k) => assert.ok(relativeError(row, expected![k]) < 1e-5));
  assert.notDeepEqual(values, expected, "it was not compiled by XLA");
});

Deno.test({
  name: "mixed precision computes with eight bits where the processor can, and the sums stay sums",
  ignore: !hasHalf || binding!.isUsingGpuDevice(),
  async fn() {
    const { values, errors } = await run({ LUMEN_PRECISION: "mixed" });
    assert.ok(values, errors);
    // bfloat16 rounds to 2^-9 of a value; both factors of a product, and the product
    values.forEach((row, k) => assert.ok(relativeError(row, expected![k]) < 3 / 2 ** 9));
    assert.ok(relativeError(values[1], expected![1]) > 1e-5, "nothing was rounded");
  },
});

Deno.test("the processor can be asked for, a GPU that there is not, and nothing else", async () => {
  assert.deepEqual((await run({ LUMEN_DEVICE: "cpu" })).values, expected);
  if (!binding!.isUsingGpuDevice()) {
    const { errors } = await run({ LUMEN_DEVICE: "gpu:1" });
    assert.match(errors, /LUMEN_DEVICE asks for GPU 1, and TensorFlow finds none.*lumen doctor/);
  }
  for (const [variable, text] of [["LUMEN_DEVICE", "tpu"], ["LUMEN_PRECISION", "half"]]) {
    const { errors } = await run({ [variable]: text });
    assert.match(errors, new RegExp(`${variable} is "${text}": unset it, or use one of`));
  }
});
