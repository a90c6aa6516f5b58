import assert from "node:assert/strict";
import { applyToMel } from "lib/augment/apply_spectrogram.ts";
import { drawEffects } from "lib/augment/draw.ts";
import { type ClipFacts, PartnerPool } from "lib/augment/partners.ts";
import { parseMelSteps } from "lib/augment/steps.ts";
import { randomFrom } from "lib/core/random.ts";
import { IRMAS_TRAINING_COUNTS } from "lib/datasets/published_counts.ts";
import { irmasFacts, labelEffect, mixingEffects } from "lib/experiments/label_effects.ts";

const LABELS = 11;
const only = (label: number) => Uint8Array.from({ length: LABELS }, (_, l) => l === label ? 1 : 0);
/** As many clips of every instrument, of one each. */
const balanced: ClipFacts[] = Array.from({ length: 20 * LABELS }, (_, k) => ({
  labels: only(k % LABELS),
  recording: `${k}`,
}));
const EPOCHS = 20, EXAMPLES = EPOCHS * balanced.length;
const effects = mixingEffects(balanced, { random: randomFrom("labels"), epochs: EPOCHS });

/** The numbers of labels that a setting gives, with their probabilities. */
function expectedShares({ kind, n }: { kind: string; n: number }): number[] {
  const shares = Array(LABELS + 1).fill(0);
  if (kind === "exponential-sum") {
    const weights = Array.from({ length: n + 1 }, (_, k) => Math.exp(-k));
    const all = weights.reduce((a, b) => a + b);
    weights.forEach((weight, added) => shares[1 + added] = weight / all);
  } else shares[Math.max(1, n)] = 1;
  return shares;
}

Deno.test("of N clips an example has N labels, and one with none added; the exponential falls by e", () => {
  assert.equal(effects.length, 18);
  for (const effect of effects) {
    const expected = expectedShares(effect);
    effect.shares.forEach((share, labels) => {
      const deviation = Math.sqrt(expected[labels] * (1 - expected[labels]) / EXAMPLES);
      const what = `${effect.kind} ${effect.n}, ${labels} labels: ${share}`;
      assert.ok(Math.abs(share - expected[labels]) <= 5 * deviation + 1e-9, what);
    });
    const sum = effect.frequencies.reduce((a, b) => a + b);
    assert.ok(Math.abs(effect.mean - sum) < 1e-9);
  }
});

Deno.test("where instruments are alike, pairs correlate as their number's variance says", () => {
  for (const effect of effects) {
    // of exchangeable labels with probability p: the variance of their number is 11 p (1 - p) (1 + 10 phi)
    const shares = expectedShares(effect);
    const mean = shares.reduce((sum, share, labels) => sum + share * labels, 0), p = mean / LABELS;
    const variance = shares.reduce((sum, share, k) => sum + share * (k - mean) ** 2, 0);
    const phi = (variance / (LABELS * p * (1 - p)) - 1) / (LABELS - 1);
    const pairs = effect.correlations.flatMap((row, a) => row.filter((_, b) => b < a));
    const average = pairs.reduce((a, b) => a + b) / pairs.length;
    const what = `${effect.kind} ${effect.n}: ${average}, not ${phi}`;
    // the variance of 4,400 numbers is known to 4 %, which is 0.0023 of phi, a pair by itself to 1 / sqrt(4,400): five each
    assert.ok(Math.abs(average - phi) < 0.012, what);
    for (const own of pairs) assert.ok(Math.abs(own - phi) < 5 / Math.sqrt(EXAMPLES), what);
    effect.correlations.forEach((row, a) => assert.ok(Math.abs(row[a] - 1) < 1e-9));
  }
});

Deno.test("the labels are those that spectrograms get with the same chance", () => {
  const steps = parseMelSteps(["sum", "blend", "concat", "time-shift"].map((kind) => ({ kind })));
  const partners = new PartnerPool(balanced), random = randomFrom("same chance");
  const clip = (k: number) => ({
    mel: { data: Float32Array.of(2, -1), nMels: 1, frames: 2 },
    labels: balanced[k].labels,
  });
  const sums = Array(LABELS).fill(0);
  for (const k of balanced.keys()) {
    const drawn = drawEffects(steps, { random: random.fork(k), clip: k, partners });
    applyToMel(clip(k), drawn, { clip }).labels.forEach((label, l) => sums[l] += label);
  }
  const { frequencies } = labelEffect(balanced, { steps, random });
  frequencies.forEach((share, l) => assert.ok(Math.abs(share - sums[l] / balanced.length) < 1e-12));
});

Deno.test("of the real clips an instrument's share is IRMAS's count, and the recordings are the study's", () => {
  const facts = irmasFacts();
  const { frequencies, shares } = labelEffect(facts, { steps: [], random: randomFrom(0) });
  const counts = Object.values(IRMAS_TRAINING_COUNTS);
  assert.deepEqual(frequencies.map((share) => Math.round(share * 6705)), counts);
  assert.ok(Math.abs(shares[1] - 1) < 1e-9);
  // as the study counts them
  assert.equal(new Set(facts.map(({ recording }) => recording)).size, 2273);
});

Deno.test("a label that nobody has correlates with none; no clips are refused", () => {
  const clips = balanced.filter(({ labels }) => !labels[3]);
  const { correlations, frequencies } = labelEffect(clips, { steps: [], random: randomFrom(0) });
  assert.equal(frequencies[3], 0);
  assert.ok(correlations[3].every(Number.isNaN));
  assert.throws(() => labelEffect([], { steps: [], random: randomFrom(0) }), /labels of no clips/);
});
