import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeWav } from "lib/audio/wav.ts";
import { musicTable } from "lib/features/music_table.ts";
import { KEY_SAMPLE_RATE as sampleRate } from "lib/music/key.ts";
import type { Mode, Tone } from "lib/music/tonality.ts";
import { cadence, chords } from "../harmony_signals.ts";
import { clicks } from "../music/clicks.ts";

Deno.test("files on all cores: keys and tempi in their order, what has none, what cannot be read", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const write = (name: string, y: Float32Array) => {
      const path = join(folder, name);
      Deno.writeFileSync(path, encodeWav({ sampleRate, channels: [y] }));
      return path;
    };
    const song = (root: Tone, mode: Mode) =>
      Float32Array.from(chords(cadence(root, mode), 2 * sampleRate));
    const paths = [
      write("a.wav", song("A", "minor")),
      write("silent.wav", new Float32Array(sampleRate)),
      write("clicks.wav", clicks(10 * sampleRate, { bpm: 100, sampleRate })),
      join(folder, "missing.wav"),
      write("e.wav", song("E", "major")),
    ];
    const find = () => musicTable(paths, { folder: join(folder, "cache") });
    const { paths: read, keys, tempi, skipped } = await find();
    assert.deepEqual(read, paths.filter((path) => !path.includes("missing")));
    assert.deepEqual(skipped.map(({ path }) => path), [paths[3]]);
    assert.deepEqual(keys[0]?.key, { root: "A", mode: "minor" });
    assert.deepEqual(keys[3]?.key, { root: "E", mode: "major" });
    assert.deepEqual([keys[1], tempi[1]], [undefined, 0]);
    assert.ok(Math.abs(tempi[2] / 100 - 1) < 0.04, `${tempi[2]} BPM`);
    // the second time from the cache, the same
    assert.deepEqual((await find()).tempi, tempi);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
