import assert from "node:assert/strict";
import { melOf } from "lib/features/front_end.ts";
import { TIMED_NETWORKS } from "lib/experiments/inference_networks.ts";
import { networkCost, rowsAtOnce, timedBatch, TimedNetwork } from "lib/inference/timing.ts";
import { noise } from "../mel_signals.ts";

const settings = TIMED_NETWORKS["mobilenet-v3-small-050"];

Deno.test("a timed network answers for every piece, however many go through it at once", async () => {
  const sound = noise(16000 * 14), mel = melOf(sound, settings.frontEnd);
  const answers: Float32Array[] = [];
  // five pieces, of eight and of two at once: three, and one, are what is filled up
  for (const [batch, fillsUp] of [[1], [2], [8], [8, true], [2, true]] as [number, boolean?][]) {
    using network = new TimedNetwork(settings, { batch, fillsUp });
    answers.push(await network.hear(mel));
    if (answers.length === 2) assert.deepEqual(await network.hear(sound), answers[1]); // the same spectrogram
  }
  const [single, ...others] = answers;
  assert.equal(single.length, 5 * 11);
  for (const other of others) {
    assert.equal(other.length, single.length);
    const scale = Math.max(...single.map(Math.abs));
    // sums of single precision in another order
    assert.ok(other.every((logit, k) => Math.abs(logit - single[k]) < 1e-4 * scale));
  }
  assert.ok(Math.abs(single[0] - single[11]) > 1e-6, "every piece is another");
});

Deno.test("rows that are filled up are powers of two, or a full batch", () => {
  const rows = (count: number) => rowsAtOnce(count, 18, true);
  assert.deepEqual([0, 1, 2, 3, 5, 9, 16, 17, 18].map(rows), [0, 1, 2, 4, 8, 16, 16, 18, 18]);
  assert.equal(rowsAtOnce(5, 18, false), 5);
});

Deno.test("a network's cost is that of one piece, and pieces at once are about as much sound", () => {
  const own = networkCost(settings);
  const { frontEnd } = settings;
  const twice = networkCost({ ...settings, frontEnd: { ...frontEnd, chunkSeconds: 6.4 } });
  assert.equal(twice.parameters, own.parameters);
  assert.equal(own.pieceSeconds, 3);
  assert.equal(twice.pieceSeconds, 6.4);
  // 640 columns for 300 are 20 for 10 behind the five halvings; the head sees their mean
  const ratio = twice.multiplyAccumulates / own.multiplyAccumulates;
  assert.ok(ratio > 2 && ratio < 2.2, `${ratio}`);
  for (const seconds of [3, 3.008, 4.16, 10.24]) {
    const batch = timedBatch(seconds);
    assert.ok(batch >= 1 && batch * seconds <= timedBatch(1) + 1e-9);
  }
  assert.equal(timedBatch(1e6), 1);
});
