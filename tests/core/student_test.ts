import assert from "node:assert/strict";
import { studentQuantile } from "lib/core/student.ts";

Deno.test("quantiles of t: closed forms, and the normal distribution's for many degrees of freedom", () => {
  for (const p of [0.6, 0.9, 0.975, 0.9995, 0.05]) {
    const one = Math.tan(Math.PI * (p - 0.5)); // Cauchy
    assert.ok(Math.abs(studentQuantile(p, 1) / one - 1) < 1e-12, `p ${p}`);
    const two = (2 * p - 1) * Math.sqrt(2 / (4 * p * (1 - p)));
    assert.ok(Math.abs(studentQuantile(p, 2) / two - 1) < 1e-12, `p ${p}`);
  }
  // scipy.stats.t.ppf and norm.ppf, scipy 1.17
  const known: [number, number, number][] = [
    [0.975, 3, 3.1824463052837078],
    [0.975, 5, 2.5705818356363146],
    [0.995, 11, 3.1058065155392804],
    [0.9, 29, 1.311433647301551],
    [0.975, 1e7, 1.959963984540054],
  ];
  for (const [p, freedom, t] of known) {
    // at 1e7 degrees t differs from the normal distribution in the seventh digit
    assert.ok(Math.abs(studentQuantile(p, freedom) / t - 1) < (freedom > 1e6 ? 1e-6 : 1e-12));
  }
  assert.equal(studentQuantile(0.5, 4), 0);
});

Deno.test("refuses what is no probability or no freedom", () => {
  for (const [p, freedom] of [[0, 3], [1, 3], [0.5, 0], [NaN, 3]]) {
    assert.throws(() => studentQuantile(p, freedom), RangeError);
  }
});
