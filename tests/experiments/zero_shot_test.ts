import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { type Instrument, INSTRUMENTS } from "lib/datasets/labels.ts";
import { meanF1, scoreZeroShot } from "lib/experiments/zero_shot.ts";

const random = randomFrom("zero-shot"), SONGS = 40;
const songs = Array.from({ length: SONGS }, (_, k) => `song ${k % 20}`);
const targets = Uint8Array.from({ length: SONGS * 11 }, () => random.chance(0.4) ? 1 : 0);
const knows: Instrument[] = INSTRUMENTS.filter((code) => code !== "org" && code !== "tru");
const isKnown = INSTRUMENTS.map((code) => knows.includes(code));

Deno.test("what a network does not know is missed, and costs nothing else", () => {
  const perfect = Float32Array.from(targets, (y, k) => isKnown[k % 11] ? 0.2 + 0.6 * y : NaN);
  const { songs: report, songsByInstrument } = scoreZeroShot(perfect, { targets, songs, knows });
  for (const result of [report, songsByInstrument]) {
    assert.equal(meanF1(result, knows), 1);
    assert.equal(meanF1(result, ["org", "tru"]), 0);
    assert.equal(result.perInstrument.org.recall, 0);
    assert.ok(Math.abs(result.macroF1.value - 9 / 11) < 1e-12);
  }
});

Deno.test("classes that are differently shy need thresholds of their own", () => {
  // each instrument's scores are right, between 0 and a highest one of its own
  const shy = Float32Array.from(targets, (y, k) => (0.2 + 0.6 * y) * (k % 11 + 1) / 11);
  const result = scoreZeroShot(shy, { targets, songs, knows: [...INSTRUMENTS] });
  assert.equal(result.songsByInstrument.macroF1.value, 1);
  assert.ok(result.songs.macroF1.value < 0.9);
});

Deno.test("scores that are all below a thousandth have their thresholds there", () => {
  const tiny = Float32Array.from(targets, (y) => y ? 4e-4 : 1e-4);
  const { songs: report } = scoreZeroShot(tiny, { targets, songs, knows: [...INSTRUMENTS] });
  assert.equal(report.macroF1.value, 1);
  assert.ok(report.thresholds.every((threshold) => threshold >= 1e-4 && threshold < 4e-4));
});
