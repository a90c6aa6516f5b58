import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import {
  drawMixtures,
  drawPartners,
  halveClips,
  type Level,
  mixInto,
  networkInputs,
  renderMixtures,
} from "lib/datasets/mixtures.ts";
import { DEFAULT_FRONT_END } from "lib/features/front_end.ts";
import type { Scaling } from "lib/features/input_power.ts";
import { MEL_FRAMES, MEL_SIZE } from "lib/datasets/irmas_mels.ts";
import { syntheticMels } from "./synthetic_mels.ts";

/** The definition, in doubles: dB to power, equal level, mean, dB below the maximum, floor. */
function mixExactly(
  rows: number[][],
  level: Level,
  { networkMean, networkDeviation, topDb } = DEFAULT_FRONT_END as Scaling,
): number[] {
  const powers = rows.map((row) =>
    row.map((x) => 10 ** ((x * networkDeviation + networkMean) / 10))
  );
  const scaled = powers.map((p) => {
    const reference = level === "peak" ? Math.max(...p) : p.reduce((a, b) => a + b) / p.length;
    return p.map((x) => x / reference);
  });
  const sum = scaled[0].map((_, k) => scaled.reduce((s, p) => s + p[k], 0) / rows.length);
  const largest = Math.max(...sum);
  return sum.map((p) =>
    (Math.max(10 * Math.log10(p / largest), -topDb) - networkMean) / networkDeviation
  );
}

/** Rows in [-2, 2] with a maximum of 2. */
function batchOf(rows: number, size: number, bytes: boolean) {
  const random = randomFrom("mixtures", rows, size);
  return Float32Array.from({ length: rows * size }, (_, k) => {
    if (k % size === 0) return 2;
    return bytes ? random.integer(0, 256) / 255 * 4 - 2 : random.uniform(-2, 2);
  });
}

for (const level of ["mean", "peak"] as const) {
  for (const bytes of [true, false]) {
    Deno.test(`a mixture is the sum of powers: level ${level}, ${bytes ? "bytes" : "any values"}`, () => {
      const rows = 4, size = 300, batch = batchOf(rows, size, bytes);
      const before = Array.from({ length: rows }, (_, row) => [
        ...batch.subarray(row * size, (row + 1) * size),
      ]);
      const partners = [[1], [0, 3], [], [2]];
      mixInto(batch, { targets: new Uint8Array(4 * 11), partners, level });
      // table steps: half a step of 80/4080 dB in power where values lie between (level: at most as
      // much again), 0.0011 dB in the logarithm; network input is dB / 20
      const tolerance = ((bytes ? 0 : 2 * 80 / 4080 / 2) + 0.0011) / 20 + 1e-6;
      partners.forEach((others, row) => {
        const expected = others.length
          ? mixExactly([row, ...others].map((member) => before[member]), level)
          : before[row];
        expected.forEach((value, k) => {
          const error = Math.abs(batch[row * size + k] - value);
          assert.ok(error <= tolerance, `row ${row}, value ${k}: off by ${error}`);
        });
      });
    });
  }
}

Deno.test("the front end says what network input means", () => {
  const scaling = { networkMean: -25, networkDeviation: 12, topDb: 60 };
  const rows = 2, size = 300;
  const batch = batchOf(rows, size, true)
    .map((x) => ((x - 2) * 15 - scaling.networkMean) / scaling.networkDeviation); // -60 to 0 dB
  const before = [batch.slice(0, size), batch.slice(size)].map((row) => [...row]);
  mixInto(batch, { targets: new Uint8Array(22), partners: [[1], []], scaling });
  mixExactly(before, "mean", scaling).forEach((value, k) => {
    // 0.0011 dB of the logarithm's table; bytes are met exactly
    assert.ok(Math.abs(batch[k] - value) <= 0.0011 / scaling.networkDeviation + 1e-6, `value ${k}`);
  });
});

Deno.test("a clip mixed with itself stays what it is", () => {
  const half = batchOf(1, 500, true);
  const batch = Float32Array.from([...half, ...half]);
  mixInto(batch, { targets: new Uint8Array(22), partners: [[1], []] });
  half.forEach((value, k) => assert.ok(Math.abs(batch[k] - value) <= 0.0011 / 20 + 1e-6));
});

Deno.test("targets become the union of what the rows were before", () => {
  const targets = Uint8Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  mixInto(batchOf(3, 8, true), { targets, partners: [[1], [2], []] });
  assert.deepEqual([...targets], [1, 1, 0, 0, 1, 1, 0, 0, 1]);
});

