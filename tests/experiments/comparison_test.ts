import assert from "node:assert/strict";
import { recipeConfig } from "experiments/recipes/mod.ts";
import { type Random, randomFrom } from "lib/core/random.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { recordingOf } from "lib/datasets/split.ts";
import {
  reportMixtures,
  reportMultiLabel,
  reportSingleLabel,
} from "lib/evaluation/label_report.ts";
import { meanDifference } from "lib/evaluation/difference.ts";
import { bestLabels, decide } from "lib/evaluation/metrics.ts";
import { evaluateSongs } from "lib/evaluation/report.ts";
import { crossFit } from "lib/evaluation/threshold.ts";
import { compareFamily, MEASURES } from "lib/experiments/comparison.ts";
import {
  type DemoResult,
  type FinishedRun,
  type IrmasResult,
  readRuns,
  SONG_EVALUATION,
} from "lib/experiments/evidence.ts";
import { readMixtures } from "lib/experiments/irmas_mixtures.ts";
import { scoreRows } from "lib/experiments/score_rows.ts";
import { folderTargets, relabelledTargets } from "lib/experiments/scored_clips.ts";
import { scoredRows } from "lib/experiments/scored_rows.ts";
import { comparisonFigure, comparisonRuns, comparisonTable } from "lib/plots/comparison.ts";
import { toSvg } from "lib/plots/static.ts";

const config = recipeConfig("irmas_scratch");
const reported = await readRuns<IrmasResult>(config);
const listed = readMixtures(config.data)!;

/** Small probabilities, as mixtures get: the more `signal`, the higher where the label is. */
function probabilities(
  targets: Uint8Array,
  { signal, random }: { signal: number; random: Random },
) {
  return Float32Array.from(
    targets,
    (target) => 1 / (1 + Math.exp(3.5 - signal * target - 1.2 * random.normal())),
  );
}

/** A finished run with its own report of every part: written by what evaluates runs, from scores that are not rounded. */
function made(seed: number, signal: number): FinishedRun<IrmasResult> {
  const random = randomFrom("made runs", signal, seed);
  const clips = Object.keys(reported[0].result.scores.heldOut);
  const heard = Object.keys(reported[0].result.scores.relabelled);
  const drawn = (targets: Uint8Array) => probabilities(targets, { signal, random });
  const held = drawn(folderTargets(clips)), relabelled = drawn(relabelledTargets(heard));
  const options = (groups: readonly string[]) => ({ groups, random, samples: 2 });
  const mixed = (mixtures: string[][]) => {
    const targets = Uint8Array.from(mixtures.flatMap((clips) => {
      const codes = clips.map((clip) => clip.split("/")[0]);
      return INSTRUMENTS.map((code) => codes.includes(code) ? 1 : 0);
    }));
    const rows = Int32Array.from(mixtures.keys()), scores = drawn(targets);
    const halves: [Int32Array, Int32Array] = [rows.slice(0, 300), rows.slice(300)];
    return {
      report: reportMixtures(scores, targets, {
        ...crossFit(scores, targets, { halves }),
        groups: mixtures.map((clips) => clips.map(recordingOf)),
      }),
      scores: scoreRows(scores, { digits: 3 }),
    };
  };
  const two = mixed(listed.mixturesOfTwo), three = mixed(listed.mixturesOfThree);
  const byClip = (names: string[], scores: Float32Array) => {
    const rows = scoreRows(scores, { decimals: 4 });
    return Object.fromEntries(names.map((name, row) => [name, rows[row]]));
  };
  return {
    name: `made-00000000-seed${seed}`,
    config: { ...config, seed },
    metrics: [],
    result: {
      threshold: 0.1,
      thresholdsOfSums: [0.1, 0.1],
      fold: 0,
      heldOut: reportSingleLabel(
        held,
        bestLabels(folderTargets(clips)),
        options(clips.map(recordingOf)),
      ),
      mixturesOfTwo: two.report,
      mixturesOfThree: three.report,
      relabelled: reportMultiLabel(relabelled, relabelledTargets(heard), {
        decisions: decide(relabelled, 0.1),
        thresholds: [0.1],
        ...options(heard.map(recordingOf)),
      }),
      scores: {
        heldOut: byClip(clips, held),
        relabelled: byClip(heard, relabelled),
        mixturesOfTwo: two.scores,
        mixturesOfThree: three.scores,
      },
    },
  };
}

const sides = (signals: number[], seeds: number[]) =>
  signals.map((signal) => seeds.map((seed) => made(seed, signal)));
