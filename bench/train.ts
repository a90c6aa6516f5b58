/**
 * Published networks side by side with PyTorch, eager and compiled: forward and training step with Adam, and the share of
 * the machine's peak, which is that of large matrix products, that each reaches. All cores.
 *
 * Ours and the peers take turns, `ROUNDS` times: a run that is not counted, since threads and caches are the other side's
 * still, then `RUNS` that are; a row is the median of all. Takes half an hour, half of it for compiling the peer's steps.
 */
import { ast } from "../lib/nn/backbones/ast.ts";
import { convNext } from "../lib/nn/backbones/convnext.ts";
import { efficientNetV2 } from "../lib/nn/backbones/efficientnet_v2.ts";
import { mobileNetV3 } from "../lib/nn/backbones/mobilenet_v3.ts";
import { resNeXt } from "../lib/nn/backbones/resnext.ts";
import { tf } from "../lib/nn/engine/mod.ts";
import type { Backbone } from "../lib/nn/layer.ts";
import { type InputShape, prepareNetwork } from "./network.ts";
import { median, Peer } from "./peer.ts";
import type { BenchRow } from "./row.ts";

const ROUNDS = 5, RUNS = 4;

/** A network and what is measured of it. */
interface Subject {
  build(inputChannels: number): Backbone;
  shape: InputShape;
  what: readonly ("forward" | "step")[];
}

/** On the document's input of three seconds, in batches that suit two cores. */
const trained = (build: Subject["build"]): Subject => ({
  build,
  shape: [8, 128, 300, 3],
  what: ["forward", "step"],
});

/** The networks, by the peer's names. */
export const NETWORKS: Readonly<Record<string, Subject>> = {
  "convnext-atto": trained((inputChannels) =>
    convNext({ size: "atto", inputChannels, layerScale: 1e-6 })
  ),
  "convnext-tiny": trained((inputChannels) =>
    convNext({ size: "tiny", inputChannels, layerScale: 1e-6 })
  ),
  "resnext50-32x4d": trained((inputChannels) => resNeXt({ size: "50-32x4d", inputChannels })),
  "efficientnet-v2-s": trained((inputChannels) =>
    efficientNetV2({ size: "s", style: "torchvision", inputChannels, stochasticDepthRate: 0 })
  ),
  "mobilenet-v3-large": trained((inputChannels) =>
    mobileNetV3({ size: "large", style: "torchvision", inputChannels })
  ),
  // ten seconds
  "ast-base": {
    build: () => ast({ size: "base" }),
    shape: [1, 128, 1024, 1],
    what: ["forward"],
  },
};

/** Networks that are to be measured: `LUMEN_BENCH_ONLY`, names with commas between, or all. */
const only = Deno.env.get("LUMEN_BENCH_ONLY")?.split(",");

/** Rows of milliseconds. */
export async function rows(): Promise<BenchRow[]> {
  const peers = [await Peer.start("train_torch.py", ["eager"])];
  if (Deno.env.get("LUMEN_BENCH_COMPILE") !== "0") {
    peers.push(await Peer.start("train_torch.py", ["compile"]));
  }
  try {
    const peak = matrixPeak();
    console.error(`matrix products: ${(peak / 1e9).toFixed(0)} GFLOP/s`);
    const all: BenchRow[] = [];
    for (const [name, { build, shape, what }] of Object.entries(NETWORKS)) {
      if (only && !only.includes(name)) continue;
      const network = prepareNetwork(build(shape[3]), shape);
      for (const part of what) {
        all.push(...await compare(`${part} ${name}`, { run: network[part], shape, peers, peak }));
      }
      network.dispose();
    }
    return all;
  } finally {
    for (const peer of peers) await peer.stop();
  }
}

/** @param task "forward" or "step", and the network's name */
async function compare(
  task: string,
  { run, shape, peers, peak }: {
    run: () => void;
    shape: InputShape;
    peers: Peer[];
    peak: number;
  },
): Promise<BenchRow[]> {
  const ours: number[] = [], theirs: number[][] = peers.map(() => []);
  const line = `${task} ${shape.join(" ")}`, [what, name] = task.split(" ");
  const timed = () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  };
  const first = timed();
  for (const peer of peers) await peer.measure(`1 ${line}`); // what is made and compiled at the first call
  for (let round = 0; round < ROUNDS; round++) {
    timed();
    for (let k = 0; k < RUNS; k++) ours.push(timed());
    for (const [k, peer] of peers.entries()) {
      theirs[k].push(...(await peer.measure(`${1 + RUNS} ${line}`)).slice(1));
    }
  }
  // PyTorch counts those of its own network's answer; the gradients by inputs and by weights cost as much each
  const forward = await peers[0].ask<number>(`operations ${line}`);
  const operations = what === "forward" ? forward : 3 * forward;
  const a = median(ours), share = (ms: number) => operations / (ms / 1000) / peak;
  const rows = peers.map((peer, k) => {
    const b = median(theirs[k]);
    return {
      name: `${name} ${what}, ${shape.join(" x ")}`,
      ours: a,
      peer: b,
      peerName: peer.name,
      ratio: a / b,
      unit: "ms",
      ofPeak: { ours: share(a), peer: share(b) },
    };
  });
  console.error(
    `${name} ${what}: ${a.toFixed(0)} ms (first ${first.toFixed(0)}), of PyTorch ${
      rows.map(({ ratio }) => ratio.toFixed(2)).join(" and ")
    }, of the peak ${share(a).toFixed(2)}`,
  );
  return rows;
}

/** Floating-point operations a second of products of large matrices, the best of several. */
function matrixPeak(): number {
  const n = 2048, a = tf.randomNormal([n, n]), b = tf.randomNormal([n, n]);
  let best = Infinity;
  for (let k = 0; k < 10; k++) {
    const start = performance.now();
    const product = tf.matMul(a, b);
    product.dataSync();
    best = Math.min(best, performance.now() - start);
    product.dispose();
  }
  tf.dispose([a, b]);
  return 2 * n ** 3 / (best / 1000);
}
