/** The inputs of tests/fixtures/label_quality, by the formulas of its script, and clips of which the truth is known. */
import type { Rows } from "lib/baselines/rows.ts";
import { randomFrom } from "lib/core/random.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, k) => k);

/** Waves of many lengths, moved by the class; every seventh label is another one. */
export function formulaRows(
  { rows, columns, classes }: { rows: number; columns: number; classes: number },
): { rows: Rows; labels: number[] } {
  const values = numbers(rows * columns).map((at) => {
    const n = Math.floor(at / columns), k = at % columns, label = n % classes;
    return Math.sin(1.3 * n * (k + 1)) + 0.8 * Math.cos(n + 2 * k) +
      0.7 * Math.sin(label * (k + 2));
  });
  const labels = numbers(rows).map((n) => (n % classes + (n % 7 === 3 ? 1 + n % 2 : 0)) % classes);
  return { rows: { values: Float64Array.from(values), columns }, labels };
}

/** A softmax of waves; the label is mostly the likeliest class. `missing`: a class whose rows are left out. */
export function formulaProbabilities(
  { rows, classes, missing }: { rows: number; classes: number; missing: number | null },
): { probabilities: number[]; labels: number[]; classes: number } {
  const probabilities: number[] = [], labels: number[] = [];
  for (const n of numbers(rows)) {
    const exponentials = numbers(classes).map((k) =>
      Math.exp(2.5 * Math.sin(1.7 * n * (k + 1)) + 0.2 * k)
    );
    const sum = exponentials.reduce((a, b) => a + b);
    const likeliest = exponentials.indexOf(Math.max(...exponentials));
    const label = (likeliest + (n % 5 === 2 ? 1 + n % 3 : 0)) % classes;
    if (label === missing) continue;
    probabilities.push(...exponentials.map((e) => e / sum));
    labels.push(label);
  }
  return { probabilities, labels, classes };
}

/** Clips of 11 instruments in clouds apart, three of a recording, every twentieth with a wrong label. */
export function clouds({ distance = 4 } = {}) {
  const random = randomFrom("label quality", "clouds"), count = 330, columns = 11;
  const truth = Uint8Array.from(numbers(count), (n) => Math.floor(n / 3) % 11);
  const values = Float64Array.from(
    numbers(count * columns),
    (at) => random.normal() + (at % columns === truth[Math.floor(at / columns)] ? distance : 0),
  );
  const wrong = numbers(count).map((n) => n % 20 === 7 ? 1 : 0);
  return {
    name: "clouds",
    seen: false,
    rows: { values, columns },
    labels: truth.map((label, n) => (label + 3 * wrong[n]) % 11),
    truth,
    files: numbers(count).map((n) => `${Math.floor(n / 3)}__${n % 3}.wav`),
    recordings: numbers(count).map((n) => String(Math.floor(n / 3))),
    known: numbers(count),
    wrong,
  };
}
