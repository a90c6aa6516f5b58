/** A child ends of an interrupt, of which this process hears half a second later; without a listener it would end of it. */
import { runWithProgress } from "lib/notebook/child.ts";

setTimeout(() => Deno.kill(Deno.pid, "SIGINT"), 500);
const { stopped } = await runWithProgress("sh", ["-c", "kill -INT $$"]);
console.log("stopped", stopped);
