import assert from "node:assert/strict";
import { extname } from "node:path";
import { decodeFile } from "lib/audio/decode.ts";
import { readNpz } from "lib/core/npz.ts";
import { projectPath } from "lib/core/paths.ts";

const FOLDER = projectPath("tests", "fixtures", "audio");

/**
 * Largest differences. What has no loss is equal to the last bit; MP3 and Ogg Vorbis are decoded by libsndfile itself,
 * whose single-precision sums differ a little between processors.
 */
const TOLERANCE: Record<string, number> = { ".mp3": 1e-6, ".ogg": 1e-6 };

Deno.test("decodes every format as libsndfile does", async (t) => {
  const decoded = await readNpz(`${FOLDER}/decoded.npz`);
  for (const [name, expected] of decoded) {
    if (name.endsWith("/rate")) continue;
    await t.step(name, () => {
      const sound = decodeFile(`${FOLDER}/${name}`);
      assert.equal(sound.sampleRate, (decoded.get(`${name}/rate`)!.data as Float32Array)[0]);
      const [channels, samples] = expected.shape;
      const full = expected.dtype === "<i2" ? 32768 : 1;
      assert.equal(sound.channels.length, channels);
      sound.channels.forEach((channel, c) => {
        assert.equal(channel.length, samples);
        const row = (expected.data as Float32Array).subarray(c * samples, (c + 1) * samples);
        const error = channel.reduce(
          (most, x, k) => Math.max(most, Math.abs(x - row[k] / full)),
          0,
        );
        assert.ok(error <= (TOLERANCE[extname(name)] ?? 0), `channel ${c} differs by ${error}`);
      });
    });
  }
});
