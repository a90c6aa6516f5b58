import assert from "node:assert/strict";
import { join } from "node:path";
import { readJson, writeJson } from "lib/core/files.ts";
import { projectPath } from "lib/core/paths.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { loadRelabelledClips } from "lib/datasets/published.ts";
import { evenness, gap, spread } from "lib/experiments/claim_estimates/estimate.ts";
import { labelEstimates } from "lib/experiments/claim_estimates/labels.ts";
import { musicEstimates } from "lib/experiments/claim_estimates/music.ts";
import { networkEstimates } from "lib/experiments/claim_estimates/networks.ts";
import { signalEstimates } from "lib/experiments/claim_estimates/signal.ts";
import { studyEstimates } from "lib/experiments/claim_estimates/studies.ts";
import { trainingEstimates } from "lib/experiments/claim_estimates/training.ts";
import { sumLabels } from "lib/experiments/claim_estimates/sums.ts";
import type { Estimate } from "lib/experiments/claims.ts";
import type { FinishedRun, IrmasResult } from "lib/experiments/evidence.ts";
import { readLedger } from "lib/experiments/ledger.ts";

function near(actual: number, expected: number, tolerance = 1e-12): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

async function valueOf(estimate: Estimate | Promise<Estimate>): Promise<number> {
  const found = await estimate;
  if (!("value" in found)) throw new Error(`no number: ${JSON.stringify(found)}`);
  return found.value;
}

/** All sets of `count` of some labels. */
function subsets(labels: number[], count: number): number[][] {
  if (count === 0) return [[]];
  return labels.flatMap((first, k) =>
    subsets(labels.slice(k + 1), count - 1).map((rest) => [first, ...rest])
  );
}

Deno.test("labels of sums are those of all sums that there are, each with its probability", () => {
  const shares = [0.4, 0.3, 0.2, 0.1], labels = [0, 1, 2, 3];
  for (const clips of [1, 2, 3]) {
    const sums = labels.flatMap((first) => {
      const partners = subsets(labels.filter((label) => label !== first), clips - 1);
      return partners.map((others) => ({
        labels: [first, ...others],
        p: shares[first] / partners.length,
      }));
    });
    const p = (...wanted: number[]) =>
      sums.filter((sum) => wanted.every((label) => sum.labels.includes(label)))
        .reduce((total, sum) => total + sum.p, 0);
    const correlations = subsets(labels, 2).map(([a, b]) =>
      (p(a, b) - p(a) * p(b)) / Math.sqrt(p(a) * (1 - p(a)) * p(b) * (1 - p(b)))
    );
    const found = sumLabels(shares, clips);
    labels.forEach((label) => near(found.shares[label], p(label)));
    near(found.strongest, Math.max(...correlations.map(Math.abs)));
  }
});

Deno.test("evenness, spread and gaps", () => {
  near(evenness([5, 5, 5, 5]), 1);
  near(evenness([5, 0, 0, 0]), 0);
  near(evenness([1, 1, 0, 0]), 0.5);
  near(spread([2, 8, 4]), 4);
  const { note: _, ...found } = gap({ value: 3, low: 2, high: 4 }, { value: 1, low: 0, high: 2 });
  assert.deepEqual(found, { value: 2, low: 0, high: 4 });
});

Deno.test("what the ledger has too is the ledger's", async () => {
  const ours = (id: string) => readLedger().find((row) => row.id === id)!.ours as number;
  // the ledger keeps seven digits
  near(100 * await valueOf(labelEstimates["relabelled: several"]()), ours("D5.several"), 1e-5);
  near(100 * await valueOf(labelEstimates["relabelled: lacking"]()), ours("D5.lacking"), 1e-5);
  near(100 * await valueOf(labelEstimates["relabelled: exact"]()), ours("D5.exact"), 1e-5);
  near(
    await valueOf(musicEstimates["tempo: skewness, single"]()),
    ours("D18.skewness_single"),
    1e-7,
  );
  near(await valueOf(musicEstimates["tempo: skewness, multi"]()), ours("D18.skewness_multi"), 1e-7);
});

