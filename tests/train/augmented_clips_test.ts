import assert from "node:assert/strict";
import { BASE_CONFIG, parseConfig, type RunConfig } from "lib/train/config.ts";
import { type Batch, type Clips, ReadyBatches } from "lib/train/batches.ts";

const LABELS = 11, FRAMES = 8, EACH = FRAMES, COUNT = LABELS * EACH, HIGH = 2;

/**
 * Clips of an instrument after those of the one before; each band is an instrument's, and at 0 dB where it is heard, at
 * the floor where not. Each clip is silent in one frame: the one of its number among its instrument's.
 */
function clips(): Clips {
  const bytes = new Uint8Array(COUNT * LABELS * FRAMES), targets = new Uint8Array(COUNT * LABELS);
  for (let clip = 0; clip < COUNT; clip++) {
    const label = Math.floor(clip / EACH), row = (clip * LABELS + label) * FRAMES;
    targets[clip * LABELS + label] = 1;
    bytes.fill(255, row, row + FRAMES);
    bytes[row + clip % EACH] = 0;
  }
  const names = Array.from({ length: COUNT }, (_, k) => `clip ${k}`);
  const genres = names.map((_, k) => k % EACH < 4 ? "cla" : "jaz_blu");
  return { bytes, bands: LABELS, frames: FRAMES, targets, names, recordings: names, genres };
}

const everything = [...Array(COUNT).keys()];

function source(
  spectrogram: unknown,
  { timeShift = false, train = everything }: { timeShift?: boolean; train?: number[] } = {},
): ReadyBatches {
  const config = parseConfig({
    ...BASE_CONFIG,
    recipe: "augmented",
    seed: 5,
    data: { source: "demo", size: "small" },
    augment: { timeShift, mixProbability: 0, ...spectrogram ? { spectrogram } : {} },
  }) as RunConfig;
  return new ReadyBatches(clips(), { train, config });
}

