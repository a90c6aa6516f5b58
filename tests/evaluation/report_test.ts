import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { heldOutIndices, MEL_FRAMES, MEL_SIZE, relabelledTest } from "lib/datasets/irmas_mels.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { halveClips } from "lib/datasets/mixtures.ts";
import { evaluateIrmas, evaluateSongs } from "lib/evaluation/report.ts";
import { syntheticMels } from "../datasets/synthetic_mels.ts";

/** Hears an instrument where its ten bands are loud, as the synthetic clips have it. */
function oracle(batch: Float32Array, count: number): Promise<Float32Array> {
  const out = new Float32Array(count * 11);
  for (let k = 0; k < out.length; k++) {
    const from = Math.floor(k / 11) * MEL_SIZE + (k % 11) * 10 * MEL_FRAMES;
    const bands = batch.subarray(from, from + 10 * MEL_FRAMES);
    out[k] = bands.reduce((a, b) => Math.max(a, b)) > 1 ? 0.3 : 0.2;
  }
  return Promise.resolve(out);
}

const mels = syntheticMels(6);
const names = [...new Set(mels.recordings)];
const folds = [0, 1].map((fold) => names.filter((_, k) => k % 2 === fold));
const relabelled = relabelledTest(
  mels,
  INSTRUMENTS.map((code) => ({
    file: `[${code}][cla]0001__1.wav`,
    original: code,
    labels: [code],
  })),
);
const options = { folds, fold: 0, mixtures: 40, relabelled, samples: 50, batchSize: 16 };

Deno.test("a model that hears everything scores 1 wherever a threshold is tuned", async () => {
  const seen: [number, number][] = [];
  const { report, heldOut } = await evaluateIrmas(mels, {
    ...options,
    predict: oracle,
    random: randomFrom("report"),
    onProgress: (finished, total) => seen.push([finished, total]),
  });
  const { heldOut: single, mixturesOfTwo, mixturesOfThree, relabelled: real } = report;
  assert.equal(single.rows, 66);
  assert.equal(single.accuracy.groups, 33);
  assert.deepEqual([single.accuracy.value, single.macroF1.value], [1, 1]);
  // 0.3 is not above one half: what is not tuned finds nothing
  assert.equal(single.macroF1AtHalf.value, 0);
  for (const multi of [mixturesOfTwo, mixturesOfThree, real]) {
    assert.equal(multi.macroF1.value, 1);
    assert.equal(multi.rankingAveragePrecision.value, 1);
    assert.ok(multi.thresholds.every((t) => t >= 0.2 && t < 0.3), `${multi.thresholds}`);
  }
  assert.equal(mixturesOfTwo.thresholds.length, 2);
  // two labels a row: all-zeros has nine of eleven right, all-ones two
  assert.ok(Math.abs(mixturesOfTwo.baselines.zeros.hamming - 9 / 11) < 1e-12);
  assert.ok(Math.abs(mixturesOfTwo.baselines.ones.hamming - 2 / 11) < 1e-12);
  assert.equal(heldOut.probabilities.length, 66 * 11);
  // 40 of two, 40 of three; of four, five and six 7 of one half's clips and 6 of the other's
  assert.deepEqual(seen.at(-1), [66 + 11 + 80 + 39, 66 + 11 + 80 + 39]);
});

Deno.test("thresholds of sums are of the half that the sums are made of", async () => {
  // sure of itself in half of the recordings only: there what sounds has 0.9 and the rest 0.8, elsewhere 0.3 and 0.2
  const [first] = halveClips(mels, {
    indices: heldOutIndices(mels, options),
    random: randomFrom("sums").fork("halves"),
  });
  const marked = { ...mels, mel: mels.mel.slice() };
  // the last cell survives in a sum of clips that all have it
  for (let k = 0; k < mels.count; k++) {
    marked.mel[(k + 1) * MEL_SIZE - 1] = first.includes(k) ? 255 : 0;
  }
  const { report } = await evaluateIrmas(marked, {
    ...options,
    random: randomFrom("sums"),
    async predict(batch, count) {
      const scores = await oracle(batch, count);
      return scores.map((p, k) =>
        p + (batch[(Math.floor(k / 11) + 1) * MEL_SIZE - 1] > 0 ? 0.6 : 0)
      );
    },
  });
  const [ofFirst, ofSecond] = report.thresholdsOfSums;
  assert.ok(ofFirst >= 0.8 && ofFirst < 0.9, `${ofFirst}`);
  assert.ok(ofSecond >= 0.2 && ofSecond < 0.3, `${ofSecond}`);
});

