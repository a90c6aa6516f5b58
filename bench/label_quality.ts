/**
 * Out-of-fold probabilities for label quality side by side with scikit-learn: logistic regressions of ten folds of as
 * many clips as IRMAS has, 768 numbers each (an embedding's), 11 classes, C = 0.01, standardised by fold.
 *
 * Both stop by the same rule, and where they stop the objective must be the same. Ours (doubles, a fold on each core)
 * and the peer take turns, three rounds; a row is the median. Takes three minutes on two idle cores; where others
 * work on them too, the peer's threads wait for each other and its rows, but for those of a job a core, say little.
 */
import { join } from "node:path";
import { outOfFold } from "../lib/curation/out_of_fold.ts";
import { encodeNpy } from "../lib/core/npy.ts";
import { type Random, randomFrom } from "../lib/core/random.ts";
import { median, Peer } from "./peer.ts";
import type { BenchRow } from "./row.ts";

const ROUNDS = 3, ROWS = 6705, COLUMNS = 768, CLASSES = 11, FOLDS = 10, C = 0.01;
const cores = navigator.hardwareConcurrency;

/** Where fits end (largest entry of the mean loss's gradient), and the peer's ways to get there. */
const ENDS = [
  {
    name: "at the study's end",
    tolerance: 0.1 / (ROWS * (FOLDS - 1) / FOLDS),
    peers: { [`, ${cores} jobs`]: `float64 ${cores}`, "": "float64 1", ", float32": "float32 1" },
  },
  {
    name: "at the minimum",
    tolerance: 1e-7,
    peers: { [`, ${cores} jobs`]: `float64 ${cores}` },
  },
];

/** How far ours may lie above the peer's objective, as a share of it: single precision stops 1e-6 too high itself. */
const EQUAL = 1e-6;

/** Rows of seconds. */
export async function rows(): Promise<BenchRow[]> {
  const folder = await Deno.makeTempDir();
  const data = embeddings(randomFrom("bench", "label quality"));
  const files = {
    x: [data.values, ROWS, COLUMNS],
    y: [data.labels, ROWS],
    fold: [data.folds, ROWS],
  };
  for (const [name, [values, ...shape]] of Object.entries(files)) {
    const bytes = encodeNpy({ data: values as Float64Array, shape: shape as number[] });
    Deno.writeFileSync(join(folder, `${name}.npy`), bytes);
  }
  const peer = await Peer.start("label_quality_sklearn.py", [folder]);
  try {
    const all: BenchRow[] = [];
    for (const end of ENDS) all.push(...await compare(end, data, peer));
    return all;
  } finally {
    await peer.stop();
    await Deno.remove(folder, { recursive: true });
  }
}

interface Embeddings {
  values: Float64Array;
  labels: Float64Array;
  folds: Float64Array;
}

/** What embeddings look like: 64 hidden numbers of falling size, moved by the class, seen in 768 ways; some labels are wrong. */
function embeddings(random: Random): Embeddings {
  const hidden = 64;
  const normals = (count: number) => Float64Array.from({ length: count }, () => random.normal());
  const mixing = normals(hidden * COLUMNS), centres = normals(CLASSES * hidden);
  const values = new Float64Array(ROWS * COLUMNS), labels = new Float64Array(ROWS);
  for (let row = 0; row < ROWS; row++) {
    const label = row % CLASSES, own = values.subarray(row * COLUMNS, (row + 1) * COLUMNS);
    for (let h = 0; h < hidden; h++) {
      const z = (0.8 * centres[label * hidden + h] + random.normal()) / Math.sqrt(1 + h);
      for (let k = 0; k < COLUMNS; k++) own[k] += z * mixing[h * COLUMNS + k];
    }
    for (let k = 0; k < COLUMNS; k++) own[k] += 0.3 * random.normal();
    labels[row] = random.chance(0.06) ? random.integer(0, CLASSES) : label;
  }
  return { values, labels, folds: labels.map((_, row) => Math.floor(row / CLASSES) % FOLDS) };
}

async function compare(
  { name, tolerance, peers }: typeof ENDS[number],
  { values, labels, folds }: Embeddings,
  peer: Peer,
): Promise<BenchRow[]> {
  const ours: number[] = [], theirs = Object.keys(peers).map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    const rows = { values, columns: COLUMNS };
    const { fits } = await outOfFold(rows, labels, { classes: CLASSES, folds, C, tolerance });
    ours.push((performance.now() - start) / 1000);
    for (const [k, settings] of Object.values(peers).entries()) {
      const answer = await peer.ask<{ seconds: number; objectives: number[] }>(
        `fit ${settings} ${C} ${tolerance}`,
      );
      theirs[k].push(answer.seconds);
      const distances = fits.map(({ objective }, fold) => objective / answer.objectives[fold] - 1);
      const distance = Math.max(...distances);
      if (round === 0) {
        console.error(
          `${name}: ours less ${settings}, of it: ${distance.toExponential(1)} at most`,
        );
      }
      if (distance > EQUAL) {
        throw new Error(`${name}, ${settings}: our objective lies ${distance} above the peer's`);
      }
    }
  }
  return Object.keys(peers).map((settings, k) => ({
    name: `${FOLDS} logistic regressions, ${ROWS} x ${COLUMNS}, ${name}`,
    ours: median(ours),
    peer: median(theirs[k]),
    peerName: `${peer.name}${settings}`,
    ratio: median(ours) / median(theirs[k]),
    unit: "s",
  }));
}
