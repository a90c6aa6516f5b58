/** Mel spectrograms of the first COUNT files of FOLDER, on as many workers as this process has cores: prints the seconds. */
import { parallelMap } from "../lib/core/parallel.ts";

const [folder, count] = Deno.args;
const paths = Array.from({ length: Number(count) }, (_, k) => `${folder}/${k}.wav`);
const start = performance.now();
await parallelMap(new URL("./mel_file_worker.ts", import.meta.url), paths);
console.log((performance.now() - start) / 1000);
