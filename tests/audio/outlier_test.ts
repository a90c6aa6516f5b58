import assert from "node:assert/strict";
import type { Sound } from "lib/audio/sound.ts";
import { peakNormalize } from "lib/audio/normalize.ts";
import { judgeClip, measureClip, type OutlierRules, silentPart } from "lib/audio/outlier.ts";

const RATE = 1000;

/** Two seconds of which the given part is sound, the rest silence below -60 dB of it. */
function clip(loudPart: number, gain = 1): Float32Array {
  return Float32Array.from(
    { length: 2 * RATE },
    (_, t) => gain * (t < loudPart * 2 * RATE ? (t % 2 ? 1 : -1) : 0.0009),
  );
}

const find = (sound: Sound, rules?: OutlierRules) => judgeClip(measureClip(sound), rules);

const sound = (...channels: Float32Array[]) => ({ sampleRate: RATE, channels });

Deno.test("a clip is silent when more than 80 % of it is below a thousandth of its peak", () => {
  assert.equal(find(sound(clip(0.19))), "silent");
  assert.equal(find(sound(clip(0.2))), undefined); // 80 % exactly
  assert.equal(find(sound(clip(0.21))), undefined);
  assert.equal(find(sound(clip(0.19)), { mostSilence: 0.9 }), undefined);
  assert.equal(silentPart(clip(0.19), 0.0005), 0);
});

Deno.test("the level does not matter: it is the study's rule on the peak-normalised clip", () => {
  for (const gain of [1, 1e-3, 1e-6]) {
    const y = clip(0.3, gain), normalised = peakNormalize(y);
    const expected = normalised.filter((x) => Math.abs(x) < 0.001).length / y.length;
    assert.equal(silentPart(y, 0.001), expected);
    assert.equal(expected, 0.7);
  }
});

Deno.test("zeros are silent; a constant and a clip of one channel's sound are not", () => {
  assert.equal(find(sound(new Float32Array(2 * RATE))), "silent");
  assert.equal(find(sound(new Float32Array(2 * RATE).fill(-0.3))), undefined);
  assert.equal(find(sound(clip(1), new Float32Array(2 * RATE))), undefined);
  assert.equal(find(sound(clip(1), clip(1).map((x) => -x))), "silent"); // nothing in mono
});

Deno.test("a clip below a second is short, whatever is in it", () => {
  assert.equal(find(sound(new Float32Array(RATE - 1).fill(0.5))), "short");
  assert.equal(find(sound(new Float32Array(RATE).fill(0.5))), undefined);
  assert.equal(find(sound(new Float32Array(RATE - 1))), "short");
  assert.equal(find(sound(new Float32Array(100).fill(1)), { shortest: 0.1 }), undefined);
});
