import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { mean } from "lib/core/statistics.ts";
import { Ensemble, ENSEMBLE_KINDS } from "lib/experiments/ensembles.ts";
import { ensemblePredictor, type NetworkCombination } from "lib/experiments/ensemble_networks.ts";
import type { FinishedRun, IrmasResult } from "lib/experiments/evidence.ts";
import { finishedRuns, RunFolder, runName } from "lib/experiments/run_folder.ts";
import { writeSafetensors } from "lib/nn/safetensors.ts";
import { buildNetwork } from "lib/train/model.ts";
import { type NamedValues, Parameters } from "lib/train/parameters.ts";
import { tinyConfig } from "../train/tiny_run.ts";

const runs: FinishedRun<IrmasResult>[] = finishedRuns()
  .filter(({ name }) => /^irmas_scratch-1c752158-seed[0-3]$/.test(name))
  .map((folder) => ({
    name: folder.name,
    config: folder.readRecord().config,
    metrics: [],
    result: folder.readResult<IrmasResult>(),
  }));

Deno.test("an ensemble of one run reaches what its result says", () => {
  const [run] = runs, alone = new Ensemble([run]);
  for (const kind of ENSEMBLE_KINDS) {
    const { heldOut, relabelled } = alone.evaluate(kind), { result } = run;
    // scores are kept with four decimals: a clip or two may have two best ones
    assert.ok(Math.abs(heldOut.accuracy.value - result.heldOut.accuracy.value) < 2.5 / 1342);
    assert.ok(Math.abs(heldOut.macroF1.value - result.heldOut.macroF1.value) < 0.003);
    const ranking = relabelled.rankingAveragePrecision.value;
    assert.ok(Math.abs(ranking - result.relabelled.rankingAveragePrecision.value) < 0.002);
    assert.deepEqual(alone.score(kind).accuracy, heldOut.accuracy.value);
    assert.equal(alone.gain(kind).value, 0);
  }
});

Deno.test("the gain is of two answers of the same runs: no chance between trainings is in it", () => {
  const some = runs.slice(0, 4), ensemble = new Ensemble(some);
  const alone = some.map((run) => new Ensemble([run]).score("meanProbability").accuracy);
  assert.ok(new Set(alone).size > 1);
  const gain = ensemble.gain("meanLogit");
  assert.equal(gain.seedError, 0);
  const expected = ensemble.score("meanLogit").accuracy - mean(alone);
  assert.ok(Math.abs(gain.value - expected) < 1e-12);
});

Deno.test("runs may come in any order, and the same one twice", () => {
  const some = runs.slice(0, 3);
  const [forth, back, twice] = [some, some.toReversed(), [...some, ...some]].map((runs) =>
    new Ensemble(runs)
  );
  for (const kind of ENSEMBLE_KINDS) {
    const expected = forth.heldOut(kind);
    for (const other of [back, twice]) {
      other.heldOut(kind).forEach((p, k) => assert.ok(Math.abs(p - expected[k]) < 1e-6, kind));
    }
  }
  assert.deepEqual(forth.heldOut("meanLogit", [1]), new Ensemble([runs[1]]).heldOut("meanLogit"));
});

Deno.test("runs on other clips, and no runs, are no ensemble", () => {
  const other = structuredClone(runs[1]), { heldOut } = other.result.scores;
  heldOut["cel/another__1"] = heldOut[Object.keys(heldOut)[0]];
  delete heldOut[Object.keys(heldOut)[0]];
  other.name = "other";
  assert.throws(() => new Ensemble([runs[0], other]), /other was scored on other clips than irmas/);
  assert.throws(() => new Ensemble([]), /needs a finished run/);
});

/** Runs with these weights, which are never trained. */
async function runsOf(root: string, weights: NamedValues[]): Promise<RunFolder[]> {
  return await Promise.all(weights.map(async (tensors, seed) => {
    const config = { ...tinyConfig(), seed };
    const folder = new RunFolder(await runName(config), root);
    folder.writeRecord({ config, provenance: undefined as never });
    writeSafetensors(folder.weights, { tensors, metadata: {} });
    return folder;
  }));
}

Deno.test("networks answer together: means of their answers, or one network of their mean weights", async () => {
  const network = buildNetwork(tinyConfig().model), root = Deno.makeTempDirSync();
  const parameters = new Parameters(network.parameters, randomFrom("soup"));
  const centre = parameters.values(), random = randomFrom("around");
  const steps = new Map([...centre].map(([name, { data }]) => [
    name,
    Float32Array.from(data, () => 0.01 * random.normal()),
  ]));
  const moved = (sign: number): NamedValues =>
    new Map([...centre].map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value, k) => value + sign * steps.get(name)![k]) },
    ]));
  const [middle, up, down] = await runsOf(root, [centre, moved(1), moved(-1)]);
  const shape = { count: 3, bands: 32, frames: 40 };
  const input = Float32Array.from({ length: 3 * 32 * 40 }, () => random.normal());
  const ask = (folders: RunFolder[], by: NetworkCombination) =>
    ensemblePredictor(folders, by)(input, shape);
  const near = (a: Float32Array, b: Float32Array, tolerance: number) =>
    a.forEach((value, k) => assert.ok(Math.abs(value - b[k]) < tolerance, `${value} ${b[k]}`));

  const [one, high, low] = await Promise.all([middle, up, down].map((run) => ask([run], "soup")));
  // float32 sums of w + d and w - d
  near(await ask([up, down], "soup"), one, 1e-4);
  near(await ask([down, up], "soup"), one, 1e-4);
  assert.ok(one.some((value, k) => Math.abs(value - high[k]) > 1e-2), "the steps matter");
  for (const by of ["meanProbability", "meanLogit"] as const) {
    near(await ask([middle], by), one, 1e-5);
  }
  near(await ask([up, down], "meanLogit"), high.map((value, k) => (value + low[k]) / 2), 1e-5);

  assert.throws(() => ensemblePredictor([], "soup"), /needs a finished run/);
  const elsewhere = new RunFolder("other-00000000-seed0", root);
  writeSafetensors(elsewhere.weights, { tensors: centre, metadata: {} });
  assert.throws(() => ensemblePredictor([middle, elsewhere], "soup"), /has other settings than/);
  Deno.removeSync(up.weights);
  assert.throws(
    () => ensemblePredictor([up], "soup"),
    /"\.\/lumen train tiny-.*-seed1" makes them/,
  );
  parameters.dispose();
  Deno.removeSync(root, { recursive: true });
});