Deno.test("equal seeds give equal reports; a report is plain data", async () => {
  const run = (seed: number) =>
    evaluateIrmas(mels, { ...options, predict: oracle, random: randomFrom(seed) });
  const [first, second] = [await run(1), await run(1)];
  assert.deepEqual(first.report, second.report);
  assert.deepEqual(JSON.parse(JSON.stringify(first.report)), first.report);
});

Deno.test("a constant model has the accuracy of its one answer", async () => {
  const predict = (_: Float32Array, count: number) =>
    Promise.resolve(Float32Array.from({ length: count * 11 }, (_, k) => k % 11 === 4 ? 0.9 : 0.1));
  const { report } = await evaluateIrmas(mels, { ...options, predict, random: randomFrom(0) });
  assert.equal(report.heldOut.accuracy.value, 1 / 11);
  assert.equal(report.heldOut.perInstrument.gel.recall, 1);
  const { low, high } = report.heldOut.accuracy;
  assert.ok(low < 1 / 11 && 1 / 11 < high);
});

Deno.test("the relabelled clips' threshold comes from other recordings than theirs", async () => {
  // two of three held-out recordings of every instrument are relabelled, and marked in their last cell
  const test = relabelledTest(
    mels,
    INSTRUMENTS.flatMap((code) =>
      ["0000", "0002"].map((number) => ({
        file: `[${code}][cla]${number}__1.wav`,
        original: code,
        labels: [code],
      }))
    ),
  );
  const marked = { ...mels, mel: mels.mel.slice() };
  marked.recordings.forEach((recording, k) => {
    if (test.recordings.has(recording)) marked.mel[(k + 1) * MEL_SIZE - 1] = 255;
  });
  const predict = async (batch: Float32Array, count: number) => {
    const scores = await oracle(batch, count);
    return scores.map((p, k) => batch[(Math.floor(k / 11) + 1) * MEL_SIZE - 1] > 0 ? p + 0.4 : p);
  };
  const { report } = await evaluateIrmas(marked, {
    ...options,
    predict,
    relabelled: test,
    random: randomFrom("transfer"),
  });
  const [threshold] = report.relabelled.thresholds;
  assert.ok(threshold >= 0.2 && threshold < 0.3, `${threshold}`);
});

Deno.test("a model's wrong shapes and NaN are refused", async () => {
  const run = (predict: (batch: Float32Array, count: number) => Promise<Float32Array>) =>
    evaluateIrmas(mels, { ...options, predict, random: randomFrom(0) });
  await assert.rejects(
    run((_, n) => Promise.resolve(new Float32Array(n))),
    /16 probabilities for 16/,
  );
  await assert.rejects(run((_, n) => Promise.resolve(new Float32Array(n * 11).fill(NaN))), /NaN/);
});

Deno.test("songs: chunks become files, and thresholds come from other songs", () => {
  const random = randomFrom("songs");
  const files = 60, songs = Array.from({ length: files }, (_, file) => `song ${file % 15}`);
  const targets = Uint8Array.from({ length: files * 11 }, () => random.chance(0.25) ? 1 : 0);
  // three chunks a file; each label is heard in one of them only
  const groups = Int32Array.from({ length: files * 3 }, (_, chunk) => Math.floor(chunk / 3));
  const probabilities = Float32Array.from({ length: files * 3 * 11 }, (_, k) => {
    const chunk = Math.floor(k / 11), label = k % 11;
    return targets[groups[chunk] * 11 + label] && (chunk + label) % 3 === 0 ? 0.4 : 0.1;
  });
  const run = () => evaluateSongs(probabilities, { groups, targets, songs, random: randomFrom(3) });
  const report = run();
  assert.equal(report.rows, files);
  assert.equal(report.macroF1.groups, 15);
  assert.deepEqual([report.macroF1.value, report.microF1.value, report.hamming.value], [1, 1, 1]);
  assert.ok(report.thresholds.every((t) => t >= 0.1 && t < 0.4));
  assert.deepEqual(run(), report);
  const share = targets.reduce((sum, y) => sum + y) / targets.length;
  assert.ok(Math.abs(report.baselines.zeros.hamming - (1 - share)) < 1e-12);
});
