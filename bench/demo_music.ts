/**
 * librosa's keys and tempi of the rendered demo, with the profiles and settings of ours, for notebook 02:
 *
 *     ./lumen deno run -A bench/demo_music.ts small      a minute and a half; full: ten minutes
 *
 * Writes experiments/peers/demo_music/SIZE.csv: file, key (empty where there is none), tempo.
 */
import { writeAtomically } from "../lib/core/files.ts";
import { projectPath } from "../lib/core/paths.ts";
import { showProgress } from "../lib/core/progress.ts";
import { demoFolder } from "../lib/datasets/demo/render.ts";
import { demoClips } from "../lib/datasets/demo/truth.ts";
import { Peer } from "./peer.ts";

const [size] = Deno.args;
if (size !== "small" && size !== "full") {
  throw new Error(`cannot take the demo "${size}"; known sizes: small, full`);
}
const clips = demoClips(demoFolder(size)).filter(({ fault }) => !fault);
const folder = await Deno.makeTempDir();
const peer = await Peer.start("sound_python.py", [folder]);
const progress = showProgress(`${peer.name}: keys and tempi`, clips.length);
const lines = ["file,key,tempo"];
for (const { file, path } of clips) {
  const { key, tempo } = await peer.ask<{ key: string | null; tempo: number }>(`music ${path}`);
  lines.push(`${file},${key ?? ""},${tempo.toFixed(3)}`);
  progress.update(lines.length - 1);
}
progress.done();
await peer.stop();
await Deno.remove(folder, { recursive: true });
const out = projectPath("experiments", "peers", "demo_music", `${size}.csv`);
writeAtomically(out, lines.join("\n") + "\n");
console.log(`wrote ${out}`);
