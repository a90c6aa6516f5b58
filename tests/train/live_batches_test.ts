import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeWav } from "lib/audio/wav.ts";
import { encodeNpy } from "lib/core/npy.ts";
import { parseMelSteps, parseWaveSteps } from "lib/augment/steps.ts";
import { instrumentIndex, INSTRUMENTS } from "lib/datasets/labels.ts";
import { networkInput } from "lib/features/bytes.ts";
import { chunk } from "lib/features/chunks.ts";
import { DEFAULT_FRONT_END, melOf } from "lib/features/front_end.ts";
import { waveformsOf } from "lib/features/waveforms.ts";
import type { Batch } from "lib/train/batches.ts";
import { LiveBatches, type LiveClip } from "lib/train/live_batches.ts";
import { chirp, noise } from "../mel_signals.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

const CLIPS = ["cel", "flu", "pia", "voi"] as const, frontEnd = DEFAULT_FRONT_END;
const config = { seed: 4, batchSize: 3, frontEnd };
const PLAIN = { waveform: [], spectrogram: [] };

/** Four clips of a second, each of another instrument, as files of prepared waveforms. */
function makeClips(folder: string): { clips: LiveClip[]; waveforms: Float32Array[] } {
  const waveforms = CLIPS.map((_, k) => {
    const y = noise(16000), rising = chirp(16000);
    return y.map((v, t) => 0.3 * v * Math.cos(k * t / 50) + (k + 1) / 5 * rising[t]);
  });
  const clips = CLIPS.map((code, k) => {
    const waveform = join(folder, `${code}.npy`), labels = new Uint8Array(INSTRUMENTS.length);
    Deno.writeFileSync(waveform, encodeNpy({ shape: [16000], data: waveforms[k] }));
    labels[instrumentIndex(code)] = 1;
    return { waveform, labels, recording: code };
  });
  return { clips, waveforms };
}

async function take(source: LiveBatches, steps: number[]): Promise<Batch[]> {
  using open = source;
  const batches: Batch[] = [];
  for (const step of steps) batches.push(await open.at(step));
  return batches;
}

