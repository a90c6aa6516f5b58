import assert from "node:assert/strict";
import { readNpz } from "lib/core/npz.ts";
import { projectPath } from "lib/core/paths.ts";
import { permutationEntropy, spectralEntropy, svdEntropy } from "lib/dsp/entropy.ts";
import { hjorthParameters } from "lib/dsp/hjorth.ts";
import { burst, pluck } from "../descriptor_signals.ts";
import { chirp, noise } from "../mel_signals.ts";

const EMBEDDINGS = [[2, 1], [3, 1], [4, 2], [5, 3]].map(([order, delay]) => ({ order, delay }));

Deno.test("entropies and Hjorth's parameters are antropy's", async (t) => {
  const fixture = await readNpz(projectPath("tests/fixtures/descriptors/entropies.npz"));
  for (const signal of [noise, chirp, pluck, burst]) {
    await t.step(signal.name, () => {
      const y = signal(5001), { mobility, complexity } = hjorthParameters(y);
      const ours = [
        ...EMBEDDINGS.map((embedding) => permutationEntropy(y, embedding)),
        ...EMBEDDINGS.map((embedding) => svdEntropy(y, embedding)),
        ...[256, 100, 101, 5001].map((segment) => spectralEntropy(y, { segment })),
        mobility,
        complexity,
      ];
      const expected = fixture.get(signal.name)!.data as Float64Array;
      assert.equal(ours.length, expected.length);
      // Both double precision; singular values by way of their squares lose half the digits of the smallest.
      ours.forEach((value, k) =>
        assert.ok(Math.abs(value - expected[k]) < 1e-9, `${k}: ${value}, not ${expected[k]}`)
      );
    });
  }
});

Deno.test("a rising signal has one order of neighbours, a sine two singular values", () => {
  assert.equal(permutationEntropy(Float32Array.from({ length: 100 }, (_, t) => t)), 0);
  const omega = 0.1, sine = Float32Array.from({ length: 62832 }, (_, t) => Math.sin(omega * t));
  // Its three shifted copies span two dimensions, the sum and the difference of the outer ones: over whole periods
  // the squares of the singular values are as 1 + 2 cos^2 to 2 sin^2.
  const [a, b] = [Math.sqrt(1 + 2 * Math.cos(omega) ** 2), Math.SQRT2 * Math.sin(omega)];
  const p = a / (a + b), entropy = -(p * Math.log(p) + (1 - p) * Math.log(1 - p)) / Math.log(3);
  // Two of the 62,832 samples begin no vector: 3e-5 of whole periods.
  assert.ok(Math.abs(svdEntropy(sine) - entropy) < 1e-5, `${svdEntropy(sine)} ${entropy}`);
  // A sine's differences are a sine of the same frequency, 2 sin(omega / 2) as high.
  const { mobility, complexity } = hjorthParameters(sine);
  assert.ok(Math.abs(mobility - 2 * Math.sin(omega / 2)) < 1e-6);
  assert.ok(Math.abs(complexity - 1) < 1e-4); // the second differences' rounding
});

Deno.test("a constant signal has no entropy and does not move", () => {
  for (const level of [0, 0.3]) {
    const y = new Float32Array(1000).fill(level);
    assert.equal(permutationEntropy(y), 0);
    assert.equal(spectralEntropy(y), 0);
    assert.equal(svdEntropy(y), 0);
    assert.deepEqual(hjorthParameters(y), { mobility: 0, complexity: 0 });
  }
  const ramp = Float32Array.from({ length: 64 }, (_, t) => t / 64);
  assert.equal(hjorthParameters(ramp).complexity, 0);
});

Deno.test("refuses signals that are too short", () => {
  assert.throws(() => permutationEntropy(new Float32Array(2)), /2 samples at order 3 and delay 1/);
  assert.throws(() => svdEntropy(new Float32Array(4), { delay: 2 }), /4 samples at order 3/);
  assert.throws(() => svdEntropy(new Float32Array(4), { order: 1 }), /at order 1 and delay 1/);
  assert.throws(() => spectralEntropy(new Float32Array(1)), /1 samples/);
  assert.throws(() => hjorthParameters(new Float32Array(2)), /2 samples/);
});