/** The examples of a batch: rows of labels, and of the bands' values. */
function examples({ input, labels }: Batch, frames = FRAMES) {
  return Array.from({ length: labels.length / LABELS }, (_, row) => ({
    labels: [...labels.subarray(row * LABELS, (row + 1) * LABELS)],
    bands: Array.from({ length: LABELS }, (_, band) => {
      const from = (row * LABELS + band) * frames;
      return [...input.subarray(from, from + frames)];
    }),
  }));
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

/** In a sum the floors of several clips are some dB above the floor. */
const isHeard = (value: number) => value > 0;

/** The instruments whose bands are heard in some frames. */
const heard = (bands: number[][], from = 0, to = Infinity) =>
  bands.map((values) => values.slice(from, to).some(isHeard) ? 1 : 0);

Deno.test("steps at their zero settings leave every bit of a batch as it was", async () => {
  const zero = [
    { kind: "sum", clips: 1 },
    { kind: "sum", clips: 0 },
    { kind: "exponential-sum", most: 0 },
    { kind: "concat", clips: 1 },
    { kind: "concat", clips: 3, probability: 0 },
    { kind: "time-shift", share: 0 },
    { kind: "reverse", probability: 0 },
  ];
  for (const timeShift of [false, true]) {
    const plain = source(undefined, { timeShift }), still = source(zero, { timeShift });
    assert.equal(still.frames, plain.frames);
    for (const step of [0, 1, 2]) {
      assert.deepEqual(await still.at(step), await plain.at(step));
    }
  }
});

Deno.test("sum with N: N instruments are heard, as loud as each other, and the labels name them", async () => {
  for (const count of [2, 3, 5]) {
    for (const { labels, bands } of examples(await source([{ kind: "sum", clips: count }]).at(0))) {
      assert.equal(sum(labels), count);
      assert.deepEqual(heard(bands), labels);
      // all clips have the same mean power, in all frames but one: so have they in the sum
      bands.forEach((values, band) =>
        assert.equal(
          values.filter((value) => Math.abs(value - HIGH) < 1e-3).length,
          labels[band] * (FRAMES - 1),
        )
      );
    }
  }
});

Deno.test("exponential sum: one to six instruments, the more the rarer, and the labels name them", async () => {
  const batches = source([{ kind: "exponential-sum" }]), counts = Array(7).fill(0);
  for (let step = 0; step < 60; step++) {
    for (const { labels, bands } of examples(await batches.at(step))) {
      assert.deepEqual(heard(bands), labels);
      counts[sum(labels)]++;
    }
  }
  const all = 60 * 32, scale = sum([0, 1, 2, 3, 4, 5].map((k) => Math.exp(-k)));
  assert.equal(counts[0], 0);
  counts.slice(1).forEach((count, k) => {
    const expected = all * Math.exp(-k) / scale;
    assert.ok(Math.abs(count - expected) < 5 * Math.sqrt(expected), `${k}: ${count}`); // five deviations
  });
});

Deno.test("concat with N: one length, an instrument at a time, and the labels name them", async () => {
  const batches = source([{ kind: "concat", clips: 3 }]);
  assert.equal(batches.frames, 3 * FRAMES);
  for (const { labels, bands } of examples(await batches.at(0), batches.frames)) {
    const parts = [0, 1, 2].map((k) => heard(bands, k * FRAMES, (k + 1) * FRAMES));
    for (const part of parts) assert.equal(sum(part), 1);
    assert.deepEqual(labels, labels.map((_, k) => parts.some((part) => part[k]) ? 1 : 0));
    assert.equal(sum(labels), 3);
  }
});

Deno.test("what is put together with none is as long as the others, from its beginning again", async () => {
  const batches = source([{ kind: "concat", probability: 0.5 }]);
  assert.equal(batches.frames, 2 * FRAMES);
  const plain = examples(await source(undefined).at(0));
  const rows = examples(await batches.at(0), batches.frames);
  const alone = rows.map(({ labels }) => sum(labels) === 1);
  rows.forEach(({ bands }, row) =>
    bands.forEach((values, band) => {
      const own = plain[row].bands[band];
      assert.deepEqual(values.slice(0, FRAMES), own);
      if (alone[row]) assert.deepEqual(values.slice(FRAMES), own);
    })
  );
  const count = alone.filter((own) => own).length;
  assert.ok(count > 4 && count < 28, `${count}`); // of 32, with a half: four deviations
});

Deno.test("clips that are not trained on are nobody's partners; of the genre are those of the genre", async () => {
  const train = everything.filter((clip) => clip < COUNT - EACH); // no voice
  const batches = source([{ kind: "sum", clips: 5 }], { train });
  for (let step = 0; step < 2; step++) {
    for (const { labels } of examples(await batches.at(step))) assert.equal(labels.at(-1), 0);
  }
  const matching = source([{ kind: "sum", clips: 2, match: "genre" }]);
  for (const { labels, bands } of examples(await matching.at(0))) {
    const silent = bands.filter((_, band) => labels[band])
      .map((values) => values.findIndex((value) => !isHeard(value)));
    assert.equal(silent.length, 2);
    assert.equal(silent[0] < 4, silent[1] < 4); // the first four clips of an instrument share a genre
  }
});

Deno.test("a batch depends on the seed and its step alone, so a run that goes on sees what the unbroken one saw", async () => {
  const steps = [
    "exponential-sum",
    "time-shift",
    "reverse",
    "time-mask",
    "frequency-mask",
    "erase",
    "erase-pixels",
  ].map((kind) => ({ kind }));
  const unbroken = source(steps, { timeShift: true });
  const seen: Batch[] = [];
  for (let step = 0; step < 5; step++) seen.push(await unbroken.at(step));
  const resumed = source(steps, { timeShift: true });
  assert.deepEqual(await resumed.at(3), seen[3]);
  assert.deepEqual(await resumed.at(4), seen[4]);
  assert.notDeepEqual(seen[0].input, seen[2].input);
});
