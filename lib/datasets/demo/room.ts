/** What happens to a mix after the players: tone, room, noise floor, level. */
import type { Random } from "../../core/random.ts";
import { SAMPLE_RATE, silence, type Stereo } from "./synthesize.ts";

/** A recording's room and chain. */
export interface Room {
  /** Seconds until the reverberation has fallen by 60 dB. */
  decay: number;
  /** Level of the reverberation, dB relative to the dry sound's feed. */
  wet: number;
  /** Slope of the whole spectrum: dB between above 1 kHz and below. */
  tilt: number;
  /** Cut-off of an old or dull recording's low-pass, hertz; 0: none. */
  lowPass: number;
  /** Noise floor, dB relative to full scale (RMS). */
  noise: number;
  /** 0: white noise, 1: noise through a one-pole low-pass at 1 kHz. */
  noiseColour: number;
}

/**
 * Draws a room: from a dry studio to a church, from a clean chain to an old one.
 *
 * @param brightness mean tilt of the genre's productions, dB
 */
export function drawRoom(random: Random, brightness: number): Room {
  return {
    decay: 0.25 * 2 ** random.uniform(0, 3.3),
    wet: random.uniform(-24, -7),
    tilt: random.normal(brightness, 3),
    lowPass: random.chance(0.35) ? 4000 * 2 ** random.uniform(0, 1.6) : 0,
    noise: random.uniform(-82, -52),
    noiseColour: random.uniform(),
  };
}

/** Delays of the combs and all-passes in samples at 44.1 kHz: mutually prime, so that echoes do not pile up. */
const COMBS = [1117, 1187, 1279, 1361, 1423, 1493, 1559, 1621];
const ALL_PASSES = [223, 557, 443, 347];
/** The right channel's delays are longer by this: decorrelation makes width. */
const SPREAD = 29;

/** Schroeder's reverberator (1962): parallel damped combs, then all-passes in series. */
function reverberate(input: Float32Array, decay: number, spread: number): Float32Array {
  const out = new Float32Array(input.length);
  for (const base of COMBS) {
    const delay = base + spread;
    const line = new Float32Array(delay);
    const feedback = 10 ** (-3 * delay / SAMPLE_RATE / decay);
    let low = 0, k = 0;
    for (let n = 0; n < input.length; n++) {
      const y = line[k];
      low += 0.75 * (y - low); // High notes die first, as in air.
      line[k] = input[n] + low * feedback;
      out[n] += y;
      if (++k === delay) k = 0;
    }
  }
  for (const base of ALL_PASSES) {
    const delay = base + spread;
    const line = new Float32Array(delay);
    let k = 0;
    for (let n = 0; n < out.length; n++) {
      const delayed = line[k];
      const x = out[n];
      out[n] = delayed - 0.5 * x;
      line[k] = x + 0.5 * out[n];
      if (++k === delay) k = 0;
    }
  }
  return out;
}

/** Adds the room's reverberation to a dry mix. */
function addReverb(mix: Stereo, { decay, wet }: Room): void {
  const feed = mix.left.map((x, n) => (x + mix.right[n]) / 2);
  const gain = 10 ** (wet / 20) / Math.sqrt(COMBS.length);
  const left = reverberate(feed, decay, 0);
  const right = reverberate(feed, decay, SPREAD);
  for (let n = 0; n < feed.length; n++) {
    mix.left[n] += gain * left[n];
    mix.right[n] += gain * right[n];
  }
}

/** One-pole tilt about 1 kHz, and a two-pole low-pass where there is one. */
function colour(y: Float32Array, { tilt, lowPass }: Room): void {
  const high = 10 ** (tilt / 40), low = 1 / high;
  const a = 1 - Math.exp(-2 * Math.PI * 1000 / SAMPLE_RATE);
  const b = lowPass > 0 ? 1 - Math.exp(-2 * Math.PI * lowPass / SAMPLE_RATE) : 1;
  let body = 0, first = 0, second = 0;
  for (let n = 0; n < y.length; n++) {
    body += a * (y[n] - body);
    const x = low * body + high * (y[n] - body);
    first += b * (x - first);
    second += b * (first - second);
    y[n] = second;
  }
}

function addNoise(y: Float32Array, room: Room, random: Random): void {
  const a = 1 - Math.exp(-2 * Math.PI * 1000 / SAMPLE_RATE);
  const level = 10 ** (room.noise / 20) * Math.sqrt(3); // Uniform noise in [-1, 1] has an RMS of 1 / sqrt(3).
  let low = 0;
  for (let n = 0; n < y.length; n++) {
    const white = random.uniform(-1, 1);
    low += a * (white - low);
    y[n] += level * (white + room.noiseColour * (3 * low - white));
  }
}

/** Root mean square of both channels together. */
export function rms({ left, right }: Stereo): number {
  let sum = 0;
  for (let n = 0; n < left.length; n++) sum += left[n] * left[n] + right[n] * right[n];
  return Math.sqrt(sum / (2 * left.length));
}

/** Sums stems, each brought to a level in dB relative to full scale (RMS over the stem); a silent one stays so. */
export function mixStems(stems: readonly Stereo[], levels: readonly number[]): Stereo {
  const mix = silence(stems[0].left.length);
  stems.forEach((stem, k) => {
    const level = rms(stem);
    if (level === 0) return;
    const gain = 10 ** (levels[k] / 20) / level;
    for (let n = 0; n < mix.left.length; n++) {
      mix.left[n] += gain * stem.left[n];
      mix.right[n] += gain * stem.right[n];
    }
  });
  return mix;
}

/** Where limiting begins, what it stays below, and the peak that may be driven into it at the most. */
const KNEE = 0.6, CEILING = 0.94, DRIVE = 2.5;

/** Soft limiting, as in loud productions: exact below the knee. */
function limited(x: number): number {
  const over = Math.abs(x) - KNEE;
  if (over <= 0) return x;
  return Math.sign(x) * (KNEE + (CEILING - KNEE) * Math.tanh(over / (CEILING - KNEE)));
}

/**
 * Puts a dry mix into its room, in place: reverberation, tone, level, limiter, noise floor.
 *
 * @param level RMS of the mono sum in dB relative to full scale; less where peaks would be driven too far into the limiter
 */
export function finish(
  mix: Stereo,
  room: Room,
  { level, random }: { level: number; random: Random },
): void {
  addReverb(mix, room);
  colour(mix.left, room);
  colour(mix.right, room);
  let peak = 0, power = 0;
  for (let n = 0; n < mix.left.length; n++) power += ((mix.left[n] + mix.right[n]) / 2) ** 2;
  const loudness = Math.sqrt(power / mix.left.length);
  for (const y of [mix.left, mix.right]) for (const x of y) peak = Math.max(peak, Math.abs(x));
  const gain = Math.min(
    10 ** (level / 20) / Math.max(loudness, 1e-9),
    DRIVE / Math.max(peak, 1e-9),
  );
  for (const y of [mix.left, mix.right]) {
    for (let n = 0; n < y.length; n++) y[n] = limited(gain * y[n]);
    addNoise(y, room, random);
  }
}
