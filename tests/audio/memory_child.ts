/** Decodes a small file, so that all code is there, then a long one: prints the memory that this took at most, in JSON. Linux. */
import { decodeFile } from "lib/audio/decode.ts";
import { duration } from "lib/audio/sound.ts";

const [small, long] = Deno.args;
for (let k = 0; k < 3; k++) decodeFile(small);
Deno.writeTextFileSync("/proc/self/clear_refs", "5"); // the peak begins anew
const before = Deno.memoryUsage().rss, sound = decodeFile(long);
const [, kilobytes] = Deno.readTextFileSync("/proc/self/status").match(/VmHWM:\s+(\d+)/)!;
console.log(JSON.stringify({
  taken: 1024 * Number(kilobytes) - before,
  bytes: sound.channels.reduce((sum, y) => sum + y.byteLength, 0),
  seconds: duration(sound),
}));
