/** The study's figures on the published tables, against SciPy and scikit-learn on the authors' own files. */
import assert from "node:assert/strict";
import { correlationMatrix } from "lib/baselines/correlation.ts";
import { fitPca } from "lib/baselines/pca.ts";
import { joinColumns } from "lib/baselines/rows.ts";
import { applyScaler, fitMinMax } from "lib/baselines/scaler.ts";
import { readJson } from "lib/core/files.ts";
import { mean, skewness, standardDeviation, variance } from "lib/core/statistics.ts";
import { instrumentIndex, INSTRUMENTS } from "lib/datasets/labels.ts";
import { loadFeatures, loadMultiClips, loadSingleClips } from "lib/datasets/published.ts";
import { oneHot } from "lib/evaluation/metrics.ts";

interface Fixture {
  tempo: Record<"single" | "multi", { mean: number; deviation: number; skewness: number }>;
  multi: { correlation: number[][] };
  ranking: [string, number][];
  pca: [number, number];
}

const fixture = readJson<Fixture>("tests/fixtures/published/published.json");
const features = loadFeatures("irmas_single_features_28");
const rows = { values: features.values, columns: 28 };

Deno.test("D8: the ranking of the features by the variance of their correlations", () => {
  const labels = features.labels.map(([label]) => instrumentIndex(label));
  const both = joinColumns(rows, { values: Float64Array.from(oneHot(labels)), columns: 11 });
  const correlations = correlationMatrix(both);
  const ranking = features.features.map((name, column) =>
    [name, variance(correlations.slice(39 * column, 39 * column + 39))] as const
  ).sort((a, b) => b[1] - a[1]);
  ranking.forEach(([name, spread], k) => {
    assert.equal(name, fixture.ranking[k][0]);
    assert.ok(Math.abs(spread - fixture.ranking[k][1]) < 1e-10, name);
  });
});

Deno.test("D9: the correlation of the labels", () => {
  const values = loadMultiClips().flatMap((clip) =>
    INSTRUMENTS.map((code) => Number(clip.labels.includes(code)))
  );
  const theirs = fixture.multi.correlation.flat();
  correlationMatrix({ values: Float64Array.from(values), columns: 11 })
    .forEach((x, k) => assert.ok(Math.abs(x - theirs[k]) < 1e-12));
});

Deno.test("D10: the variance that two principal components explain", () => {
  const { explained } = fitPca(applyScaler(fitMinMax(rows), rows), 2);
  explained.forEach((share, k) => assert.ok(Math.abs(share - fixture.pca[k]) < 1e-12));
});

Deno.test("D18: mean, deviation and skewness of the tempo", () => {
  for (
    const [part, clips] of [["single", loadSingleClips()], ["multi", loadMultiClips()]] as const
  ) {
    const tempi = clips.map((clip) => clip.tempo), expected = fixture.tempo[part];
    assert.ok(Math.abs(mean(tempi) - expected.mean) < 1e-10);
    assert.ok(Math.abs(standardDeviation(tempi) - expected.deviation) < 1e-10);
    assert.ok(Math.abs(skewness(tempi) - expected.skewness) < 1e-10);
  }
});
