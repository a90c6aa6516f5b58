import assert from "node:assert/strict";
import { type Experiment, irmasExperiments, leading } from "lib/experiments/experiments.ts";

Deno.test("runs that differ in their seed alone are one experiment; pretraining and rendered audio are none", () => {
  const experiments = irmasExperiments();
  const scratch = experiments.find(({ name }) => name === "irmas_scratch-1c752158")!;
  const seeds = scratch.runs.map(({ config }) => config.seed);
  assert.deepEqual(seeds.slice(0, 3), [0, 1, 2]);
  assert.ok(scratch.runs.every(({ name }) => name.startsWith("irmas_scratch-1c752158-seed")));
  const names = experiments.map(({ name }) => name);
  assert.deepEqual(names, names.toSorted());
  assert.ok(names.every((name) => !/^demo|^irmas_(masked|patches)-/.test(name)), names.join(" "));
  assert.deepEqual(irmasExperiments({ fold: 99 }), []);
});

Deno.test("who leads has the highest mean over its seeds, not the highest seed", () => {
  const experiment = (name: string, ...results: number[]) =>
    ({ name, runs: results.map((result) => ({ result })) }) as Experiment<number>;
  const all = [experiment("lucky", 0.1, 0.9), experiment("steady", 0.6, 0.6), experiment("low", 0)];
  const names = (count?: number) => leading(all, (x) => x, { count }).map(({ name }) => name);
  assert.deepEqual(names(), ["steady", "lucky", "low"]);
  assert.deepEqual(names(1), ["steady"]);
});
