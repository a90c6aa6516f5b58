import assert from "node:assert/strict";
import { chunk, chunkCount, chunkFrames } from "lib/features/chunks.ts";
import {
  DEFAULT_FRONT_END,
  type FrontEnd,
  IRMAS_MELS_FRONT_END,
  melOf,
} from "lib/features/front_end.ts";

/** Chunks of 4 frames, two bands. */
const SMALL: FrontEnd = {
  ...DEFAULT_FRONT_END,
  nMels: 2,
  sampleRate: 400,
  hopLength: 100,
  chunkSeconds: 1,
};

/** Band b of frame f is 10 b + f. */
function clip(frames: number) {
  const data = Float32Array.from(
    { length: 2 * frames },
    (_, k) => 10 * Math.floor(k / frames) + k % frames,
  );
  return { data, nMels: 2, frames };
}

Deno.test("3 s are one chunk, 10 s are four", () => {
  assert.equal(chunkFrames(DEFAULT_FRONT_END), 300);
  assert.equal(chunkFrames(IRMAS_MELS_FRONT_END), 94);
  for (const frontEnd of [DEFAULT_FRONT_END, IRMAS_MELS_FRONT_END]) {
    for (const [seconds, count] of [[0.5, 1], [3, 1], [3.5, 2], [6, 2], [9, 3], [10, 4], [20, 7]]) {
      const { frames } = melOf(new Float32Array(seconds * 16000), frontEnd);
      assert.equal(chunkCount(frames, frontEnd), count, `${seconds} s`);
    }
  }
});

Deno.test("the last chunk is completed by the clip's beginning, as often as needed", () => {
  const two = chunk([clip(6)], SMALL);
  assert.deepEqual([two.count, two.nMels, two.chunkFrames], [2, 2, 4]);
  assert.deepEqual([...two.data], [0, 1, 2, 3, 10, 11, 12, 13, 4, 5, 0, 1, 14, 15, 10, 11]);
  const short = chunk([clip(1)], SMALL);
  assert.deepEqual([...short.data], [0, 0, 0, 0, 10, 10, 10, 10]);
  const shorter = chunk([clip(3)], SMALL);
  assert.deepEqual([...shorter.data.subarray(0, 4)], [0, 1, 2, 0]);
});

Deno.test("or by silence: the floor in decibels, nothing in power and in bytes", () => {
  const zero: FrontEnd = { ...SMALL, completion: "zero" };
  assert.deepEqual([...chunk([clip(3)], zero).data], [0, 1, 2, -80, 10, 11, 12, -80]);
  const power = chunk([clip(3)], { ...zero, scale: "power" });
  assert.deepEqual([...power.data], [0, 1, 2, 0, 10, 11, 12, 0]);
  const bytes = { ...clip(3), data: Uint8Array.from(clip(3).data) };
  const chunks = chunk([bytes], zero);
  assert.deepEqual(chunks.data, Uint8Array.of(0, 1, 2, 0, 10, 11, 12, 0));
});

Deno.test("the group says which clip a chunk is from", () => {
  const chunks = chunk([clip(5), clip(9), clip(2)], SMALL);
  assert.deepEqual(chunks.group, Int32Array.of(0, 1, 1, 2));
  assert.equal(chunks.data.length, 4 * 2 * 4);
  assert.deepEqual([...chunks.data.subarray(24, 28)], [0, 1, 0, 1]);
  assert.deepEqual(chunk([], SMALL).count, 0);
});

Deno.test("overlapping chunks: every one begins a hop later, and the last one is the first to reach the end", () => {
  for (let frames = 2; frames < 40; frames++) {
    for (let hop = 1; hop <= 4; hop++) {
      const { count, data, group } = chunk([clip(frames)], SMALL, { hop });
      assert.equal(chunkCount(frames, SMALL, { hop }), count);
      assert.equal(group.length, count);
      const end = (count - 1) * hop + 4;
      // the last frame is centred on the clip's end
      assert.ok(end >= frames - 1 && (count === 1 || end - hop < frames - 1), `${frames}, ${hop}`);
      for (let k = 0; k < count; k++) {
        const wanted = [0, 1, 2, 3].map((t) => k * hop + t < frames ? k * hop + t : NaN);
        const given = [...data.subarray(8 * k, 8 * k + 4)];
        assert.deepEqual(given.map((value, t) => wanted[t] >= 0 ? value : NaN), wanted);
        // behind the end the clip begins again
        assert.ok(given.every((value, t) => wanted[t] >= 0 || value === (k * hop + t) % frames));
      }
    }
    assert.deepEqual(chunk([clip(frames)], SMALL, { hop: 4 }), chunk([clip(frames)], SMALL));
  }
  for (const hop of [0, 5, 1.5]) {
    assert.throws(() => chunkCount(9, SMALL, { hop }), /chunks of 4 frames every .*: 1 to 4/);
  }
});

Deno.test("refuses clips that do not fit", () => {
  assert.throws(
    () => chunk([clip(5)], DEFAULT_FRONT_END),
    /clip 0: it is 2 bands by 5 frames, 128/,
  );
  assert.throws(() => chunk([clip(5), clip(0)], SMALL), /clip 1: .*0 frames/);
});
