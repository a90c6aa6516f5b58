/**
 * Key detection and its steps side by side with librosa: clips of 3 and of 20 s at 22,050 Hz.
 *
 * Ours and the peer take turns, five repetitions each; a row is the median of all of them. Takes two minutes.
 */
import { decodeFile } from "../lib/audio/decode.ts";
import { encodeWav } from "../lib/audio/wav.ts";
import { randomFrom } from "../lib/core/random.ts";
import { chroma, constantQChroma } from "../lib/dsp/chroma.ts";
import { constantQ } from "../lib/dsp/cqt.ts";
import { extract } from "../lib/dsp/hpss.ts";
import { estimateTuning } from "../lib/dsp/tuning.ts";
import { detectKey, KEY_SAMPLE_RATE as sampleRate } from "../lib/music/key.ts";
import { median, Peer } from "./peer.ts";
import type { BenchRow } from "./row.ts";

const ROUNDS = 4, REPEATS = 5, binsPerOctave = 24;

/** What is measured, by the names that the peer knows too. */
const WORK: Readonly<Record<string, (y: Float32Array) => unknown>> = {
  "harmonic part": (y) => extract("harmonic", y),
  "tuning": (y) => estimateTuning(y, { sampleRate, binsPerOctave }),
  "constant-Q transform": (y) => constantQ(y, { sampleRate, nBins: 168, binsPerOctave }),
  "chroma, constant-Q": (y) => constantQChroma(y, { sampleRate, binsPerOctave }),
  "chroma, Fourier": (y) => chroma(y, { sampleRate }),
  "key": detectKey,
};

/** Rows of milliseconds a clip. */
export async function rows(): Promise<BenchRow[]> {
  const peer = await Peer.start("key_librosa.py"), rows: BenchRow[] = [];
  const path = await Deno.makeTempFile({ suffix: ".wav" });
  try {
    for (const seconds of [3, 20]) {
      await Deno.writeFile(path, encodeWav({ sampleRate, channels: [song(seconds)] }));
      await peer.ask(`clip ${path}`);
      const { channels: [y] } = await decodeFile(path);
      for (const [name, run] of Object.entries(WORK)) {
        rows.push(
          await compare(name, { run: () => run(y), peer, unit: `ms per ${seconds} s clip` }),
        );
      }
    }
    return rows;
  } finally {
    await Deno.remove(path);
    await peer.stop();
  }
}

/** A chord, other notes every half second, and clicks in a little noise. */
function song(seconds: number): Float32Array {
  const random = randomFrom("bench", seconds), beat = sampleRate / 2;
  return Float32Array.from({ length: seconds * sampleRate }, (_, t) => {
    const since = t % beat, step = [0, 5, 7, 3][Math.floor(t / beat) % 4];
    const tone = (note: number) =>
      Math.sin(2 * Math.PI * 110 * 2 ** ((note + step) / 12) * t / sampleRate) *
      Math.exp(-since / 6000);
    return 0.1 * (tone(0) + tone(7) + tone(16) + tone(24)) + (since < 3 ? 0.5 : 0) +
      random.normal(0, 0.005);
  });
}

async function compare(
  name: string,
  { run, peer, unit }: { run: () => unknown; peer: Peer; unit: string },
): Promise<BenchRow> {
  const ours: number[] = [], theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const times: number[] = [];
    for (let k = 0; k < REPEATS; k++) {
      const start = performance.now();
      run();
      times.push(performance.now() - start);
    }
    const peerTimes = await peer.measure(name);
    if (round === 0) continue; // both warm up
    ours.push(...times);
    theirs.push(...peerTimes);
  }
  const [a, b] = [median(ours), median(theirs)];
  return { name, ours: a, peer: b, peerName: peer.name, ratio: a / b, unit };
}
