/**
 * A process that decodes damaged files and tells of each, a line of JSON on its output: what came of it, before the
 * next one is begun. It may hang or die of any of them; who started it sees that.
 */
import { damagedFile, type Format } from "./mutate.ts";
import { readCorpus } from "./corpus.ts";

/** What one file came to. */
export interface Report {
  index: number;
  outcome: "sound" | "error" | "failure";
  /** The error's sentence, or what is wrong. */
  message: string;
}

interface Decoder {
  decodeSound(bytes: Uint8Array): { sampleRate: number; channels: Float32Array[] };
}

/** What a decoder may take above its process's own: three times the sound in single precision, and 64 MB. */
const allowedBytes = (samples: number) => 3 * 4 * samples + 64 * 2 ** 20;

/** The promises of `decodeSound`, stated anew. @returns what is broken; "" where nothing is */
export function brokenPromise(
  { sampleRate, channels }: ReturnType<Decoder["decodeSound"]>,
) {
  if (!(channels.length >= 1 && channels.length <= 8)) return `${channels.length} channels`;
  if (!(sampleRate >= 8000 && sampleRate <= 192000)) return `a sample rate of ${sampleRate} Hz`;
  const { length } = channels[0];
  if (length === 0) return "no samples";
  if (channels.some((y) => y.length !== length)) return "channels of several lengths";
  for (const y of channels) {
    const at = y.findIndex((x) => !(Math.abs(x) < 4));
    if (at >= 0) return `sample ${at} is ${y[at]}`;
  }
  return "";
}

/** Whether an error is a sentence for the reader, not what the language throws of itself. */
export function isClear(error: unknown): boolean {
  return error instanceof Error && error.constructor === Error &&
    /^[^\n]{10,300}$/.test(error.message);
}

function decode(decoder: Decoder, bytes: Uint8Array): Omit<Report, "index"> {
  const before = startMemoryWatch();
  let samples = 0, outcome: Report["outcome"] = "sound", message = "";
  try {
    const sound = decoder.decodeSound(bytes);
    message = brokenPromise(sound);
    if (message) outcome = "failure";
    samples = sound.channels.reduce((sum, { length }) => sum + length, 0);
  } catch (error) {
    message = error instanceof Error ? error.message : String(error);
    outcome = isClear(error) ? "error" : "failure";
    if (outcome === "failure") message = `unclear: ${error instanceof Error ? error.stack : error}`;
  }
  const taken = peakMemory() - before;
  if (taken > allowedBytes(samples)) {
    return { outcome: "failure", message: `took ${taken >> 20} MB for ${samples} samples` };
  }
  return { outcome, message };
}

/** Begins a new measurement of the most memory. @returns bytes in use. Linux only: elsewhere both are the present use. */
function startMemoryWatch(): number {
  if (Deno.build.os === "linux") Deno.writeTextFileSync("/proc/self/clear_refs", "5");
  return Deno.memoryUsage().rss;
}

function peakMemory(): number {
  if (Deno.build.os !== "linux") return Deno.memoryUsage().rss;
  return 1024 * Number(Deno.readTextFileSync("/proc/self/status").match(/VmHWM:\s+(\d+)/)![1]);
}

if (import.meta.main) {
  const [module, format, seed, from, to] = Deno.args;
  const decoder: Decoder = await import(module), corpus = readCorpus(format as Format);
  for (const { bytes } of corpus) decoder.decodeSound(bytes); // the process's own memory
  const encoder = new TextEncoder();
  for (let index = Number(from); index < Number(to); index++) {
    const { bytes } = damagedFile(corpus, { format: format as Format, seed: Number(seed), index });
    const report: Report = { index, ...decode(decoder, bytes) };
    Deno.stdout.writeSync(encoder.encode(JSON.stringify(report) + "\n"));
  }
}