Deno.test("keys with few signs, from the published counts of keys by name", async () => {
  const counts = (id: string) => readLedger().find((row) => row.id === id)!.ours as number[];
  const [major, minor] = [counts("D17.keys_major"), counts("D17.keys_minor")];
  const tones = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];
  const sum = (counted: number[], names: string) =>
    names.split(" ").reduce((total, name) => total + counted[tones.indexOf(name)], 0);
  const few = sum(major, "C G D A F A# D#") + sum(minor, "A E B F# D G C");
  near(await valueOf(musicEstimates["keys with at most three sharps or flats"]()), few / 6705);
});

Deno.test("noise: shares of power are those of a sum over narrow bands", async () => {
  for (const [name, slope] of [["pink", 1], ["brown", 2]] as const) {
    const step = 0.05,
      power = (from: number) => {
        let sum = 0;
        for (let hz = from + step / 2; hz < 8000; hz += step) sum += step / hz ** slope;
        return sum;
      };
    near(
      await valueOf(signalEstimates[`${name} noise above 1 kHz`]()),
      power(1000) / power(20),
      1e-6, // the midpoint rule's error at the lowest bands
    );
  }
});

Deno.test("the networks' parameters are those that PyTorch counts", async () => {
  const counted = readJson<Record<string, { parameters: number }>>(
    projectPath("tests", "fixtures", "nn", "cost", "cost.json"),
  );
  const million = (name: string) => valueOf(signalEstimates[`${name}, million parameters`]());
  near(await million("MobileNetV3-L"), counted.mobilenetv3_large_100.parameters / 1e6);
  near(await million("ConvNeXt-S"), counted.convnext_small.parameters / 1e6);
});

