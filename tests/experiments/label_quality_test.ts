import assert from "node:assert/strict";
import {
  DOCUMENT_SCORE,
  formatLabelQuality,
  studyLabelQuality,
} from "lib/experiments/label_quality.ts";
import { formatRetraining, retrainByRecording } from "lib/experiments/label_quality_retraining.ts";
import { realFeatures } from "lib/experiments/label_quality_sets.ts";
import { clouds } from "../label_quality_formulas.ts";

Deno.test("D16: of the real clips 297 were heard anew, of 276 recordings, and 41 lack their label", () => {
  const { files, recordings, known, wrong } = realFeatures();
  assert.equal(files.length, 6703);
  assert.deepEqual([known.length, Array.from(wrong).reduce((a, b) => a + b)], [297, 41]);
  assert.equal(new Set(Array.from(known, (k) => recordings[k])).size, 276);
});

Deno.test("the study of a set that is told apart: what was planted comes first, a class alone tells nothing", async () => {
  const set = clouds(), study = await studyLabelQuality([set]);
  const [{ clips, recordings, known, wrong, results }] = study.sets;
  assert.deepEqual([clips, recordings, known, wrong], [330, 110, 330, 17]);
  assert.deepEqual(results.map(({ folds }) => folds), ["random", "by recording"]);
  for (const { accuracy, averagePrecision, cuts, curve } of results) {
    // nearly all right labels are given, nearly no wrong ones
    assert.ok(accuracy > 0.9 && accuracy < 1 - 16 / 330);
    assert.ok(averagePrecision[DOCUMENT_SCORE].low > 3 * 17 / 330);
    assert.ok(averagePrecision["class alone"].value < 3 * 17 / 330);
    assert.equal(curve.recall.at(-1), 1);
    assert.deepEqual(cuts.map(({ removed, removedOfAll }) => removed - removedOfAll), [0, 0, 0]);
    assert.equal(cuts[2].removed, Math.round(497 / 6705 * 330));
    for (const { removal, removedOfAll } of cuts) {
      assert.equal(removal.reduce((sum, { removed }) => sum + removed, 0), removedOfAll);
    }
  }
  assert.match(formatLabelQuality(study), /clouds: 330 clips; 17 wrong labels among 330/);
});

Deno.test("retraining: what is left out is what is said, and without the planted errors neighbours answer no worse", async () => {
  const results = await retrainByRecording(clouds({ distance: 3 }), { folds: 2 });
  const neighbours = results.find(({ model }) => model === "5 nearest neighbours")!;
  const [all, cut, random, , planted] = neighbours.arms;
  assert.deepEqual([all.clips, planted.clips], [165, Math.round((330 - 17) / 2)]);
  assert.equal(cut.clips, random.clips);
  assert.ok(cut.clips < all.clips);
  const scoreOf = ({ score }: typeof all) => score.value;
  assert.ok(scoreOf(planted) >= scoreOf(all));
  assert.ok(Math.abs(neighbours.gain.value - (scoreOf(cut) - scoreOf(all))) < 1e-12);
  assert.ok(Math.abs(neighbours.gainOverRandom.value - (scoreOf(cut) - scoreOf(random))) < 1e-12);
  assert.match(formatRetraining(results), /clouds, 5 nearest neighbours: accuracy/);
});