const [base, alike, better] = sides([2, 2, 2.4], [0, 1, 2]);
const like = alike.map((run, k) => ({ ...run, config: { ...config, seed: k + 5 } }));
const comparison = compareFamily({
  base,
  variants: [{ name: "better", runs: better }, { name: "itself", runs: alike }, {
    name: "one seed",
    runs: [made(7, 1.5)],
  }],
});
const of = (measure: string, variant: string) =>
  comparison.measures.find((one) => one.measure === measure)!.variants
    .find(({ name }) => name === variant)!;

Deno.test("values from the kept scores are those of the runs' own reports, but for the rounding", () => {
  const measures = MEASURES.filter((measure) => !/^(songs|noise)/.test(measure));
  assert.deepEqual(comparison.measures.map(({ measure }) => measure), measures);
  // of 6,600 scores with three digits a few lie on the other side of a threshold; each moves a mean recall by 0.0006
  for (const { measure, rounding } of comparison.measures) {
    assert.ok(rounding < 0.004, `${measure} ${rounding}`);
  }
  const { measures: [two], base: { runs } } = comparison;
  two.base.values.forEach((value, k) => {
    assert.ok(Math.abs(value - base[k].result.mixturesOfTwo.macroF1.value) < 0.002);
  });
  assert.deepEqual(runs.map(({ seed }) => seed), [0, 1, 2]);
});

