import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { randomFrom } from "lib/core/random.ts";
import { DEFAULT_FRONT_END } from "lib/features/front_end.ts";
import { convNext } from "lib/nn/backbones/convnext.ts";
import { tf } from "lib/nn/engine/mod.ts";
import { AdamW } from "lib/train/adamw.ts";
import { BASE_CONFIG } from "lib/train/config.ts";
import { makeObjective } from "lib/train/objectives/objective.ts";
import { Parameters } from "lib/train/parameters.ts";
import { trainingStep } from "lib/train/step.ts";
import { hideSquares, maskedFrames, maskScores } from "lib/train/objectives/masked.ts";
import {
  drawTiles,
  type Pictures,
  scrambleTiles,
  tileScores,
} from "lib/train/objectives/patches.ts";
import { relativeError, wave } from "../nn/wave.ts";

const SHARES = { shuffle: 0.3, replace: 0.3, black: 0.1 };
const FLOOR = -7;

/** Every value says where it is from: clip, tile, and place in the tile. Bands 10 and frames 15 do not divide by 4. */
function marked(): Pictures {
  const count = 6, bands = 10, frames = 15;
  const input = Float32Array.from({ length: count * bands * frames }, (_, at) => at);
  return { input, count, bands, frames };
}

Deno.test("tiles hold what their labels say, and what no tile covers stays", () => {
  const pictures = marked(), { input, count, bands, frames } = pictures;
  const size = bands * frames, height = 2, width = 3;
  const { input: scrambled, labels } = scrambleTiles(pictures, {
    ...SHARES,
    floor: FLOOR,
    random: randomFrom("tiles"),
  });
  const seen = new Set<number>();
  for (let clip = 0; clip < count; clip++) {
    for (let at = 0; at < size; at++) {
      const value = scrambled[clip * size + at], own = clip * size + at;
      const row = Math.floor(Math.floor(at / frames) / height),
        column = Math.floor(at % frames / width);
      if (row > 3 || column > 3) {
        assert.equal(value, own);
        continue;
      }
      const label = labels[clip * 16 + row * 4 + column];
      seen.add(label);
      if (Number.isNaN(label)) assert.equal(value, FLOOR);
      else if (label === 2) assert.equal(value, own);
      // from the same place of another clip
      else if (label === 1) assert.ok(value !== own && (value - own) % size === 0);
      // from another tile of the same clip, at the same place within the tile
      else {
        const from = value - clip * size;
        assert.ok(from >= 0 && from < size && from !== at);
        assert.equal(Math.floor(from / frames) % height, Math.floor(at / frames) % height);
        assert.equal(from % frames % width, at % frames % width);
      }
    }
  }
  assert.equal(seen.size, 4, "all four states occur");
  assert.deepEqual(input, marked().input, "what was given stays");
  const again = scrambleTiles(pictures, { ...SHARES, floor: FLOOR, random: randomFrom("tiles") });
  assert.deepEqual([again.input, again.labels], [scrambled, labels]);
});

Deno.test("shuffled tiles change places among themselves: one that comes to its own is an original", () => {
  const random = randomFrom("plans"), plans = 20_000, counts = [0, 0, 0, 0];
  for (let k = 0; k < plans; k++) {
    const { from, labels } = drawTiles(SHARES, random);
    assert.deepEqual([...from].sort((a, b) => a - b), from.map((_, tile) => tile), "a permutation");
    labels.forEach((label, tile) => {
      assert.equal(label === 0, from[tile] !== tile);
      counts[Number.isNaN(label) ? 3 : label]++;
    });
  }
  // a permutation of any length leaves one tile in place on the average; with none to shuffle there is none
  const inPlace = (1 - 0.7 ** 16) / 16;
  const expected = [0.3 - inPlace, 0.3, 0.3 + inPlace, 0.1];
  // 320,000 tiles: a share's standard deviation is at most 0.0009, and more where permutations tie them
  expected.forEach((share, k) =>
    assert.ok(Math.abs(counts[k] / (16 * plans) - share) < 0.004, `${k}`)
  );
  for (const share of ["shuffle", "replace", "black"] as const) {
    const only = { shuffle: 0, replace: 0, black: 0, [share]: 1 };
    const { labels } = drawTiles(only, random);
    const state = { shuffle: 0, replace: 1, black: NaN }[share];
    assert.ok(
      labels.every((label) => Object.is(label, state) || share === "shuffle" && label === 2),
    );
  }
});

