/**
 * How right the keys of a rendered demo are, ours and those of librosa with the same profiles, and where they fail:
 *
 *     ./lumen deno run -P=lumen bench/demo_keys.ts data/demo/small
 */
import { demoClips } from "../lib/datasets/demo/truth.ts";
import { detectKeys } from "../lib/music/file_keys.ts";
import { keyRelation, type KeyScore, scoreKeys } from "../lib/music/key_score.ts";
import { interval, type Key, parseKey } from "../lib/music/tonality.ts";
import { Peer } from "./peer.ts";

interface Judged {
  part: string;
  group: string;
  truth: Key;
  ours: Key;
  theirs: Key;
}

const clips = demoClips(Deno.args[0]).filter(({ fault }) => fault === "");
const paths = clips.map(({ path }) => Deno.realPathSync(path));
const start = performance.now();
const outcomes = await detectKeys(paths);
const seconds = (performance.now() - start) / 1000;
console.log(`${clips.length} files: ours in ${seconds.toFixed(1)} s on all cores`);

const peer = await Peer.start("key_librosa.py"), judged: Judged[] = [];
for (const [k, { part, key, genre, drums }] of clips.entries()) {
  const outcome = outcomes[k], theirs = await peer.ask<string | null>(`key ${paths[k]}`);
  if (!outcome.ok || theirs === null) {
    console.log(`${paths[k]}: ${outcome.ok ? "librosa finds no key" : outcome.error}`);
    continue;
  }
  const group = `${genre}${drums ? ", drums" : ""}`;
  const truth = parseKey(key);
  judged.push({ part, group, truth, ours: outcome.value.key, theirs: parseKey(theirs) });
}
await peer.stop();

const percent = (x: number) => `${(100 * x).toFixed(1)} %`;
const line = ({ count, exact, weighted, relations }: KeyScore) =>
  `n ${count}, exact ${percent(exact)}, MIREX ${weighted.toFixed(3)}, ${
    Object.entries(relations).map(([name, n]) => `${name} ${n}`).join(" ")
  }`;

for (const part of new Set(judged.map(({ part }) => part))) {
  const clips = judged.filter((clip) => clip.part === part);
  console.log(`\n${part}`);
  for (const side of ["ours", "theirs"] as const) {
    const name = side === "ours" ? "ours" : peer.name;
    console.log(`  ${name}: ${line(scoreOf(clips, side))}`);
    for (const mode of ["major", "minor"] as const) {
      const ofMode = clips.filter(({ truth }) => truth.mode === mode);
      console.log(`    ${mode}: ${line(scoreOf(ofMode, side))}`);
    }
  }
  const same = clips.filter(({ ours, theirs }) => keyRelation(theirs, ours) === "exact").length;
  console.log(`  the same key: ${same} of ${clips.length}`);
  for (const group of [...new Set(clips.map(({ group }) => group))].sort()) {
    console.log(`    ${group}: ${line(scoreOf(clips.filter((c) => c.group === group), "ours"))}`);
  }
  console.log(`  our errors, root above the true one in semitones: ${errors(clips)}`);
}

function scoreOf(clips: readonly Judged[], side: "ours" | "theirs"): KeyScore {
  return scoreKeys(clips.map((clip) => ({ truth: clip.truth, estimate: clip[side] })));
}

/** How often each error occurs, most frequent first. */
function errors(clips: readonly Judged[]): string {
  const counts = new Map<string, number>();
  for (const { truth, ours } of clips) {
    const up = interval(truth.root, ours.root);
    if (up === 0 && truth.mode === ours.mode) continue;
    const name = `${truth.mode} to ${ours.mode} +${up}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([name, n]) => `${name}: ${n}`).join(", ");
}
