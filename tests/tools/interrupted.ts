/**
 * Work that Ctrl-C stops: `deno run -A interrupted.ts training|hanging|loading|evaluating`. Says "ready" when it is under
 * way.
 */
import type { Tensor } from "@tensorflow/tfjs";
import { Interrupts } from "../../tools/interrupt.ts";

const interrupts = new Interrupts("the same command goes on");
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
if (Deno.args[0] === "loading") {
  console.log("ready");
  await pause(60_000);
}
if (Deno.args[0] === "evaluating") await compute();
await interrupts.stoppable(async (signal) => {
  console.log("ready");
  while (!signal.aborted) await pause(10);
  if (Deno.args[0] === "hanging") await pause(60_000);
});
console.log("came to its end");
interrupts.exit();

/** Computes in the background for as long as the process lives. */
async function compute(): Promise<void> {
  sleepAtExit();
  const { compile, tf } = await import("lib/nn/engine/mod.ts");
  const { INFERENCE } = await import("lib/nn/layer.ts");
  const { layerNorm } = await import("lib/nn/layers/layer_norm.ts");
  const norm = layerNorm("norm", { channels: 8 });
  const work = compile((x: Tensor) => {
    for (let k = 0; k < 300; k++) x = norm.apply(() => tf.ones([8]), x, INFERENCE);
    return [x];
  });
  const x = tf.zeros([16, 8]);
  tf.dispose(await work.inBackground(x)); // is compiled
  for (let k = 0; k < 8; k++) {
    (async () => {
      while (true) tf.dispose(await work.inBackground(x));
    })();
  }
}

/**
 * Lets the process sleep when it ends in the usual way, after the libraries that are opened from here on were taken down:
 * what still computes in them has time to fail. glibc calls it with the exit status, which is the seconds.
 */
function sleepAtExit(): void {
  const { symbols: { dlsym, on_exit } } = Deno.dlopen("libc.so.6", {
    dlsym: { parameters: ["pointer", "buffer"], result: "pointer" },
    on_exit: { parameters: ["pointer", "pointer"], result: "i32" },
  });
  on_exit(dlsym(null, new TextEncoder().encode("sleep\0")), null);
}
