/**
 * Mel spectrograms side by side with librosa: from samples, from a file, and resampling alone.
 *
 * Ours and the peer take turns, ten repetitions each; a row is the median of all of them. Takes half a minute.
 */
import { decodeFile } from "../lib/audio/decode.ts";
import { resample } from "../lib/audio/resample.ts";
import { encodeWav } from "../lib/audio/wav.ts";
import { randomFrom } from "../lib/core/random.ts";
import { DEFAULT_FRONT_END, IRMAS_MELS_FRONT_END, melOf } from "../lib/features/front_end.ts";
import { median, Peer } from "./peer.ts";
import type { BenchRow } from "./row.ts";

const ROUNDS = 5, REPEATS = 10, SECONDS = 3, RATE = 44100;

/** Rows of milliseconds for a clip of 3 s, 44.1 kHz stereo. */
export async function rows(): Promise<BenchRow[]> {
  const path = await Deno.makeTempFile({ suffix: ".wav" });
  try {
    await Deno.writeFile(path, encodeWav({ sampleRate: RATE, channels: [sound(0), sound(1)] }));
    const peer = await Peer.start("mel_librosa.py", [path]);
    const rows: BenchRow[] = [];
    for (const [name, run] of Object.entries(await work(path))) {
      rows.push(await compare(name, run, peer));
    }
    await peer.stop();
    return rows;
  } finally {
    await Deno.remove(path);
  }
}

/** A falling chord in a little noise. */
function sound(channel: number): Float32Array {
  const random = randomFrom("bench", channel);
  return Float32Array.from({ length: SECONDS * RATE }, (_, t) => {
    const tone = (hz: number) => Math.sin(2 * Math.PI * hz * t / RATE) * Math.exp(-t / RATE);
    return 0.1 * (tone(220) + tone(330) + tone(554)) + random.normal(0, 0.01);
  });
}

/** What is measured, by the names that the peer knows too. */
async function work(path: string): Promise<Record<string, () => unknown>> {
  const { channels: [y] } = await decodeFile(path), y16 = resample(y, RATE, 16000);
  return {
    "mel in dB, n_fft 400, hop 160": () => melOf(y16, DEFAULT_FRONT_END),
    "mel in dB, n_fft 2048, hop 512": () => melOf(y16, IRMAS_MELS_FRONT_END),
    "resample 44.1 to 16 kHz": () => resample(y, RATE, 16000),
    "WAV file to mel in dB, n_fft 400": async () =>
      melOf(await decodeFile(path), DEFAULT_FRONT_END),
  };
}

async function compare(name: string, run: () => unknown, peer: Peer): Promise<BenchRow> {
  const ours: number[] = [], theirs: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const times: number[] = [];
    for (let k = 0; k < REPEATS; k++) {
      const start = performance.now();
      await run();
      times.push(performance.now() - start);
    }
    const peerTimes = await peer.measure(name);
    if (round === 0) continue; // both warm up
    ours.push(...times);
    theirs.push(...peerTimes);
  }
  const [a, b] = [median(ours), median(theirs)];
  return { name, ours: a, peer: b, peerName: peer.name, ratio: a / b, unit: "ms per 3 s clip" };
}