Deno.test("partners have labels that nobody else in the mixture has", () => {
  const random = randomFrom("partners");
  const rows = 64, targets = new Uint8Array(rows * 11);
  for (let row = 0; row < rows; row++) {
    targets[row * 11 + random.integer(0, 11)] = 1;
    if (random.chance(0.3)) targets[row * 11 + random.integer(0, 11)] = 1;
  }
  const partners = drawPartners(targets, { rows, count: 2, probability: 0.7, random });
  partners.forEach((others, row) => {
    const sum = new Uint8Array(11);
    for (const member of [row, ...others]) {
      for (let l = 0; l < 11; l++) sum[l] += targets[member * 11 + l];
    }
    assert.ok(sum.every((n) => n <= 1), `row ${row}: ${sum}`);
    assert.ok(others.length === 0 || others.length === 2);
  });
  const mixed = partners.filter((others) => others.length > 0).length / rows;
  // three standard errors of 64 draws with probability 0.7
  assert.ok(Math.abs(mixed - 0.7) < 0.172, `${mixed}`);
});

Deno.test("where no row has another label there is no partner", () => {
  const targets = new Uint8Array(33);
  for (const row of [0, 1, 2]) targets[row * 11 + 4] = 1;
  const partners = drawPartners(targets, { rows: 3, count: 1, random: randomFrom(0) });
  assert.deepEqual(partners, [[], [], []]);
});

Deno.test("mixtures are of different instruments, and their targets say which", () => {
  const mels = syntheticMels(3);
  const indices = Int32Array.from({ length: 40 }, (_, k) => k);
  for (const size of [2, 3]) {
    const { members, targets, recordings } = drawMixtures(mels, {
      indices,
      size,
      count: 50,
      random: randomFrom("draw", size),
    });
    for (let row = 0; row < 50; row++) {
      const clips = [...members.subarray(row * size, (row + 1) * size)];
      assert.ok(clips.every((k) => k < 40));
      const instruments = new Set(clips.map((k) => mels.labels[k]));
      assert.equal(instruments.size, size);
      const labels = [...targets.subarray(row * 11, row * 11 + 11)];
      assert.deepEqual(labels, labels.map((_, l) => instruments.has(l) ? 1 : 0));
      assert.deepEqual(recordings[row], clips.map((k) => mels.recordings[k]));
    }
  }
  assert.throws(
    () => drawMixtures(mels, { indices: [0, 1], size: 2, count: 1, random: randomFrom(0) }),
    /the 2 clips have 1/,
  );
});

Deno.test("mixtures depend on the seed alone, and a part of them is the same as in the whole", () => {
  const mels = syntheticMels(2);
  const indices = Int32Array.from(mels.labels, (_, k) => k);
  const draw = (seed: number) =>
    drawMixtures(mels, { indices, size: 3, count: 7, random: randomFrom(seed) });
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1).members, draw(2).members);
  const whole = renderMixtures(mels, draw(1));
  assert.equal(whole.length, 7 * MEL_SIZE);
  assert.deepEqual(
    renderMixtures(mels, draw(1), { start: 2, count: 3 }),
    whole.slice(2 * MEL_SIZE, 5 * MEL_SIZE),
  );
});

Deno.test("a rendered mixture is loud where its instruments are", () => {
  const mels = syntheticMels(2);
  const indices = Int32Array.from(mels.labels, (_, k) => k);
  const mixtures = drawMixtures(mels, { indices, size: 2, count: 5, random: randomFrom(0) });
  const rendered = renderMixtures(mels, mixtures);
  for (let row = 0; row < 5; row++) {
    for (let label = 0; label < 11; label++) {
      const from = row * MEL_SIZE + label * 10 * MEL_FRAMES;
      const loudest = rendered.subarray(from, from + 10 * MEL_FRAMES).reduce((a, b) =>
        Math.max(a, b)
      );
      // loud bands reach 0 dB or so, the others at most 50 of 255 steps, -64 dB
      assert.equal(loudest > 1, mixtures.targets[row * 11 + label] === 1, `${row} ${label}`);
    }
  }
});

Deno.test("network input is (dB + 40) / 20 of the bytes", () => {
  const mels = syntheticMels(1);
  const inputs = networkInputs(mels, [3, 0]);
  for (const cell of [0, 77, MEL_SIZE - 1]) {
    const decibels = mels.mel[3 * MEL_SIZE + cell] / 255 * 80 - 80;
    assert.ok(Math.abs(inputs[cell] - (decibels + 40) / 20) < 1e-6);
  }
});

Deno.test("halves of clips share no recording and have every instrument alike", () => {
  const mels = syntheticMels(6);
  const indices = Int32Array.from(mels.labels, (_, k) => k);
  const halves = halveClips(mels, { indices, random: randomFrom("halves") });
  const [first, second] = halves.map((half) =>
    new Set(Array.from(half, (k) => mels.recordings[k]))
  );
  assert.equal(first.intersection(second).size, 0);
  assert.deepEqual([...halves[0], ...halves[1]].sort((a, b) => a - b), [...indices]);
  for (let label = 0; label < 11; label++) {
    assert.deepEqual(halves.map((half) => half.filter((k) => mels.labels[k] === label).length), [
      6,
      6,
    ]);
  }
});

Deno.test("mixing refuses shapes that do not fit", () => {
  const mix = () =>
    mixInto(new Float32Array(10), { targets: new Uint8Array(11), partners: [[], [], []] });
  assert.throws(mix, /3 rows of a batch of 10 values/);
});