Deno.test("without augmentation a batch is the front end's own analysis of its clips", async () => {
  const folder = Deno.makeTempDirSync();
  const { clips, waveforms } = makeClips(folder);
  const [{ input, labels }] = await take(new LiveBatches(clips, { config, steps: PLAIN }), [0]);
  const size = 128 * 300;
  for (let row = 0; row < config.batchSize; row++) {
    const label = labels.subarray(row * 11, (row + 1) * 11).indexOf(1);
    const clip = CLIPS.indexOf(INSTRUMENTS[label] as typeof CLIPS[number]);
    const expected = networkInput(
      chunk([melOf(waveforms[clip], frontEnd)], frontEnd).data,
      frontEnd,
    );
    assert.deepEqual(input.subarray(row * size, (row + 1) * size), expected);
  }
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("clips that are resampled at every use give the batches of those that were resampled once", async () => {
  using folder = new TemporaryFolder();
  const [kept, files] = [[], []] as LiveClip[][];
  for (const [k, code] of CLIPS.entries()) {
    const y = chirp(44100).map((v, t) => v * Math.cos(k * t / 300)),
      path = folder.file(`${code}.wav`);
    const channels = [y, y.map((v) => -0.5 * v)];
    Deno.writeFileSync(path, encodeWav({ sampleRate: 44100, channels }, { bits: 16 }));
    const labels = new Uint8Array(INSTRUMENTS.length);
    labels[instrumentIndex(code)] = 1;
    files.push({ waveform: path, labels, recording: code });
  }
  const { files: entries } = await waveformsOf(files.map(({ waveform }) => waveform), frontEnd, {
    folder: folder.file("features"),
  });
  files.forEach((clip, k) => kept.push({ ...clip, waveform: entries[k] }));
  const steps = { ...PLAIN, waveform: parseWaveSteps([{ kind: "sum", clips: 2 }]) };
  const [once, always] = await Promise.all(
    [kept, files].map((clips) => take(new LiveBatches(clips, { config, steps }), [0, 1])),
  );
  assert.deepEqual(once, always);
});

Deno.test("batches are the same whatever the number of workers, and where a run goes on", async () => {
  const folder = Deno.makeTempDirSync();
  const { clips } = makeClips(folder);
  const steps = {
    waveform: parseWaveSteps([
      { kind: "sum", clips: 3 },
      { kind: "time-shift" },
      { kind: "colored-noise" },
    ]),
    spectrogram: parseMelSteps([{ kind: "frequency-mask" }, { kind: "sum", probability: 0.5 }]),
  };
  const one = await take(new LiveBatches(clips, { config, steps, workers: 1 }), [0, 1, 2, 3, 4]);
  const two = await take(new LiveBatches(clips, { config, steps, workers: 2 }), [0, 1, 2, 3, 4]);
  const later = await take(new LiveBatches(clips, { config, steps, workers: 2 }), [3, 4]);
  assert.deepEqual(two, one);
  assert.deepEqual(later, one.slice(3));
  assert.notDeepEqual(one[0].input, one[1].input);
  // sums of three have at least three labels, and the input stays in a network's range
  for (const { input, labels } of one) {
    for (let row = 0; row < config.batchSize; row++) {
      const count = labels.subarray(row * 11, (row + 1) * 11).reduce((sum, v) => sum + v, 0);
      assert.ok(count >= 3, `${count} labels`);
    }
    assert.ok(input.every((v) => v >= -2 && v <= 2));
  }
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("batches on another scale hold the same decibels", async () => {
  const folder = Deno.makeTempDirSync();
  const { clips } = makeClips(folder);
  const steps = {
    waveform: parseWaveSteps([{ kind: "sum", clips: 3 }]),
    spectrogram: parseMelSteps(["time-mask", "frequency-mask", "erase"].map((kind) => ({ kind }))),
  };
  const [usual, other] = await Promise.all([{}, { networkMean: -25, networkDeviation: 5 }].map(
    async (scaling) => {
      const frontEnd = { ...DEFAULT_FRONT_END, ...scaling }, options = { ...config, frontEnd };
      const [{ input }] = await take(new LiveBatches(clips, { config: options, steps }), [0]);
      return input.map((v) => v * frontEnd.networkDeviation + frontEnd.networkMean);
    },
  ));
  // single precision of values up to 80
  usual.forEach((v, k) => assert.ok(Math.abs(other[k] - v) < 2e-5, `cell ${k}`));
  assert.ok(usual.filter((v) => v === -80).length > 1000, "something is erased");
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("where spectrograms are put one after the other, all examples are as long", async () => {
  const folder = Deno.makeTempDirSync();
  const { clips } = makeClips(folder);
  const spectrogram = parseMelSteps([{ kind: "concat", probability: 0.5 }]);
  const source = new LiveBatches(clips, { config, steps: { waveform: [], spectrogram } });
  assert.equal(source.frames, 600);
  const batches = await take(source, [0, 1, 2, 3]);
  const counts = batches.flatMap(({ input, labels }) => {
    assert.equal(input.length, config.batchSize * 128 * 600);
    return Array.from({ length: config.batchSize }, (_, row) => {
      const count = labels.subarray(row * 11, (row + 1) * 11).reduce((sum, v) => sum + v, 0);
      const band = input.subarray(row * 128 * 600, row * 128 * 600 + 600);
      // the front end repeats a clip of a second: alone, the second half is the first once more
      assert.equal(band.slice(0, 300).join() === band.slice(300).join(), count === 1);
      return count;
    });
  });
  assert.deepEqual(new Set(counts), new Set([1, 2]));
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("a clip that is longer than a network's input is cut, its piece drawn by chance", async () => {
  const folder = Deno.makeTempDirSync();
  const { clips } = makeClips(folder);
  // a click in each of ten seconds: where the excerpt begins shows in where the clicks are
  const long = new Float32Array(160_000);
  for (let second = 0; second < 10; second++) long[second * 16_000 + second * 500] = 1;
  Deno.writeFileSync(clips[0].waveform, encodeNpy({ shape: [long.length], data: long }));
  const source = new LiveBatches([clips[0]], {
    config: { ...config, batchSize: 1 },
    steps: PLAIN,
    workers: 1,
  });
  const batches = await take(source, [0, 1, 2, 3]);
  const different = new Set(batches.map(({ input }) => input.join()));
  assert.equal(different.size, 4);
  for (const { input } of batches) assert.equal(input.length, 128 * 300);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("a waveform that is gone is an error of its step that names the file", async () => {
  const folder = Deno.makeTempDirSync();
  const { clips } = makeClips(folder);
  Deno.removeSync(clips[2].waveform);
  using source = new LiveBatches(clips, { config: { ...config, batchSize: 4 }, steps: PLAIN });
  await assert.rejects(source.at(0), /cannot make a batch: cannot read .*pia\.npy/);
  Deno.removeSync(folder, { recursive: true });
});
