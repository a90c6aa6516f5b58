import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeWav } from "lib/audio/wav.ts";
import { outlierTable } from "lib/features/outlier_table.ts";
import { noise } from "../mel_signals.ts";

Deno.test("files on all cores: short, silent, unreadable and proper ones, by the rules given", async () => {
  const folder = Deno.makeTempDirSync(), sampleRate = 8000;
  try {
    const write = (name: string, y: Float32Array) => {
      const path = join(folder, name);
      Deno.writeFileSync(path, encodeWav({ sampleRate, channels: [y] }));
      return path;
    };
    const quarter = noise(2 * sampleRate).map((x, t) => t < sampleRate / 2 ? x : 0);
    const text = join(folder, "text.wav");
    Deno.writeTextFileSync(text, "no sound");
    const paths = [
      write("proper.wav", noise(2 * sampleRate)),
      text,
      write("short.wav", noise(sampleRate - 1)),
      join(folder, "missing.wav"),
      write("silent.wav", new Float32Array(2 * sampleRate)),
      write("quarter.wav", quarter),
    ];
    const find = (rules = {}) => outlierTable(paths, { folder: join(folder, "cache"), ...rules });
    const { paths: read, measures, outliers, skipped } = await find();
    assert.deepEqual(skipped.map(({ path }) => path), [paths[1], paths[3]]);
    assert.deepEqual(read, [0, 2, 4, 5].map((k) => paths[k]));
    assert.deepEqual(outliers, [undefined, "short", "silent", undefined]);
    assert.deepEqual(measures.map(({ seconds }) => seconds), [2, 7999 / 8000, 2, 2]);
    // of the noise itself few samples are below a thousandth of its peak
    const parts = measures.map(({ silentPart }) => silentPart);
    assert.ok(parts[0] < 0.01 && parts[2] === 1 && parts[3] >= 0.75 && parts[3] < 0.76);
    // the rules are no part of what is kept
    const strict = await find({ shortest: 0.5, mostSilence: 0.7 });
    assert.deepEqual(strict.outliers, [undefined, undefined, "silent", "silent"]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