Deno.test("one spectrogram alone, or one smaller than the grid, has nothing to scramble", () => {
  const options = { ...SHARES, floor: FLOOR, random: randomFrom("few") };
  const scramble = (count: number, frames: number) => () =>
    scrambleTiles(
      { input: new Float32Array(count * 4 * frames), count, bands: 4, frames },
      options,
    );
  assert.throws(scramble(1, 4), /among 1 spectrograms of 4 x 4: at least two/);
  assert.throws(scramble(2, 3), /among 2 spectrograms of 4 x 3/);
});

/**
 * Why the original could not learn: its edits had no clip's axis, so every clip's fell on the whole batch, and its
 * logits, a head after the other, were reshaped instead of transposed. (Its gradients were cleared before each update,
 * too.)
 */
Deno.test("in the original, even a network that sees every edit answers by chance", () => {
  const random = randomFrom("the original"), batches = 2000, clips = 16;
  let right = 0, asked = 0, agreeing = 0, compared = 0;
  const often = [0, 0, 0];
  for (let k = 0; k < batches; k++) {
    const plans = Array.from({ length: clips }, () => drawTiles(SHARES, random).labels);
    for (let tile = 0; tile < 16; tile++) {
      // what can be seen: in every clip the last edit of any clip
      const last = plans.findLast((labels) => labels[tile] !== 2)?.[tile] ?? 2;
      for (const labels of plans) {
        if (Number.isNaN(labels[tile])) continue;
        often[labels[tile]]++;
        asked++;
        if (labels[tile] === last) right++;
      }
    }
    // and where each clip had its own edits, the answers of head h for clip b would be held against other places
    plans.forEach((labels, clip) =>
      labels.forEach((label, head) => {
        const place = head * clips + clip; // in logits [heads, clips] read as [clips, heads]
        const held = plans[Math.floor(place / 16)][place % 16];
        if (Number.isNaN(held) || Number.isNaN(label)) return;
        compared++;
        if (held === label) agreeing++;
      })
    );
  }
  const chance = Math.max(...often) / asked;
  assert.ok(right / asked < chance, `${right / asked} against ${chance}`);
  // one in sixteen, on the diagonal, is held against itself; the rest agree as two draws do
  const shares = often.map((count) => count / asked),
    draw = shares.reduce((sum, p) => sum + p * p, 0);
  const expected = 1 / 16 + 15 / 16 * draw;
  assert.ok(
    Math.abs(agreeing / compared - expected) < 0.01,
    `${agreeing / compared} against ${expected}`,
  );
  assert.ok(expected < chance + 0.01);
});

Deno.test("tiles are scored by hand", () => {
  // originals and replaced told apart, a shuffled one taken for an original, a black one not asked
  const logits = Float32Array.from([0, 0, 5, 0, 5, 0, 0, 0, 5, 9, 9, 9]);
  const scores = tileScores(logits, Float32Array.from([2, 1, 0, NaN]));
  const rest = Math.log(Math.exp(5) + 2);
  assert.ok(Math.abs(scores.loss - (3 * rest - 10) / 3) < 1e-6);
  assert.deepEqual({ ...scores, loss: 0 }, {
    loss: 0,
    tileAccuracy: 2 / 3,
    chance: 1 / 3,
    "recall/shuffled": 0,
    "recall/replaced": 1,
    "recall/original": 1,
  });
});

const TARGET = readJson<{ masked: { hidden: number[]; target: number[] } }>(
  "tests/fixtures/pretraining/pretraining.json",
).masked;

