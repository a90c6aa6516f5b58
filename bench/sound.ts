/**
 * Sound side by side with librosa (with soundfile and antropy) and torchaudio: 3 s of music, one thread; then mel
 * spectrograms of as many files as IRMAS has to learn from, on all cores.
 *
 * Ours and the peers take turns, five rounds after one to warm up; a row is the median of all repetitions. Takes six
 * minutes.
 */
import { decodeFile } from "../lib/audio/decode.ts";
import { toMono } from "../lib/audio/mono.ts";
import { resample } from "../lib/audio/resample.ts";
import { projectPath } from "../lib/core/paths.ts";
import { melPower } from "../lib/dsp/mel.ts";
import { pitchShift } from "../lib/dsp/pitch_shift.ts";
import { timeStretch } from "../lib/dsp/time_stretch.ts";
import { classicalFeatures } from "../lib/features/classical.ts";
import { DEFAULT_FRONT_END, IRMAS_MELS_FRONT_END } from "../lib/features/front_end.ts";
import { detectKey } from "../lib/music/key.ts";
import { onsetStrength } from "../lib/music/onset.ts";
import { tempo } from "../lib/music/tempo.ts";
import { median, Peer } from "./peer.ts";
import type { BenchRow } from "./row.ts";

/** Rounds that count, and how long ours works in each. */
const ROUNDS = 5, ROUND_MS = 150;
const FILES = 6705, FILE_ROUNDS = 3;

/** Rows of milliseconds, and of seconds for the data set. */
export async function rows(): Promise<BenchRow[]> {
  const folder = await Deno.makeTempDir();
  const peer = await Peer.start("sound_python.py", [folder]);
  try {
    const all: BenchRow[] = [];
    for (const [name, run] of Object.entries(work(folder))) {
      all.push(...await compare(name, run, peer));
    }
    all.push(...await compareDatasets(folder, peer));
    return all;
  } finally {
    await peer.stop();
    await Deno.remove(folder, { recursive: true });
  }
}

/** What is measured, by the names that the peers know too. */
function work(folder: string): Record<string, () => unknown> {
  const sound = decodeFile(`${folder}/music.wav`), y = toMono(sound);
  const y16 = resample(y, sound.sampleRate, 16000);
  const sampleRate = 22050, y22 = resample(y, sound.sampleRate, sampleRate);
  const decode = (ending: string) => () => decodeFile(`${folder}/music.${ending}`);
  return {
    "decode WAV": decode("wav"),
    "decode float WAV": decode("float.wav"),
    "decode FLAC": decode("flac"),
    "decode Ogg Vorbis": decode("ogg"),
    "decode MP3": decode("mp3"),
    "resample 44.1 to 16 kHz": () => resample(y, sound.sampleRate, 16000),
    "mel, n_fft 400, hop 160": () => melPower(y16, DEFAULT_FRONT_END),
    "mel, n_fft 2048, hop 512": () => melPower(y16, IRMAS_MELS_FRONT_END),
    "28 features": () => classicalFeatures(y22),
    "key": () => detectKey(y22),
    "tempo": () => tempo(onsetStrength(y22, { sampleRate }), { sampleRate }),
    "pitch shift, 2 semitones": () => pitchShift(y22, 2),
    "time stretch, 1.25": () => timeStretch(y22, 1.25),
  };
}

/** One row for each peer that can do it. */
async function compare(name: string, run: () => unknown, peer: Peer): Promise<BenchRow[]> {
  const ours: number[] = [], theirs: Record<string, number[]> = { librosa: [], torchaudio: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    const times = await timesOf(run);
    if (round > 0) ours.push(...times); // in the first one all warm up
    for (const [peerName, measured] of Object.entries(theirs)) {
      const times = await peer.ask<number[] | null>(`measure ${peerName} ${name}`);
      if (round > 0) measured.push(...times ?? []);
    }
  }
  return Object.entries(theirs).filter(([, times]) => times.length > 0).map(([peerName, times]) =>
    row(`${name}, 3 s`, { ours: median(ours), peer: median(times), peerName, unit: "ms" })
  );
}

async function timesOf(run: () => unknown): Promise<number[]> {
  const times: number[] = [], end = performance.now() + ROUND_MS;
  while (times.length === 0 || performance.now() < end) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times;
}

/** From files to mel spectrograms: all cores beside librosa's processes, and beside one core of ours. */
async function compareDatasets(folder: string, peer: Peer): Promise<BenchRow[]> {
  const paths = Array.from({ length: FILES }, (_, k) => `${folder}/${k}.wav`);
  for (const path of paths) await Deno.symlink(`${folder}/music.wav`, path);
  const program = [Deno.execPath(), "run", "--quiet", "--allow-all", "--config"]
    .concat(projectPath("deno.json"), projectPath("bench", "mel_files.ts"), folder, `${FILES}`);
  const seconds = async (...pin: string[]) => {
    const [command, ...args] = [...pin, ...program];
    const { stdout } = await new Deno.Command(command, { args, stderr: "inherit" }).output();
    return Number(new TextDecoder().decode(stdout));
  };
  const times = { all: [] as number[], one: [] as number[], peer: [] as number[] };
  for (let round = 0; round <= FILE_ROUNDS; round++) {
    // all of a process on one core: what its main thread and its collector do too
    const [all, one] = [await seconds(), await seconds("taskset", "-c", "0")];
    const theirs = await peer.ask<number>(`dataset ${paths.join(" ")}`);
    if (round === 0) continue;
    times.all.push(all);
    times.one.push(one);
    times.peer.push(theirs);
  }
  const name = `mel in dB of ${FILES} WAV files, ${navigator.hardwareConcurrency} cores`;
  const ours = median(times.all);
  return [
    row(name, { ours, peer: median(times.peer), peerName: "librosa", unit: "s" }),
    row(name, { ours, peer: median(times.one), peerName: "Lumen, one core", unit: "s" }),
  ];
}

function row(name: string, values: Omit<BenchRow, "name" | "ratio">): BenchRow {
  return { name, ...values, ratio: values.ours / values.peer };
}
