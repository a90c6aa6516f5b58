import assert from "node:assert/strict";
import { projectPath } from "lib/core/paths.ts";
import { detectKey, KEY_PROFILES, keyOfTones } from "lib/music/key.ts";
import { KEY_WEIGHTS, keyRelation, scoreKeys } from "lib/music/key_score.ts";
import { parseKey, TONES } from "lib/music/tonality.ts";
import {
  assertNear,
  cadence,
  chords,
  harmonyFixture,
  music,
  SAMPLE_RATE as sampleRate,
} from "../harmony_signals.ts";
import { noise } from "../mel_signals.ts";

const MODES = ["major", "minor"] as const;

Deno.test("the study's published clip: E minor, as its notebook printed it", () => {
  const { key, correlation, correlations, second, mostFrequentTone } = keyOfTones(
    [0.783, 0.709, 0.744, 0.646, 0.986, 0.75, 0.775, 0.77, 0.492, 0.722, 0.673, 1],
  );
  assert.deepEqual(key, { root: "E", mode: "minor" });
  assert.equal(mostFrequentTone, "B");
  assert.equal(second, null); // 0.572 is not above 0.9 of 0.770
  const printed = {
    "E minor": 0.77,
    "B minor": 0.572,
    "E major": 0.47,
    "G major": 0.446,
    "G# major": -0.736,
  };
  for (const [name, value] of Object.entries(printed)) {
    const { root, mode } = parseKey(name), found = correlations[mode][TONES.indexOf(root)];
    // the chroma is printed with three digits
    assert.ok(Math.abs(found - value) <= 0.003, `${name}: ${found}`);
  }
  assert.equal(correlation, correlations.minor[4]);
});

Deno.test("every profile is found as its own key, on any scale", () => {
  for (const mode of MODES) {
    TONES.forEach((root, shift) => {
      const tones = TONES.map((_, k) => 0.1 * KEY_PROFILES[mode][(k - shift + 12) % 12] + 3);
      const { key, correlation, mostFrequentTone } = keyOfTones(tones);
      assert.deepEqual(key, { root, mode });
      assert.equal(correlation, 1);
      assert.equal(mostFrequentTone, root);
    });
  }
});

Deno.test("equal correlations: major before minor, then C upward; the second is the next of them", () => {
  const whole = TONES.map((_, k) => k % 2); // C#, D#, F, G, A, B: six keys of each mode fit alike
  const { key, second, correlations } = keyOfTones(whole);
  const best = Math.max(...correlations.major, ...correlations.minor);
  const all = MODES.flatMap((mode) =>
    TONES.map((root, k) => ({ key: { root, mode }, correlation: correlations[mode][k] }))
  ).filter(({ correlation }) => correlation === best);
  assert.ok(all.length >= 6);
  assert.deepEqual([key, second], [all[0].key, all[1].key]);
});

Deno.test("cadences in all 24 keys", () => {
  for (const mode of MODES) {
    for (const root of TONES) {
      const y = Float32Array.from(chords(cadence(root, mode), 2 * sampleRate));
      assert.deepEqual(detectKey(y).key, { root, mode });
    }
  }
});

Deno.test("an instrument a little out of tune, another rate, two channels: the same key", () => {
  const progression = cadence("F#", "minor");
  for (const cents of [-20, 20]) {
    const y = Float32Array.from(chords(progression, 2 * sampleRate, cents));
    assert.deepEqual(detectKey(y).key, { root: "F#", mode: "minor" }, `${cents} cents`);
  }
  // played at twice the rate everything is an octave higher
  const y = Float32Array.from(chords(progression, 2 * sampleRate));
  const sound = { sampleRate: 2 * sampleRate, channels: [y, new Float32Array(y.length)] };
  assert.deepEqual(detectKey(sound).key, { root: "F#", mode: "minor" });
});

Deno.test("what sounds is what librosa hears", async () => {
  const fixture = await harmonyFixture("key_chroma");
  const signals = { music: music(66150), detuned: music(44100, -31), noise: noise(30000) };
  for (const [name, y] of Object.entries(signals)) {
    const expected = fixture.get(name)!, { tones, correlations } = detectKey(y);
    // these begin and end abruptly: a few of their frames differ, see the constant-Q transform's test
    assertNear(tones, expected, { part: 2e-3, name });
    const theirs = keyOfTones(expected.data as Float32Array).correlations;
    for (const mode of MODES) {
      correlations[mode].forEach((value, k) => {
        assert.ok(Math.abs(value - theirs[mode][k]) <= 0.005, `${name}: ${TONES[k]} ${mode}`);
      });
    }
  }
});

Deno.test("silence, and no sound at all, have no key", () => {
  assert.throws(() => detectKey(new Float32Array(sampleRate)), /cannot tell a key .* silence/);
  assert.throws(() => detectKey(new Float32Array(0)), /empty signal/);
  assert.throws(() => keyOfTones([1, 2, 3]), /from 3 tones/);
});

Deno.test("scores of all pairs of keys are mir_eval's", () => {
  const path = projectPath("tests", "fixtures", "harmony", "key_scores.json");
  const scores: Record<string, Record<string, number>> = JSON.parse(Deno.readTextFileSync(path));
  for (const [truth, row] of Object.entries(scores)) {
    for (const [estimate, score] of Object.entries(row)) {
      const relation = keyRelation(parseKey(truth), parseKey(estimate));
      assert.equal(KEY_WEIGHTS[relation], score, `${truth}, ${estimate}`);
    }
  }
});

Deno.test("the score of a list is the mean of its pairs", () => {
  const pairs = ["C major", "G major", "A minor", "C minor", "F major"].map((estimate) => (
    { truth: parseKey("C major"), estimate: parseKey(estimate) }
  ));
  const { weighted, ...rest } = scoreKeys(pairs);
  assert.ok(Math.abs(weighted - 0.4) < 1e-12); // (1 + 0.5 + 0.3 + 0.2 + 0) / 5
  const relations = { exact: 1, fifth: 1, relative: 1, parallel: 1, other: 1 };
  assert.deepEqual(rest, { count: 5, exact: 0.2, relations });
});
