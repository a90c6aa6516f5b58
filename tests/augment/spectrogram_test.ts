import assert from "node:assert/strict";
import {
  concatFrames,
  fillCells,
  fillRegion,
  fitFrames,
  rectangle,
  reverseFrames,
  shiftFrames,
  stretchFrames,
} from "lib/augment/spectrogram.ts";
import { randomFrom } from "lib/core/random.ts";
import type { Spectrogram } from "lib/dsp/mel.ts";

/** Cell (band, frame) holds 100 band + frame. */
function counting(nMels: number, frames: number): Spectrogram {
  const data = Float32Array.from(
    { length: nMels * frames },
    (_, k) => 100 * Math.floor(k / frames) + k % frames,
  );
  return { data, nMels, frames };
}
const at = ({ data, frames }: Spectrogram, band: number, frame: number) =>
  data[band * frames + frame];

Deno.test("frames are rolled, the same in every band", () => {
  const mel = counting(3, 10);
  for (const by of [0, 3, -4, 10, 13]) {
    const shifted = shiftFrames(mel, by);
    for (let band = 0; band < 3; band++) {
      for (let t = 0; t < 10; t++) {
        assert.equal(at(shifted, band, (t + by + 20) % 10), at(mel, band, t));
      }
    }
  }
});

Deno.test("reversed, the last frame is the first in every band; reversed again, it is as before", () => {
  const mel = counting(3, 7), reversed = reverseFrames(mel);
  for (let band = 0; band < 3; band++) {
    for (let t = 0; t < 7; t++) assert.equal(at(reversed, band, t), at(mel, band, 6 - t));
  }
  assert.deepEqual(reverseFrames(reversed), mel);
});

Deno.test("a region is filled to its borders", () => {
  const mel = counting(8, 20), region = { band: 2, bands: 3, frame: 5, frames: 7 };
  const filled = fillRegion(mel, region, -1);
  for (let band = 0; band < 8; band++) {
    for (let t = 0; t < 20; t++) {
      const inside = band >= 2 && band < 5 && t >= 5 && t < 12;
      assert.equal(at(filled, band, t), inside ? -1 : at(mel, band, t));
    }
  }
  assert.deepEqual(fillRegion(mel, { ...region, bands: 0 }, -1), mel);
});

Deno.test("rectangles have the area and the ratio that are asked for, and lie inside", () => {
  const size = { nMels: 128, frames: 301 }, cells = 128 * 301;
  for (const area of [0.02, 0.07, 0.2]) {
    for (const ratio of [0.5, 1, 1.5, 2]) {
      for (const [top, left] of [[0, 0], [1, 1], [0.5, 0.2]]) {
        const { band, bands, frame, frames } = rectangle(size, { area, ratio, top, left });
        // sides are whole: half a cell of some tens
        assert.ok(Math.abs(bands * frames / cells / area - 1) < 0.04, `${bands} x ${frames}`);
        assert.ok(Math.abs(bands / frames / ratio - 1) < 0.05, `${bands} x ${frames}`);
        assert.ok(band >= 0 && band + bands <= 128 && frame >= 0 && frame + frames <= 301);
        if (top === 1) assert.equal(band + bands, 128);
      }
    }
  }
  const flat = rectangle({ nMels: 10, frames: 1000 }, { area: 0.2, ratio: 2, top: 0, left: 0 });
  assert.deepEqual([flat.bands, flat.frames], [10, 200]); // higher than there are bands: all, and wider
  const narrow = rectangle({ nMels: 1000, frames: 10 }, { area: 0.2, ratio: 0.1, top: 0, left: 0 });
  assert.deepEqual([narrow.bands, narrow.frames], [200, 10]);
  assert.deepEqual(rectangle(size, { area: 0, ratio: 1, top: 0, left: 0 }).frames, 0);
});

Deno.test("cells are filled with their probability", () => {
  const mel = counting(128, 300), count = mel.data.length;
  for (const probability of [0, 0.1, 0.3, 1]) {
    const { data } = fillCells(mel, { probability, value: -1, random: randomFrom("cells") });
    const share = data.filter((v) => v === -1).length / count;
    // five deviations of a share of 38,400 cells
    assert.ok(
      Math.abs(share - probability) <= 5 * Math.sqrt(probability * (1 - probability) / count),
    );
    data.forEach((v, k) => assert.ok(v === -1 || v === mel.data[k]));
  }
});

Deno.test("frames are cut, repeated, joined and stretched", () => {
  const mel = counting(2, 4);
  assert.deepEqual([...fitFrames(mel, 6).data], [0, 1, 2, 3, 0, 1, 100, 101, 102, 103, 100, 101]);
  assert.deepEqual([...fitFrames(mel, 2).data], [0, 1, 100, 101]);
  const joined = concatFrames([mel, counting(2, 2)]);
  assert.deepEqual([...joined.data], [0, 1, 2, 3, 0, 1, 100, 101, 102, 103, 100, 101]);
  assert.equal(joined.frames, 6);
  assert.deepEqual(stretchFrames(mel, 1), mel);
  const slow = stretchFrames(mel, 0.5); // values rise by one a frame: by a half after
  assert.deepEqual([...slow.data.subarray(0, 8)], [0, 0.5, 1, 1.5, 2, 2.5, 3, 3]);
  assert.deepEqual([...stretchFrames(mel, 2).data], [0, 2, 100, 102]);
});
