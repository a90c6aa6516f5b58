import assert from "node:assert/strict";
import { readNpz } from "lib/core/npz.ts";
import { projectPath } from "lib/core/paths.ts";
import { kaldiMelPower } from "lib/dsp/kaldi_mel.ts";
import { recipeConfig } from "experiments/recipes/mod.ts";
import { networkInput } from "lib/features/bytes.ts";
import { melOf, prepare } from "lib/features/front_end.ts";
import { logMel, patchesOf } from "lib/features/log_mel.ts";
import { AST_INPUT } from "lib/nn/backbones/ast.ts";
import { chirp, noise } from "../mel_signals.ts";

const SETTINGS = { ...AST_INPUT, winLength: 400, preEmphasis: 0.97 };

Deno.test("Kaldi's filter bank is torchaudio's, and the input transformers' feature extractor's", async () => {
  const fixture = await readNpz(projectPath("tests", "fixtures", "pretrained", "ast.npz"));
  const clips = await readNpz(projectPath("tests", "fixtures", "mel", "clips.npz"));
  const signals = {
    chirp: chirp(24000),
    noise: noise(15600).map((v) => v + 0.1),
    clip: Float32Array.from(clips.get("cel_samples")!.data as Int16Array, (v) => v / 32768),
  };
  for (const [name, y] of Object.entries(signals)) {
    const mel = logMel(y, AST_INPUT), { data, count, frames } = patchesOf(mel, AST_INPUT);
    assert.equal(count, 1);
    const double = fixture.get(`${name}_double`)!, seen = fixture.get(name)!;
    const columns = double.shape[1];
    assert.equal(columns, Math.ceil(mel.frames / 7));
    for (let band = 0; band < 128; band++) {
      for (let k = 0; k < columns; k++) {
        const ours = data[band * frames + 7 * k];
        const theirs = (double.data as Float32Array)[band * columns + k];
        // both double precision, the chirp's samples in single: bands next to silence take 1e-7 of its peak up
        assert.ok(Math.abs(ours - theirs) < 2e-5, `${name}, ${band}, ${k}: ${ours}, ${theirs}`);
        // single precision's own distance from double, by the script: 9e-4 where a chirp leaves a band silent
        const single = (seen.data as Float32Array)[band * (columns + 1) + k];
        assert.ok(Math.abs(ours - single) < 1e-3, `${name}, ${band}, ${k}: ${ours}, ${single}`);
      }
      const behind = (seen.data as Float32Array)[band * (columns + 1) + columns];
      for (const t of [mel.frames, frames - 1]) {
        assert.ok(Math.abs(data[band * frames + t] - behind) < 1e-7);
      }
    }
  }
});

Deno.test("a constant is silence to Kaldi's frames, and a change of level shifts logarithms", () => {
  const silent = kaldiMelPower(new Float32Array(1000).fill(0.7), SETTINGS);
  assert.equal(silent.frames, 4);
  assert.ok(silent.data.every((power) => power < 1e-12)); // single precision's 0.7 is no 0.7 + 0
  const y = noise(4000), one = kaldiMelPower(y, SETTINGS);
  const half = kaldiMelPower(y.map((v) => v / 2 + 0.25), SETTINGS);
  one.data.forEach((power, k) =>
    assert.ok(Math.abs(half.data[k] / power - 0.25) < 1e-4 || power === 0)
  );
  assert.equal(kaldiMelPower(y.subarray(0, 399), SETTINGS).frames, 0);
  assert.throws(() => kaldiMelPower(y, { ...SETTINGS, winLength: 513 }), /window of 513 samples/);
  assert.throws(() => kaldiMelPower(y, { ...SETTINGS, hopLength: 0 }), /hop length of 0/);
});

Deno.test("AST's patches: the last one ends where the sound does; a sound of 100 samples has a frame", () => {
  const y = noise(160 * 2499 + 400), mel = logMel(y, AST_INPUT);
  assert.equal(mel.frames, 2500);
  const { data, count, frames } = patchesOf(mel, AST_INPUT);
  assert.equal(count, 3);
  for (const [patch, start] of [[0, 0], [1, 1024], [2, 2500 - 1024]]) {
    for (const t of [0, 500, 1023]) {
      assert.equal(data[(patch * 128 + 9) * frames + t], mel.data[9 * 2500 + start + t]);
    }
  }
  assert.equal(logMel(noise(100), AST_INPUT).frames, 1);
});

Deno.test("a run's front end with Kaldi's filters is the network's own input, but for each clip's level", async () => {
  const clips = await readNpz(projectPath("tests", "fixtures", "mel", "clips.npz"));
  const { frontEnd } = recipeConfig("paper_ast"), bands = frontEnd.nMels;
  for (const name of ["cel", "pia", "voi"]) {
    const samples = clips.get(`${name}_samples`)!.data as Int16Array;
    const sound = { sampleRate: 16000, channels: [Float32Array.from(samples, (v) => v / 32768)] };
    const y = prepare(sound, frontEnd), mel = melOf(y, frontEnd);
    const seen = networkInput(mel.data, frontEnd);
    const { data, frames } = patchesOf(logMel(y, AST_INPUT), AST_INPUT);
    const levels: number[] = [];
    for (let band = 0; band < bands; band++) {
      for (let t = 0; t < mel.frames; t++) {
        const k = band * mel.frames + t;
        // at the floor decibels say nothing any more
        if (mel.data[k] > -79) levels.push(seen[k] - data[band * frames + t]);
      }
    }
    assert.ok(levels.length > mel.data.length / 4);
    // single precision of decibels and of logarithms
    const least = levels.reduce((a, b) => Math.min(a, b)),
      most = levels.reduce((a, b) => Math.max(a, b));
    assert.ok(most - least < 2e-6, `${name}: ${least} to ${most}`);
    // one level in another is of the size of the spread that the recipe names
    assert.ok(Math.abs(least) < 0.5, `${least}`);
  }
});