Deno.test("what is hidden is NaN in the input and normalised by square in the labels, and the other way round", () => {
  const bands = 64, frames = 96, patch = 16, share = 0.5, columns = frames / patch;
  const clip = wave("input", bands * frames, 1), other = clip.map((value) => 2 * value - 1);
  const input = Float32Array.from([...clip, ...other]);
  const { input: masked, labels } = hideSquares({ input, count: 2, bands, frames }, {
    patch,
    share,
    random: randomFrom("squares"),
  });
  const hidden = [0, 1].map((k) => {
    const squares = new Set<number>();
    for (let at = 0; at < bands * frames; at++) {
      const own = k * bands * frames + at,
        square = Math.floor(Math.floor(at / frames) / patch) * columns +
          Math.floor(at % frames / patch);
      assert.equal(Number.isNaN(masked[own]), !Number.isNaN(labels[own]));
      if (Number.isNaN(masked[own])) squares.add(square);
      else assert.equal(masked[own], input[own]);
    }
    return squares;
  });
  assert.deepEqual(hidden.map(({ size }) => size), [12, 12], "half of 24 squares");
  assert.notDeepEqual(hidden[0], hidden[1]);
  // the fixture's square, wherever it is hidden
  const shown = hideSquares({ input, count: 2, bands, frames }, {
    patch,
    share: 0.99,
    random: randomFrom("all"),
  }).labels;
  const start = Math.floor(TARGET.hidden[0] / columns) * patch * frames +
    TARGET.hidden[0] % columns * patch;
  const square = Array.from(
    { length: patch ** 2 },
    (_, k) => shown[start + Math.floor(k / patch) * frames + k % patch],
  );
  // float32 values normalised in float64
  assert.ok(relativeError(square.filter((_, k) => k % 5 === 0), TARGET.target) < 1e-5);
  // predicting each square's own mean, 0, errs by 1 - 1/n
  const { error, errorOfMeans } = maskScores(new Float32Array(labels.length), labels);
  assert.equal(error, errorOfMeans);
  assert.ok(Math.abs(error - (1 - 1 / patch ** 2)) < 1e-4);
});

Deno.test("hidden values leave no trace in the input: only squares' places depend on the seed", () => {
  const bands = 32, frames = 40, size = bands * frames;
  const hide = (input: Float32Array, seed = "same") =>
    hideSquares({ input, count: 1, bands, frames }, {
      patch: 8,
      share: 0.6,
      random: randomFrom(seed),
    });
  const clip = wave("clip", size, 1), { input: masked } = hide(clip), wide = maskedFrames(frames);
  assert.equal(wide, 64);
  const changed = clip.map((value, at) => {
    const line = Math.floor(at / frames) * wide, t = at % frames;
    // frames 40 to 63 go on from the first one
    const copies = t + frames < wide ? [t, t + frames] : [t];
    return copies.every((frame) => Number.isNaN(masked[line + frame])) ? 99 : value;
  });
  assert.ok(changed.includes(99));
  assert.deepEqual(hide(changed).input, masked);
  assert.notDeepEqual(hide(clip, "other").input, masked);
  assert.throws(
    () =>
      hideSquares({ input: clip, count: 1, bands: 40, frames: 32 }, {
        patch: 8,
        share: 0.6,
        random: randomFrom("x"),
      }),
    /40 bands and 32 frames .* multiple of 32/,
  );
});

/** Eight pictures of noise, and who is what. */
const NOISE = (() => {
  const random = randomFrom("noise"), count = 8, bands = 64, frames = 64;
  const input = Float32Array.from({ length: count * bands * frames }, () => random.normal());
  const labels = new Float32Array(count * 11);
  for (let k = 0; k < count; k++) labels[k * 11 + k % 4] = 1;
  return { input, labels, count, bands, frames };
})();

for (
  const [objective, share] of [
    [{ name: "patches", ...SHARES }, 0.1],
    // noise cannot be guessed, only learnt by heart
    [{ name: "masked", share: 0.6, patch: 16 }, 0.7],
    // each row has one partner: at best all of its weight is there, and the loss is 0
    [{ name: "metric", dimensions: 16, temperature: 0.1 }, 0.1],
  ] as const
) {
  Deno.test(`${objective.name}: eight answers are learnt by heart`, async () => {
    const { network, loss, task } = makeObjective(objective, DEFAULT_FRONT_END);
    const { input, labels } = task?.pose(NOISE, randomFrom("task")) ?? NOISE;
    const model = network(convNext({ size: "atto", inputChannels: 1, layerScale: 0.1 }));
    const parameters = new Parameters(model.parameters, randomFrom("by heart"));
    const optimizer = new AdamW(BASE_CONFIG.optimizer);
    const step = trainingStep({ model, parameters, optimizer, loss });
    const x = tf.tensor4d(input, [8, 64, 64, 1]), y = tf.tensor2d(labels, [8, labels.length / 8]);
    const seed = tf.tensor1d([1, 2], "int32"), rate = tf.scalar(1e-3);
    const losses: number[] = [];
    for (let k = 1; k <= 60; k++) {
      losses.push((await step.inBackground(x, y, rate, tf.scalar(k), seed))[0].dataSync()[0]);
    }
    assert.ok(losses.at(-1)! < share * losses[0], `${losses}`);
    for (const held of [step, parameters, optimizer]) held.dispose();
  });
}