Deno.test("a verdict's number follows the study's file, and says when it is not there", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const estimates = studyEstimates(folder), name = "without doubtful clips: real, neighbours";
    assert.deepEqual(estimates[name](), { missing: "there is no experiments/label_quality.json" });
    const write = (retraining: unknown[]) =>
      writeJson(join(folder, "label_quality.json"), { sets: [], retraining });
    write([]);
    assert.deepEqual(estimates[name](), {
      missing: "experiments/label_quality.json has no such row",
    });
    const gain = { value: 0.5, low: 0.4, high: 0.6 };
    write([{ set: "real, 28 features", model: "5 nearest neighbours", gain }]);
    assert.deepEqual(estimates[name](), gain);

    const quantity = (value: number) => ({ value, low: value - 0.1, high: value + 0.1 });
    const attention = [2, 3].map((own) => ({ own: quantity(own), difference: quantity(own / 2) }));
    const areas = [5, 7].flatMap((x) =>
      ["enters", "lasts"].map((asked, k) => ({
        asked,
        leads: { whole: quantity(x + k), squeezed: quantity(x + k + 10) },
        leadOfFirst: quantity(x + k + 20),
      }))
    );
    writeJson(join(folder, "joined_clips.json"), {
      "screen+complete": { runs: ["a"], areas },
      "screen+canvas": { runs: ["a"], areas },
      "screen+wide+deep+fluffy-attention": { runs: ["a", "b"], areas, attention },
    });
    const told = (name: string) => estimates[name]() as { value: number; low: number };
    // of the longest strips; attention is 1 where all moments are looked at alike
    assert.equal(told("what enters in 18 s: highest of pieces less the whole").value, 7);
    assert.equal(told("what lasts in 18 s: highest of pieces less the whole squeezed").value, 18);
    assert.equal(
      told("what enters in 18 s: highest of pieces less a network of the canvas").value,
      27,
    );
    const over = told("attention to what enters, over that of all moments");
    near(over.value, 2);
    near(over.low, 1.9);
    near(told("attention to what enters, over that of heads of absent instruments").value, 1.5);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

/** Scores with 1 for some instruments and 0 for the others. */
const scoring = (...codes: string[]) => INSTRUMENTS.map((code) => Number(codes.includes(code)));

Deno.test("networks: what they decide on clips whose answer is known", async () => {
  const relabelled = loadRelabelledClips().slice(0, 20);
  const result = {
    relabelled: { thresholds: [0.5] },
    scores: {
      // two cellos taken for violins, one for a trumpet; a violin that is found
      heldOut: {
        "cel/a__1": scoring("vio"),
        "cel/b__1": scoring("vio"),
        "cel/c__1": scoring("tru"),
        "vio/d__1": scoring("vio"),
      },
      // the label of the name is always found, and nothing else
      relabelled: Object.fromEntries(
        relabelled.map(({ file, original }) => [
          `${original}/${file.replace(".wav", "")}`,
          scoring(original),
        ]),
      ),
    },
  } as unknown as IrmasResult;
  const runs = [{ result }] as unknown as FinishedRun<IrmasResult>[];
  const estimates = networkEstimates({ runsOf: () => Promise.resolve(runs), leader: () => runs });
  near(await valueOf(estimates["cello: as violin less as trumpet"]()), 2 / 3 - 1 / 3);
  // of three errors two stay in the family; a string has one of ten others in its own
  near(await valueOf(estimates["errors inside the family less by chance"]()), 2 / 3 - 1 / 10);
  near(await valueOf(estimates["clips without any instrument at one half"]()), 0);
  const others = relabelled.some(({ labels, original }) =>
    labels.some((code) => code !== original)
  );
  assert.ok(others, "some clips hold a second instrument");
  near(await valueOf(estimates["recall: leading less other instruments"]()), 1);

  const none = networkEstimates({ runsOf: () => Promise.resolve([]), leader: () => [] });
  for (const [name, estimate] of Object.entries(none)) {
    assert.ok("missing" in await estimate(), name);
  }
});

Deno.test("networks: single instruments of one that knows the voice alone", async () => {
  const relabelled = Object.fromEntries(
    loadRelabelledClips().map(({ file, original, labels }) => [
      `${original}/${file.replace(".wav", "")}`,
      scoring(...labels.filter((code) => code === "voi")),
    ]),
  );
  const runs = [{
    config: { recipe: "a_recipe" },
    result: { relabelled: { thresholds: [0.5] }, scores: { heldOut: {}, relabelled } },
  }] as unknown as FinishedRun<IrmasResult>[];
  const estimates = networkEstimates({ runsOf: () => Promise.resolve([]), leader: () => runs });
  near(await valueOf(estimates["F1: voice less the best other"]()), 1);
  near(await valueOf(estimates["F1: voice less clarinet, trumpet and cello"]()), 1);
  near(await valueOf(estimates["F1: cello and clarinet less the others"]()), -1 / 9);
  near(await valueOf(estimates["F1: piano less the median"]()), 0);
  // who gives all clips one score is right in half of the pairs
  near(await valueOf(estimates["ROC area: voice less the median"]()), 0.5);
  near(await valueOf(estimates["ROC area: organ less the median"]()), 0);
});

Deno.test("what unfreezing does to F1, and how much longer one network takes than another", async () => {
  const run = (headEpochs: number, name: string, values: number[]) =>
    ({
      name: "made",
      config: { headEpochs },
      metrics: values.map((value, epoch) => ({
        name: `validation/${name}`,
        epoch,
        step: epoch,
        value,
      })),
    }) as unknown as FinishedRun<IrmasResult>;
  const recipes: Record<string, FinishedRun<IrmasResult>[]> = {
    "irmas_yamnet+head-3": [
      run(3, "macroF1", [0.1, 0.15, 0.2, 0.6, 0.7, 0.65]),
      run(3, "macroF1", [0.1, 0.2, 0.2, 0.6, 0.65]),
      run(3, "loss", [0.5, 0.4, 0.3, 0.2, 0.25]),
      run(3, "loss", [0.6, 0.5, 0.4, 0.26, 0.2]),
      // there is no epoch of the head alone to hold it against
      run(1, "macroF1", [0.1, 0.9]),
    ],
    irmas_lstm: [0, 1].map((k) => run(0, "accuracy", [0.3, 0.5 + k / 100, 0.6, 0.6])),
    irmas_conv_lstm: [0, 1].map((k) => run(0, "accuracy", [0.1, 0.3, 0.5 + k / 100, 0.6])),
  };
  const estimates = trainingEstimates({ runsOf: (recipe) => Promise.resolve(recipes[recipe]) });
  // 0.4 less 0.1, in both: the largest of the others is one of all in the first, one of the head alone in the second
  near(
    await valueOf(estimates["F1: gain where the backbone is unfrozen less the largest other"]()),
    0.3,
  );
  near(
    await valueOf(estimates["loss on held-out clips: rise where the backbone is unfrozen"]()),
    -0.12,
  );
  // the level is 0.54: one epoch later, whatever lies between
  near(await valueOf(estimates["epochs to converge: ConvLSTM less LSTM"]()), 1);
  const none = trainingEstimates({ runsOf: () => Promise.resolve([]) });
  for (const estimate of Object.values(none)) assert.ok("missing" in await estimate());
});
