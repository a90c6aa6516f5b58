/**
 * A run of a minute's fraction on made-up spectrograms: `deno run -A tiny_run.ts ROOT [--resume] [--die=MOMENT]
 * [KEY=VALUE...]`. A program of its own, so that a test can kill it, or that it kills itself.
 */
import { randomFrom } from "lib/core/random.ts";
import { runTraining } from "lib/experiments/run_training.ts";
import type { TrainingData } from "lib/experiments/training_data.ts";
import { BASE_CONFIG, parseConfig, type RunConfig, withSettings } from "lib/train/config.ts";
import type { Predictor } from "lib/train/predictor.ts";

const CLIPS = 96, BANDS = 32, FRAMES = 40;

/** Instrument k has its energy in band 2 k. */
export function tinyData(): TrainingData {
  const random = randomFrom("tiny data");
  const bytes = new Uint8Array(CLIPS * BANDS * FRAMES), targets = new Uint8Array(CLIPS * 11);
  for (let clip = 0; clip < CLIPS; clip++) {
    const label = clip % 11;
    targets[clip * 11 + label] = 1;
    for (let band = 0; band < BANDS; band++) {
      for (let t = 0; t < FRAMES; t++) {
        const level = Math.abs(band - 2 * label - 2) < 2 ? 200 : 60;
        bytes[(clip * BANDS + band) * FRAMES + t] = level + random.integer(0, 50);
      }
    }
  }
  const names = Array.from({ length: CLIPS }, (_, k) => `clip ${k}`);
  return {
    clips: { bytes, bands: BANDS, frames: FRAMES, targets, names, recordings: names },
    train: names.map((_, k) => k),
    held: names.map((_, k) => k),
    fingerprint: "tiny",
    async validate(predict) {
      const [logit] = await silence(predict);
      return { "validation/constant": 1, "validation/logit": logit };
    },
    evaluate: async (predict) => ({ threshold: 0.5, logits: await silence(predict) }),
  };
}

/** The logits of one spectrogram of zeros. */
const silence = async (predict: Predictor) =>
  Array.from(
    await predict(new Float32Array(BANDS * FRAMES), { count: 1, bands: BANDS, frames: FRAMES }),
  );

/** Three epochs of twelve steps, head only in the first, dropout and mixing on. */
export function tinyConfig(): RunConfig {
  return parseConfig({
    ...BASE_CONFIG,
    recipe: "tiny",
    seed: 3,
    data: { source: "demo", size: "small" },
    model: { ...BASE_CONFIG.model, stochasticDepthRate: 0.1 },
    epochs: 3,
    headEpochs: 1,
    batchSize: 8,
    augment: { timeShift: true, mixProbability: 0.5 },
  });
}

/** When a run ends itself as `kill -9` does, at exactly that moment; in the order in which a run comes to them. */
const MOMENTS = {
  "half the metrics": () => dieWriting("metrics.jsonl", { share: 0.5, time: 1 }),
  "half a checkpoint": () => dieWriting("checkpoint.safetensors", { share: 0.5, time: 2 }),
  "a checkpoint that is not in its place": () =>
    dieWriting("checkpoint.safetensors", { share: 1, time: 2 }),
  validation(data: TrainingData) {
    data.validate = async (predict) => {
      await silence(predict);
      return die();
    };
  },
  "half the weights": () => dieWriting("weights.safetensors", { share: 0.5, time: 1 }),
  evaluation(data: TrainingData) {
    data.evaluate = async (predict) => {
      await silence(predict);
      return die();
    };
  },
  "half the result": () => dieWriting("result.json", { share: 0.5, time: 1 }),
};

/** The moments' names. */
export const DEADLY_MOMENTS = Object.keys(MOMENTS) as (keyof typeof MOMENTS)[];

function die(): never {
  Deno.kill(Deno.pid, "SIGKILL");
  throw new Error("unreachable: the process is gone");
}

/** Ends the process when a file is written for the so many-th time, with a share of it in its temporary file. */
function dieWriting(file: string, { share, time }: { share: number; time: number }) {
  const { writeFileSync, writeTextFileSync } = Deno;
  let times = 0;
  const isMeant = (path: string | URL) => `${path}`.includes(`${file}.`) && ++times === time;
  Deno.writeFileSync = (path, data, options) => {
    if (!isMeant(path)) return writeFileSync(path, data, options);
    writeFileSync(path, (data as Uint8Array).subarray(0, share * data.length), options);
    die();
  };
  Deno.writeTextFileSync = (path, data, options) => {
    if (!isMeant(path)) return writeTextFileSync(path, data, options);
    writeTextFileSync(path, data.slice(0, share * data.length), options);
    die();
  };
}

if (import.meta.main) {
  const [root, ...args] = Deno.args;
  const settings = args.filter((arg) => arg.includes("=") && !arg.startsWith("--"));
  const stop = new AbortController();
  Deno.addSignalListener("SIGINT", () => stop.abort());
  const moment = args.find((arg) => arg.startsWith("--die="))?.slice("--die=".length);
  const data = tinyData();
  if (moment) MOMENTS[moment as keyof typeof MOMENTS](data);
  const { outcome } = await runTraining(withSettings(tinyConfig(), settings), {
    roots: { shared: root, local: root },
    resume: args.includes("--resume"),
    checkpointSeconds: 0.1,
    signal: stop.signal,
    load: () => Promise.resolve(data),
  });
  console.log(outcome);
  Deno.exit(0);
}
