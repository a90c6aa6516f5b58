import assert from "node:assert/strict";
import { join } from "node:path";
import { writeNpz } from "lib/core/npz.ts";
import { projectPath } from "lib/core/paths.ts";
import {
  clipsOf,
  hasIrmasMels,
  heldOutIndices,
  loadIrmasMels,
  MEL_BANDS,
  MEL_FRAMES,
  relabelledTest,
  trainingIndices,
} from "lib/datasets/irmas_mels.ts";
import { assertNoLeak, readFolds } from "lib/datasets/split.ts";
import { syntheticMels } from "./synthetic_mels.ts";

async function withFolder(test: (folder: string) => Promise<void>) {
  const folder = Deno.makeTempDirSync();
  try {
    await test(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("a pack is loaded as it was written", () =>
  withFolder(async (folder) => {
    const { mel, names, ...expected } = syntheticMels(2);
    const path = join(folder, "pack.npz");
    const shape = [names.length, MEL_BANDS, MEL_FRAMES];
    await writeNpz(path, {
      mel: { shape, data: mel },
      name: { shape: [names.length], data: names },
    });
    assert.deepEqual(await loadIrmasMels(path), { mel, names, ...expected });
  }));

Deno.test("a missing pack says how to get one, a wrong one what is wrong", () =>
  withFolder(async (folder) => {
    const path = join(folder, "pack.npz");
    await assert.rejects(
      loadIrmasMels(path),
      /pack\.npz.*lumen data irmas-mels --root PATH.*--pack FILE/s,
    );
    const name = { shape: [1], data: ["cel/[cel][cla]0001__1"] };
    const write = (arrays: Parameters<typeof writeNpz>[1]) => writeNpz(path, arrays);
    await write({ mel: { shape: [1, 128, 93], data: new Uint8Array(128 * 93) }, name });
    await assert.rejects(loadIrmasMels(path), /pack\.npz.*\(1,128,93\), not uint8.*\(1,128,94\)/);
    await write({ mel: { shape: [1, 128, 94], data: new Float32Array(128 * 94) }, name });
    await assert.rejects(loadIrmasMels(path), /pack\.npz.*<f4/);
    const mel = { shape: [1, 128, 94], data: new Uint8Array(128 * 94) };
    await write({ mel, name: { shape: [1], data: ["kazoo/0001__1"] } });
    await assert.rejects(loadIrmasMels(path), /pack\.npz.*"kazoo" is no instrument/);
    await write({ mel });
    await assert.rejects(loadIrmasMels(path), /pack\.npz.*"name"/);
  }));

Deno.test("relabelled clips are found by name, with all their labels", () => {
  const mels = syntheticMels(3);
  const test = relabelledTest(mels, [
    { file: "[flu][cla]0001__2.wav", original: "flu", labels: ["flu", "pia"] },
    { file: "[cel][cla]0000__1.wav", original: "cel", labels: ["vio"] },
  ]);
  assert.deepEqual(Array.from(test.indices, (k) => mels.names[k]), [
    "flu/[flu][cla]0001__2",
    "cel/[cel][cla]0000__1",
  ]);
  assert.deepEqual([...test.targets], [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, ...Array(9).fill(0), 1, 0]);
  assert.deepEqual([...test.recordings], ["flu/[flu][cla]0001", "cel/[cel][cla]0000"]);
  assert.equal(clipsOf(mels, test.recordings).length, 4);
  const unknown = [{ file: "[flu][cla]9999__2.wav", original: "flu" as const, labels: [] }];
  assert.throws(() => relabelledTest(mels, unknown), /1 relabelled clips are not.*9999__2\.wav/);
});

Deno.test("training sees neither the held-out fold nor the excluded recordings", () => {
  const mels = syntheticMels(4);
  const names = [...new Set(mels.recordings)];
  const folds = [0, 1].map((fold) => names.filter((_, k) => k % 2 === fold));
  const exclude = new Set([folds[0][3], folds[1][5]]);
  const training = trainingIndices(mels, { folds, fold: 1, exclude });
  const held = heldOutIndices(mels, { folds, fold: 1 });
  const recordings = (clips: Int32Array) => Array.from(clips, (k) => mels.recordings[k]);
  assertNoLeak(recordings(training), [...recordings(held), ...exclude]);
  assert.equal(held.length, 44);
  assert.equal(training.length, 88 - 44 - 2);
  assert.throws(() => trainingIndices(mels, { folds, fold: 2 }), /no fold 2 among 2/);
});

Deno.test({
  name: "the real pack: 6,705 clips of 2,273 recordings, 297 relabelled of 276",
  ignore: !hasIrmasMels(),
  async fn() {
    const mels = await loadIrmasMels();
    assert.equal(mels.count, 6705);
    assert.equal(new Set(mels.recordings).size, 2273);
    const counts = new Array(11).fill(0);
    for (const label of mels.labels) counts[label]++;
    assert.deepEqual(counts, [388, 505, 451, 637, 760, 682, 721, 626, 577, 580, 778]);
    const { indices, targets, recordings } = relabelledTest(mels);
    assert.equal(new Set(indices).size, 297);
    assert.equal(recordings.size, 276);
    assert.equal(clipsOf(mels, recordings).length, 819);
    const labels = Array.from(
      indices,
      (_, row) => targets.subarray(row * 11, row * 11 + 11).reduce((sum, y) => sum + y),
    );
    const clipsWith = (count: number) => labels.filter((n) => n === count).length;
    assert.deepEqual([1, 2, 3].map(clipsWith), [159, 128, 10]);
    const folds = readFolds(projectPath("experiments", "folds", "stratified_group_5.json"));
    // as bench/peers/convnext_irmas.py counts them
    assert.equal(trainingIndices(mels, { folds, fold: 0, exclude: recordings }).length, 4732);
    assert.equal(heldOutIndices(mels, { folds, fold: 0 }).length, 1342);
  },
});
