/**
 * Support vector machines side by side with scikit-learn (LIBSVM, liblinear): one for each of the 11 instruments on the
 * 6,703 real clips' 28 features, brought to [0, 1]; RBF with C = 250 and linear with C = 1, as in the document.
 *
 * Each on one core, from the features to the fitted machines; ours and the peer take turns, and a row is the median. What
 * they find must be the same. Takes two minutes.
 */
import { join } from "node:path";
import { fitLinearSvc } from "../lib/baselines/linear_svc.ts";
import { applyScaler, fitMinMax } from "../lib/baselines/scaler.ts";
import { fitMultilabelSvm } from "../lib/baselines/svm.ts";
import { encodeNpy } from "../lib/core/npy.ts";
import { instrumentIndex, INSTRUMENTS } from "../lib/datasets/labels.ts";
import { loadFeatures } from "../lib/datasets/published.ts";
import { median, Peer } from "./peer.ts";
import type { BenchRow } from "./row.ts";

const ROUNDS = 3;

/** What a side found: compared, not shown. */
interface Found {
  intercepts: number[];
  support?: number[];
  weights?: number[][];
}

/** Where liblinear stops: at this share of the first gradient, by scikit-learn's tolerance and the rarer sign's share. */
function peerTolerance(signs: Float64Array): number {
  const positive = signs.filter((sign) => sign > 0).length;
  return 1e-4 * Math.min(positive, signs.length - positive) / signs.length;
}

/**
 * How far the sides may differ, weights as a share of the largest. The kernel machines stop at violations of 1e-3, the
 * linear ones at the same share of the first gradient.
 */
const EQUAL = { intercept: 0.02, support: 8, weight: 0.02 };

/** Rows of seconds. */
export async function rows(): Promise<BenchRow[]> {
  const folder = await Deno.makeTempDir();
  const { values, features, labels } = loadFeatures("irmas_single_features_28");
  const raw = { values, columns: features.length }, x = applyScaler(fitMinMax(raw), raw);
  const y = Float64Array.from(labels, ([label]) => instrumentIndex(label));
  const targets = Uint8Array.from({ length: y.length * INSTRUMENTS.length }, (_, k) => {
    return y[Math.floor(k / INSTRUMENTS.length)] === k % INSTRUMENTS.length ? 1 : 0;
  });
  const save = (name: string, data: Float64Array, shape: number[]) =>
    Deno.writeFileSync(join(folder, `${name}.npy`), encodeNpy({ data, shape }));
  save("x", x.values, [y.length, x.columns]);
  save("y", y, [y.length]);
  const size = `${INSTRUMENTS.length} machines, ${y.length} x ${x.columns}`;
  const peer = await Peer.start("svm_sklearn.py", [folder]);
  try {
    return [
      await compare(`RBF, C = 250: ${size}`, () => {
        const { machines } = fitMultilabelSvm(x, targets, { labels: INSTRUMENTS.length, C: 250 });
        return {
          intercepts: machines.map(({ intercept }) => intercept),
          support: machines.map(({ support }) => support.length),
        };
      }, { peer, ask: "rbf 250" }),
      await compare(`linear, C = 1: ${size}`, () => {
        const machines = INSTRUMENTS.map((_, label) => {
          const signs = y.map((own) => own === label ? 1 : -1);
          return fitLinearSvc(x, signs, { C: 1, tolerance: peerTolerance(signs) });
        });
        return {
          intercepts: machines.map(({ intercept }) => intercept),
          weights: machines.map(({ weights }) => [...weights]),
        };
      }, { peer, ask: "linear 1" }),
    ];
  } finally {
    await peer.stop();
    await Deno.remove(folder, { recursive: true });
  }
}

async function compare(
  name: string,
  run: () => Found,
  { peer, ask }: { peer: Peer; ask: string },
): Promise<BenchRow> {
  const ours: number[] = [], theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now(), found = run();
    ours.push((performance.now() - start) / 1000);
    const answer = await peer.ask<Found & { seconds: number }>(ask);
    theirs.push(answer.seconds);
    if (round === 0) assertSame(name, found, answer);
  }
  const ratio = median(ours) / median(theirs);
  return {
    name,
    ours: median(ours),
    peer: median(theirs),
    peerName: peer.name,
    ratio,
    unit: "s",
  };
}

/** @throws Error when the two did not find the same machines, which makes their times incomparable */
function assertSame(name: string, ours: Found, theirs: Found): void {
  const farthest = (a: number[] = [], b: number[] = []) =>
    a.reduce((most, x, k) => Math.max(most, Math.abs(x - b[k])), 0);
  const distances = {
    intercept: farthest(ours.intercepts, theirs.intercepts),
    support: farthest(ours.support, theirs.support),
    weight: farthest(ours.weights?.flat(), theirs.weights?.flat()) /
      Math.max(...(theirs.weights?.flat() ?? [1]).map(Math.abs)),
  };
  console.error(`${name}: ours and the peer's differ by ${JSON.stringify(distances)} at most`);
  for (const [what, most] of Object.entries(EQUAL)) {
    const distance = distances[what as keyof typeof EQUAL];
    if (!(distance <= most)) {
      throw new Error(`${name}: our ${what} differs from the peer's by ${distance}`);
    }
  }
}
