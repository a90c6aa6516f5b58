/**
 * Two runs that were made on the processor (oneDNN's and our own operations) and on a GPU (cuDNN's, cuBLAS's, TensorFlow's
 * CUDA kernels; an NVIDIA H200, products of float32 as float32): other libraries sum in other orders, and nothing else
 * differs.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { projectPath } from "lib/core/paths.ts";
import { readJson } from "lib/core/files.ts";
import type { Metric } from "lib/train/loop.ts";

const RUNS = [
  "screen+complete+concat-2-95a94a0d-seed1",
  "screen+complete+concat-3-6d0abc52-seed1",
];
const onProcessor = (run: string) => projectPath("experiments", "runs", run);
const onGpu = (run: string) => projectPath("experiments", "peers", "gpu", run);

/** Values by name, in order. */
function metricsOf(folder: string): Map<string, number[]> {
  const lines = Deno.readTextFileSync(join(folder, "metrics.jsonl")).trim().split("\n");
  const metrics = lines.map((line) => JSON.parse(line) as Metric);
  const byName = Map.groupBy(metrics, ({ name }) => name);
  return new Map([...byName].map(([name, own]) => [name, own.map(({ value }) => value)]));
}

interface RunFile {
  config: unknown;
  provenance: { gpu?: string; dataFingerprint: string; splitFingerprint: string };
}

type Scores = Record<string, number[][] | Record<string, number[]>>;
type ResultFile = { scores: Scores; threshold: number };

/** Of each clip and mixture: which instruments are named, and which is scored best. */
const decisionsOf = (scores: Scores, threshold: number) =>
  Object.values(scores).flatMap((part) => Object.values(part)).map((own) => ({
    named: own.map((score) => score >= threshold),
    best: own.indexOf(Math.max(...own)),
  }));

for (const run of RUNS) {
  Deno.test(`a GPU trains ${run} as the processor does`, () => {
    const [cpu, gpu] = [onProcessor(run), onGpu(run)].map((folder) =>
      readJson<RunFile>(join(folder, "config.json"))
    );
    assert.deepEqual(gpu.config, cpu.config);
    assert.equal(gpu.provenance.dataFingerprint, cpu.provenance.dataFingerprint);
    assert.equal(gpu.provenance.splitFingerprint, cpu.provenance.splitFingerprint);
    assert.equal(cpu.provenance.gpu, undefined);
    assert.match(gpu.provenance.gpu!, /NVIDIA/);

    const metrics = metricsOf(onGpu(run));
    for (const [name, own] of metricsOf(onProcessor(run))) {
      const others = metrics.get(name)!;
      assert.equal(others.length, own.length);
      // a sum of float32 is off by some units of 2^-24, 6e-8; a mean over a batch or over the clips by as little, if
      // 1,176 updates do not let it grow
      for (const [k, value] of own.entries()) {
        assert.ok(Math.abs(others[k] - value) <= 1e-6 * Math.abs(value), `${name} ${k}`);
      }
    }
  });

  Deno.test(`and it decides on every clip of ${run} alike`, () => {
    const [cpu, gpu] = [onProcessor(run), onGpu(run)].map((folder) => {
      const { scores, ...scored } = readJson<ResultFile>(join(folder, "result.json"));
      return { scored, decisions: decisionsOf(scores, scored.threshold) };
    });
    assert.deepEqual(gpu.scored, cpu.scored);
    assert.equal(gpu.decisions.length, 1342 + 297 + 600 + 600);
    assert.deepEqual(gpu.decisions, cpu.decisions);
  });
}
