import assert from "node:assert/strict";
import { readNpz } from "lib/core/npz.ts";
import { projectPath } from "lib/core/paths.ts";
import { loadFeatures } from "lib/datasets/published.ts";
import { CLASSICAL_FEATURES, classicalFeatures } from "lib/features/classical.ts";
import { burst, pluck } from "../descriptor_signals.ts";
import { chirp, noise } from "../mel_signals.ts";

const SIGNALS: Record<string, (n: number) => Float32Array> = {
  noise,
  chirp,
  pluck,
  burst,
  silence: (n) => new Float32Array(n),
  constant: (n) => new Float32Array(n).fill(0.25),
};

/** dB kept in single precision (4e-6 a band) for the MFCC; all others are double precision, relative to 1 or more. */
const tolerance = (feature: string) => feature.startsWith("mfcc") ? 5e-5 : 1e-7;

Deno.test("the 28 features are librosa's and antropy's", async (t) => {
  const fixture = await readNpz(projectPath("tests/fixtures/descriptors/classical.npz"));
  for (const [name, { data }] of fixture) {
    await t.step(name, () => {
      const [signal, length] = name.split("_");
      const ours = classicalFeatures(SIGNALS[signal](Number(length)));
      CLASSICAL_FEATURES.forEach((feature, k) => {
        // A constant signal has no mobility (0 / 0 there, 0 here).
        const expected = Number.isNaN(data[k]) ? 0 : data[k] as number;
        const allowed = tolerance(feature) * Math.max(1, Math.abs(expected));
        assert.ok(
          Math.abs(ours[k] - expected) <= allowed,
          `${feature}: ${ours[k]}, not ${expected}`,
        );
      });
    });
  }
});

Deno.test("their names and order are the published table's", () => {
  assert.deepEqual(CLASSICAL_FEATURES, loadFeatures("irmas_single_features_28").features);
});

Deno.test("refuses clips that are too short, or hold no numbers", () => {
  for (const n of [0, 1, 110]) {
    assert.throws(
      () => classicalFeatures(new Float32Array(n)),
      new RegExp(`of ${n} samples; .*111`),
    );
  }
  const y = noise(500);
  y[77] = NaN;
  assert.throws(() => classicalFeatures(y), /sample 77 is NaN/);
  y[77] = -Infinity;
  assert.throws(() => classicalFeatures(y), /sample 77 is -Infinity/);
});
