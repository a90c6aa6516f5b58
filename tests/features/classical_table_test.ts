import assert from "node:assert/strict";
import { encodeWav } from "lib/audio/wav.ts";
import { decodeFile } from "lib/audio/decode.ts";
import { monoAt } from "lib/audio/mono.ts";
import { correlationMatrix } from "lib/baselines/correlation.ts";
import { fitPca, projectPca } from "lib/baselines/pca.ts";
import { joinColumns } from "lib/baselines/rows.ts";
import { applyScaler, fitMinMax } from "lib/baselines/scaler.ts";
import { variance } from "lib/core/statistics.ts";
import { CLASSICAL_FEATURES, classicalFeatures } from "lib/features/classical.ts";
import { classicalTable } from "lib/features/classical_table.ts";
import { EXTENDED_FEATURES, extendedFeatures } from "lib/features/extended.ts";
import { pluck } from "../descriptor_signals.ts";
import { chirp, noise } from "../mel_signals.ts";

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir(), { error } = console;
  console.error = () => {}; // progress, and the names of skipped files
  try {
    await test(folder);
  } finally {
    console.error = error;
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes channels of sound to a file of that name. @returns its path */
async function write(path: string, sampleRate: number, ...channels: Float32Array[]) {
  await Deno.writeFile(path, encodeWav({ sampleRate, channels }));
  return path;
}

Deno.test("rows are each file's features, at 22,050 Hz and in mono; what cannot be used is named", () =>
  inFolder(async (folder) => {
    const stereo = await write(`${folder}/stereo.wav`, 44100, noise(30001), chirp(30001));
    const mono = await write(`${folder}/mono.wav`, 22050, pluck(9000));
    const short = await write(`${folder}/short.wav`, 22050, pluck(1));
    const broken = `${folder}/broken.wav`, missing = `${folder}/missing.wav`;
    await Deno.writeTextFile(broken, "no sound");
    const options = { folder: `${folder}/cache`, workers: 2 };
    const paths = [broken, mono, short, missing, stereo, mono];
    const table = await classicalTable(paths, options);
    assert.deepEqual(table.paths, [mono, stereo, mono]);
    assert.deepEqual(table.features, CLASSICAL_FEATURES);
    const signal = (path: string) => monoAt(decodeFile(path), 22050);
    const [a, b] = [signal(mono), signal(stereo)];
    const [mine, theirs] = [classicalFeatures(a), classicalFeatures(b)];
    assert.deepEqual(table.values, Float64Array.of(...mine, ...theirs, ...mine));
    assert.deepEqual(table.skipped.map(({ path }) => path), [broken, short, missing]);
    const reasons = [/no WAV/, /28 features of 1 samples/, /no such file/];
    reasons.forEach((reason, k) => assert.match(table.skipped[k].reason, reason));

    const both = await classicalTable([mono], { ...options, extended: true });
    assert.deepEqual(both.features, [...CLASSICAL_FEATURES, ...EXTENDED_FEATURES]);
    assert.deepEqual(both.values, Float64Array.of(...mine, ...extendedFeatures(a)));
  }));

Deno.test("correlations, ranking and PCA of published features run on computed ones", () =>
  inFolder(async (folder) => {
    // Five noises and five plucked strings, each of another level and length.
    const paths = await Promise.all(Array.from({ length: 10 }, (_, k) => {
      const n = 6000 + 500 * k, y = k < 5 ? noise(n) : pluck(n);
      return write(`${folder}/${k}.wav`, 22050, y.map((x) => x * (1 - 0.05 * k)));
    }));
    const { values, features } = await classicalTable(paths, { folder: `${folder}/cache` });
    const rows = { values, columns: features.length };
    const labels = {
      values: Float64Array.from({ length: 20 }, (_, k) => Number((k % 2 === 0) === (k < 10))),
      columns: 2, // noise, string
    };
    const columns = features.length + 2;
    const correlations = correlationMatrix(joinColumns(rows, labels));
    assert.equal(correlations.length, columns ** 2);
    assert.ok(
      correlations.every((r) => Math.abs(r) <= 1 + 1e-12),
      "and no NaN: nothing is constant",
    );
    const withNoise = (feature: string) =>
      correlations[features.indexOf(feature) * columns + features.length];
    // Noise is flat, reaches high and is hard to foretell; strings have their level from low partials.
    for (const feature of ["flatness", "centroid", "rolloff", "spectral_entropy", "svd_entropy"]) {
      assert.ok(withNoise(feature) > 0.95, `${feature} ${withNoise(feature)}`);
    }
    for (const feature of ["mfcc2", "contrast2", "hjorth_complexity"]) {
      assert.ok(withNoise(feature) < -0.95, `${feature} ${withNoise(feature)}`);
    }
    const spread = features.map((_, k) =>
      variance(correlations.slice(k * columns, (k + 1) * columns))
    );
    assert.ok(spread.every((value) => value > 0));

    const scaled = applyScaler(fitMinMax(rows), rows), pca = fitPca(scaled, 2);
    assert.ok(pca.explained[0] > pca.explained[1] && pca.explained[0] + pca.explained[1] <= 1);
    const { values: points } = projectPca(pca, scaled);
    const first = Array.from({ length: 10 }, (_, k) => Math.sign(points[2 * k]));
    assert.deepEqual(
      first,
      [0, 0, 0, 0, 0, 1, 1, 1, 1, 1].map((string) => string ? -first[0] : first[0]),
    );
  }));
