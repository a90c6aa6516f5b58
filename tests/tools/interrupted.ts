/** Work that Ctrl-C stops: `deno run -A interrupted.ts training|loading`. Says "ready" when it is under way. */
import { Interrupts } from "../../tools/interrupt.ts";

const interrupts = new Interrupts("the same command goes on");
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
if (Deno.args[0] === "loading") {
  console.log("ready");
  await pause(60_000);
}
await interrupts.stoppable(async (signal) => {
  console.log("ready");
  while (!signal.aborted) await pause(10);
  if (Deno.args[0] === "hanging") await pause(60_000);
});
console.log("came to its end");
interrupts.exit();