Deno.test("runs that are committed: accuracy and macro-F1 of relabelled clips are what their reports say", async () => {
  // as the first runs were, without scores of mixtures and in noise
  const withoutMixtures = (
    { result: { noise: _, ...result }, ...run }: typeof reported[number],
  ) => {
    const { heldOut, relabelled } = result.scores;
    return { ...run, result: { ...result, scores: { heldOut, relabelled } } };
  };
  const fluffy = (await readRuns<IrmasResult>(recipeConfig("irmas_fluffy"))).map(withoutMixtures);
  const plain = reported.map(withoutMixtures);
  const { measures, left } = compareFamily({
    base: plain.slice(0, 3),
    variants: [{ name: "fluffy", runs: fluffy }],
  });
  assert.deepEqual(measures.map(({ measure }) => measure), [
    "heldOut.accuracy",
    "relabelled.macroF1",
  ]);
  for (const { measure, base: { values }, rounding } of measures) {
    const [part, statistic] = measure.split(".") as ["relabelled", "macroF1"];
    reported.slice(0, 3).forEach(({ result }, k) =>
      assert.ok(Math.abs(values[k] - result[part][statistic].value) <= rounding)
    );
    // four decimals: a clip or two of 1342 may have two best labels
    assert.ok(rounding < 2.5 / 1342, `${measure} ${rounding}`);
  }
  assert.equal(left.length, 2);
  assert.match(
    left[0],
    /mixtures of two: 6 of 6 runs kept no scores of them \(e\.g\. irmas_scratch/,
  );
  assert.match(left[0], /"\.\/lumen evaluate irmas_scratch-1c752158-seed0" adds them/);
  const wanted = { base: plain, variants: [{ name: "fluffy", runs: fluffy }] };
  assert.throws(
    () => compareFamily({ ...wanted, measures: ["mixturesOfTwo.macroF1"] }),
    /cannot compare on mixtures of two/,
  );
});

Deno.test("in noise: the mean over the noises, and less what is right without, as the reports say and over recordings", async () => {
  const inNoise = async (recipe: string) =>
    (await readRuns<IrmasResult>(recipeConfig(recipe))).filter(({ result }) => result.noise);
  const [plain, yamnet] = [await inNoise("irmas_scratch"), await inNoise("irmas_yamnet")];
  const { measures } = compareFamily({
    base: plain,
    variants: [{ name: "yamnet", runs: yamnet }],
    measures: ["noise.accuracy", "noise.change"],
  });
  const clips = Object.keys(plain[0].result.scores.heldOut);
  const rightIn = ({ result: { noise } }: FinishedRun<IrmasResult>, row: number) =>
    noise!.filter(({ right }) => right[row] === "1").length / noise!.length;
  const [accuracy, change] = measures.map(({ base, variants: [own], rounding }) => {
    // the same clips, counted once more: nothing was rounded; without noise a clip or two may have two best labels
    assert.ok(rounding < 2.5 / clips.length);
    return { base, own };
  });
  const expected = meanDifference(
    yamnet.map((run) => clips.map((_, row) => rightIn(run, row))),
    plain.map((run) => clips.map((_, row) => rightIn(run, row))),
    { groups: clips.map(recordingOf) },
  );
  for (const key of ["value", "low", "high", "p"] as const) {
    assert.ok(Math.abs(accuracy.own.difference[key] - expected[key]) < 1e-9, key);
  }
  plain.forEach(({ result: { noise, heldOut } }, k) => {
    const mean = noise!.reduce((sum, { accuracy }) => sum + accuracy, 0) / noise!.length;
    assert.ok(Math.abs(accuracy.base.values[k] - mean) < 1e-9);
    assert.ok(Math.abs(change.base.values[k] - (mean - heldOut.accuracy.value)) < 2.5 / 1342);
  });
  const unscored = plain.map((run) => ({ ...run, result: { ...run.result, noise: undefined } }));
  assert.throws(
    () =>
      compareFamily({
        base: unscored,
        variants: [{ name: "yamnet", runs: yamnet }],
        measures: ["noise.accuracy"],
      }),
    /cannot compare on held-out clips in noise: \d+ of \d+ runs kept no scores/,
  );
});

Deno.test("what is better is found, a system is not better than itself, and one seed is about these models", () => {
  const gain = of("mixturesOfTwo.macroF1", "better");
  assert.equal(gain.verdict, "better");
  assert.ok(gain.difference.low > 0 && gain.correctedP < 0.05 && gain.difference.seedError >= 0);
  assert.deepEqual(gain.bySeed.map(({ seed }) => seed), [0, 1, 2]);
  gain.bySeed.forEach(({ difference }, k) => {
    const own = [better, base].map((runs) => runs[k].result.mixturesOfTwo.macroF1.value);
    assert.ok(Math.abs(difference - (own[0] - own[1])) < 0.004);
  });
  for (const { measure } of comparison.measures) {
    const same = of(measure, "itself");
    assert.deepEqual([same.difference.value, same.verdict, same.correctedP], [
      0,
      "no evidence",
      1,
    ]);
    assert.ok(same.bySeed.every(({ difference }) => difference === 0));
  }
  const alone = of("mixturesOfTwo.macroF1", "one seed");
  assert.ok(alone.aboutModels && !gain.aboutModels);
  assert.equal(alone.difference.seedError, 0);
  assert.equal(alone.verdict, "worse");
  assert.deepEqual(alone.bySeed, []);
});

Deno.test("p is corrected and the visible difference judged by the number of variants", () => {
  const alone = compareFamily({ base, variants: [{ name: "better", runs: better }] });
  alone.measures.forEach(({ measure, variants: [only] }) => {
    const among = of(measure, "better");
    assert.deepEqual(only.difference, among.difference);
    assert.equal(only.correctedP, only.difference.p);
    assert.ok(among.visible > only.visible);
    // Holm: the smallest of n is multiplied by n, the next by n - 1 and is no smaller
    const all = comparison.measures.find((own) => own.measure === measure)!.variants;
    const ps = all.map(({ difference }) => difference.p);
    const expected = ps.map((p) =>
      Math.min(
        1,
        Math.max(
          ...ps.filter((other) => other <= p).map((other) =>
            other * ps.filter((larger) => larger >= other).length
          ),
        ),
      )
    );
    all.forEach(({ correctedP }, k) => assert.ok(Math.abs(correctedP - expected[k]) < 1e-12));
  });
  // none of its seeds is the base's: nothing is paired, all else is the same
  const apart = compareFamily({ base, variants: [{ name: "itself", runs: like }] });
  assert.deepEqual(apart.measures[0].variants[0].bySeed, []);
  assert.deepEqual(
    apart.measures[0].variants[0].difference,
    of("mixturesOfTwo.macroF1", "itself").difference,
  );
});

Deno.test("a score that was rounded to 0 is above a threshold of 0, as it was before", () => {
  const run = structuredClone(base[0]), { mixturesOfThree, scores } = run.result;
  mixturesOfThree.thresholds = [0, 0.001];
  scores.mixturesOfThree = scores.mixturesOfThree!.map((row) => row.map(() => 0));
  const { decisions } = scoredRows(run, "mixturesOfThree")!;
  const half = 300 * INSTRUMENTS.length;
  assert.ok(decisions.subarray(0, half).every((x) => x === 1));
  assert.ok(decisions.subarray(half).every((x) => x === 0));
});

Deno.test("a comparison is plain data", () => {
  assert.deepEqual(JSON.parse(JSON.stringify(comparison)), comparison);
});

Deno.test("runs on other clips, twice the same one, none, and scores of another evaluation are refused", () => {
  const variants = [{ name: "better", runs: better }];
  const other = structuredClone(better[0]), { heldOut } = other.result.scores;
  const [first] = Object.keys(heldOut);
  heldOut["cel/another__1"] = heldOut[first];
  delete heldOut[first];
  const compare = (runs: FinishedRun<IrmasResult>[]) => () =>
    compareFamily({ base, variants: [{ name: "other", runs }] });
  assert.throws(compare([other]), /scored on other held-out clips, e\.g\. not on/);
  assert.throws(compare([]), /other: it has no finished run/);
  assert.throws(compare([better[0], better[0]]), /other: it has seed 0 twice/);
  assert.throws(() => compareFamily({ base: [], variants }), /it has no finished run/);
  const mended = structuredClone(better[0]);
  mended.result.heldOut.accuracy.value -= 0.1;
  assert.throws(compare([mended]), /its scores give 0\.\d+ where its report has 0\.\d+/);
});

/** A run on 60 files of 20 songs. */
function onSongs(seed: number, signal: number): FinishedRun<DemoResult> {
  const random = randomFrom("made songs", signal, seed), codes = [...INSTRUMENTS];
  const files = Array.from({ length: 60 }, (_, k) => ({
    file: `song${k % 20}-${Math.floor(k / 20)}`,
    song: `song${k % 20}`,
    labels: randomFrom("labels", k % 20).sample(codes, 3),
  }));
  const targets = Uint8Array.from(
    files.flatMap(({ labels }) => codes.map((code) => labels.includes(code) ? 1 : 0)),
  );
  const scores = probabilities(targets, { signal, random }),
    rows = scoreRows(scores, { decimals: 4 });
  const songs = evaluateSongs(scores, {
    groups: [...files.keys()],
    targets,
    songs: files.map(({ song }) => song),
    random: randomFrom(SONG_EVALUATION),
    samples: 2,
  });
  return {
    name: `songs-00000000-seed${seed}`,
    config: { ...recipeConfig("demo"), seed },
    metrics: [],
    result: {
      threshold: 0.1,
      songs,
      scores: { songs: Object.fromEntries(files.map(({ file }, row) => [file, rows[row]])) },
      truth: Object.fromEntries(files.map(({ file, song, labels }) => [file, { song, labels }])),
    },
  };
}

Deno.test("runs on songs are compared over songs; old ones say what they lack", () => {
  const base = [0, 1, 2].map((seed) => onSongs(seed, 1.5));
  const variants = [{ name: "better", runs: [0, 1, 2].map((seed) => onSongs(seed, 3)) }];
  const { measures, left } = compareFamily({ base, variants });
  assert.deepEqual(measures.map(({ measure }) => measure), [
    "songs.macroF1",
    "songs.rankingAveragePrecision",
    "songs.recall",
    "songs.precision",
    "songs.hamming",
  ]);
  assert.deepEqual(left, []);
  const [{ variants: [found], rounding }] = measures;
  assert.equal(found.difference.groups, 20);
  assert.equal(found.verdict, "better");
  // four decimals: one of 660 decisions may change
  assert.ok(rounding < 0.01);
  const old = { ...base[0], result: { threshold: 0, songs: base[0].result.songs } };
  assert.throws(
    () => compareFamily({ base: [old], variants }),
    /nothing to compare: songs: 1 of 4 runs kept no scores/,
  );
});

Deno.test("from every row of the figure and the table to its runs and their commands", async () => {
  const figure = comparisonFigure(comparison, { document: { better: 0.012 }, title: "A family" });
  const svg = await toSvg(figure);
  for (const name of ["better", "itself", "one seed", "the document", "A family"]) {
    assert.ok(svg.includes(`>${name}<`), name);
  }
  assert.ok(svg.includes("made-00000000, seeds 0 to 2") && svg.includes("made-00000000, seed 7"));
  const hover = figure.data.flatMap(({ text }) => (text ?? []) as string[]).join();
  const runs = comparisonRuns(comparison).text;
  for (const { runs: own } of comparison.variants) {
    for (const { name, command } of own) {
      for (const shown of [hover, runs]) {
        assert.ok(shown.includes(`experiments/runs/${name}`) && shown.includes(command));
      }
    }
  }
  const points = figure.data.flatMap(({ x }) => x as number[]);
  assert.equal(points.length, 3 + 1);
  const [{ variants: [{ difference }] }] = comparison.measures;
  assert.ok(points.some((x) => Math.abs(x - difference.value) < 1e-5));
  const [measure] = comparison.measures,
    table = comparisonTable({ measure, base: comparison.base });
  assert.match(table.text, /^macro-F1, mixtures of two; irmas_scratch: 0\.\d+ \(3 seeds\)/);
  assert.match(table.text, /one seed .* worse \(these models\)/);
});

Deno.test("a title that does not fit above the plot begins at the picture's left", async () => {
  const startOf = async (title: string) => {
    const svg = await toSvg(comparisonFigure(comparison, { title }));
    return Number(svg.match(/<text class="gtitle"[^>]* x="([\d.]+)"/)![1]);
  };
  assert.equal(await startOf("long ".repeat(20)), 20);
  assert.ok(await startOf("short") > 100);
});
