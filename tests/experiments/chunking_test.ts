import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { evaluateSongs } from "lib/evaluation/report.ts";
import type { ChunkScores } from "lib/experiments/chunk_scores.ts";
import { aggregateChunks } from "lib/evaluation/aggregate.ts";
import { onLogitScale } from "lib/evaluation/logit_scale.ts";
import { compareWays, formatChunking, type Way } from "lib/experiments/chunking.ts";

const FILES = 60, PIECES = 4;
const random = randomFrom("chunking");
const songs = Array.from({ length: FILES }, (_, file) => `song ${file % 20}`);
const targets = Uint8Array.from({ length: FILES * 11 }, () => random.chance(0.3) ? 1 : 0);
const groups = Int32Array.from(
  { length: FILES * PIECES },
  (_, piece) => Math.floor(piece / PIECES),
);

/** Scores of every piece, from the file's truth, the piece's number in it, and a number in [0, 1). */
const scored = (
  seconds: number,
  score: (truth: number, piece: number, chance: number) => number,
): ChunkScores => ({
  seconds,
  hop: seconds,
  groups,
  probabilities: Float32Array.from({ length: groups.length * 11 }, (_, k) => {
    const piece = Math.floor(k / 11);
    return score(targets[groups[piece] * 11 + k % 11], piece % PIECES, random.uniform());
  }),
});

/** Every instrument sounds in one piece of the four, surely, and every score in 0 to 0.4 beside. */
const brief = scored(1, (truth, piece, chance) => truth && piece === 2 ? 0.9 : 0.4 * chance);
/** Every instrument sounds all the time; in single pieces everything may be heard. */
const steady = scored(2, (truth, _, chance) => 0.2 + 0.1 * truth + 0.7 * chance ** 8);
/** Nothing is heard. */
const deaf = scored(3, (_t, _p, chance) => chance);

const usual: Way = { seconds: 1, hop: 1, by: "maximum" };
const study = compareWays([brief, steady, deaf], { targets, songs, usual, samples: 200 });
const result = (seconds: number, by: Way["by"]) =>
  study.ways.find((way) => way.seconds === seconds && way.by === by)!;

Deno.test("what sounds in one piece is found by the maximum, what sounds throughout by the mean", () => {
  assert.equal(result(1, "maximum").macroF1.value, 1);
  assert.ok(result(1, "meanProbability").macroF1.value < 1);
  assert.ok(result(2, "meanLogit").macroF1.value > result(2, "maximum").macroF1.value + 0.1);
});

Deno.test("each way has the macro-F1 and interval that songs are evaluated with elsewhere, its thresholds on logits", () => {
  for (const scores of [steady, deaf]) {
    for (const by of ["maximum", "meanLogit", "sumRescale", "percentile90"] as const) {
      const files = aggregateChunks(scores.probabilities, groups, { by });
      const evaluated = (of: Float32Array) =>
        evaluateSongs(of, {
          groups: [...songs.keys()],
          targets,
          songs,
          samples: 200,
          random: randomFrom("demo evaluation"),
        });
      const report = evaluated(onLogitScale(files)), way = result(scores.seconds, by);
      assert.deepEqual(way.macroF1, report.macroF1);
      // ranks are the scores' own
      assert.equal(way.rankingAveragePrecision, evaluated(files).rankingAveragePrecision.value);
      assert.equal(way.pieces, FILES * PIECES);
      const decided = way.thresholds.map((threshold) => files.filter((p) => p > threshold).length);
      const places = report.thresholds.map((place) =>
        onLogitScale(files).filter((p) => p > place).length
      );
      assert.deepEqual(decided, places);
    }
  }
});

Deno.test("how shy a network is does not matter", () => {
  // a ten thousandth of every odds
  const shy = scored(2, () => 0);
  steady.probabilities.forEach((p, k) => shy.probabilities[k] = p / (p + 1e4 * (1 - p)));
  const one: Way = { seconds: 2, hop: 2, by: "meanLogit" };
  const [own, other] = [steady, shy].map((scores) =>
    compareWays([scores], { targets, songs, usual: one, samples: 50 }).ways
      .find(({ by }) => by === "meanLogit")!.macroF1.value
  );
  // the search's steps fall elsewhere
  assert.ok(Math.abs(own - other) < 0.01, `${own} and ${other}`);
});

Deno.test("differences are those of the values, paired by songs", () => {
  const reference = result(1, "maximum");
  assert.equal(reference.difference, undefined);
  for (const { macroF1, difference, seconds, isClear } of study.ways) {
    if (!difference) continue;
    assert.ok(Math.abs(difference.value - (macroF1.value - reference.macroF1.value)) < 1e-12);
    assert.ok(difference.low <= difference.value && difference.value <= difference.high);
    // the usual way is right everywhere: the difference varies as the other way's score does, no more; one width is
    // Student's with 19 degrees of freedom (2.09 errors for 1.96), the other one of a few resamplings of 20 songs
    const width = macroF1.high - macroF1.low;
    if (width === 0) assert.deepEqual([difference.low, difference.high], [0, 0]); // right everywhere, too
    else assert.ok(Math.abs((difference.high - difference.low) / width - 1.07) < 0.3, `${width}`);
    if (seconds === 3) assert.equal(isClear, true);
  }
});

Deno.test("a way that says the same is no different, and not clear", () => {
  const { ways } = compareWays([brief, { ...brief, seconds: 5, hop: 5 }], {
    targets,
    songs,
    usual,
    samples: 50,
  });
  const { difference, isClear } = ways.find(({ seconds, by }) =>
    seconds === 5 && by === "maximum"
  )!;
  assert.deepEqual([difference!.value, difference!.low, difference!.high], [0, 0, 0]);
  assert.equal(isClear, false);
});

Deno.test("a difference is clear beyond what the largest of all reaches by chance", () => {
  // one song of twenty is heard wrong: that may be chance
  const nearly = { ...brief, seconds: 4, hop: 4, probabilities: brief.probabilities.slice() };
  nearly.probabilities.forEach((score, k) => {
    if (groups[Math.floor(k / 11)] % 20 === 7) nearly.probabilities[k] = 0.9 - score;
  });
  const { ways } = compareWays([brief, steady, deaf, nearly], {
    targets,
    songs,
    usual,
    samples: 200,
  });
  const reach = 3.458527135250202; // of 19: scipy.stats.t.ppf(1 - 0.025 / 19, 20 - 1)
  const compared = ways.filter(({ difference }) =>
    difference !== undefined && difference.groupError > 0
  );
  for (const { difference, isClear } of compared) {
    const { value, groupError } = difference!;
    assert.equal(isClear, Math.abs(value) / groupError > reach);
  }
  assert.deepEqual(new Set(compared.map(({ isClear }) => isClear)), new Set([true, false]));
});

Deno.test("a usual way that was not scored is refused; text has a line for each way", () => {
  assert.throws(
    () => compareWays([brief], { targets, songs, usual: { ...usual, hop: 0.5 } }),
    /cannot compare with 1 s every 0.5 s by maximum: it was not scored/,
  );
  const text = formatChunking({ size: "small", songs: 20, networks: { made: study } });
  assert.equal(text.split("\n").length, 2 + 15);
});
