/** From a score to sound: one stereo stem for every part, dry, through SoundFont synthesis. */
import { SpessaSynthProcessor } from "spessasynth_core";
import type { Banks } from "./banks.ts";
import type { Voice } from "./voices.ts";

/** Sample rate of the demo, hertz: IRMAS's. */
export const SAMPLE_RATE = 44_100;

/** Steps in which events happen, samples: 0.7 ms, far below what is heard as late. */
const STEP = 32;

/** Drums live on this channel in General MIDI. */
const DRUM_CHANNEL = 9;

/** A thing that happens: MIDI message at a time in seconds. Equal times keep their order. */
export type Event =
  | { time: number; kind: "on"; pitch: number; velocity: number }
  | { time: number; kind: "off"; pitch: number }
  /** Vibrato depth (controller 1) or expression (controller 11), 0 to 127. */
  | { time: number; kind: "modulation" | "expression"; value: number }
  /** Pitch wheel, semitones, -2 to 2. */
  | { time: number; kind: "bend"; value: number };

/** What is played on what. */
export interface ScoredPart {
  voice: Voice;
  drums: boolean;
  /** -1 (left) to 1 (right). */
  pan: number;
  /** In order of time. */
  events: readonly Event[];
}

/** Two channels of equal length. */
export interface Stereo {
  left: Float32Array;
  right: Float32Array;
}

/** Silence of `samples` samples. */
export function silence(samples: number): Stereo {
  return { left: new Float32Array(samples), right: new Float32Array(samples) };
}

/**
 * Renders parts, each into a stem of its own, without reverb.
 *
 * A new synthesizer is made for every call, and its random panning and effects are off, so the result depends on
 * nothing but the arguments.
 *
 * @param seconds length of the stems
 * @returns one stem a part, in order
 * @throws Error when a library has no such preset
 */
export async function synthesize(
  parts: readonly ScoredPart[],
  { seconds, banks }: { seconds: number; banks: Banks },
): Promise<Stereo[]> {
  const samples = Math.ceil(seconds * SAMPLE_RATE / STEP) * STEP;
  const stems = parts.map(() => silence(samples));
  for (const library of new Set(parts.map((part) => part.voice.library))) {
    const mine = parts.flatMap((part, k) => part.voice.library === library ? [k] : []);
    const bank = await banks.get(library);
    const synth = new SpessaSynthProcessor(SAMPLE_RATE, {
      eventsEnabled: false,
      effectsEnabled: false,
      maxBufferSize: 128,
    });
    synth.soundBankManager.addSoundBank(bank, library);
    await synth.processorInitialized;
    const outputs = Array.from({ length: 16 }, () => silence(0));
    const queue: { at: number; channel: number; event: Event }[] = [];
    let melodic = 0;
    for (const k of mine) {
      const part = parts[k];
      const channel = part.drums ? DRUM_CHANNEL : melodic++;
      if (melodic === DRUM_CHANNEL) throw new Error("more than nine melodic parts of one library");
      outputs[channel] = stems[k];
      setUp(synth, channel, part);
      for (const event of part.events) {
        queue.push({
          at: Math.max(0, Math.round(event.time * SAMPLE_RATE / STEP)) * STEP,
          channel,
          event,
        });
      }
    }
    queue.sort((a, b) => a.at - b.at);
    run(synth, queue, outputs, samples);
  }
  return stems;
}

function setUp(
  synth: SpessaSynthProcessor,
  channel: number,
  { voice, pan, drums }: ScoredPart,
): void {
  if (!drums) synth.controllerChange(channel, 0, voice.bank);
  synth.programChange(channel, voice.program);
  const preset = synth.midiChannels[channel].preset;
  if (!preset || preset.program !== voice.program) {
    throw new Error(
      `${voice.library} has no preset ${voice.bank}:${voice.program}; it gave ${
        preset?.name ?? "none"
      }`,
    );
  }
  synth.controllerChange(channel, 7, 100);
  synth.controllerChange(channel, 11, 127);
  synth.controllerChange(channel, 10, Math.round(64 + 63 * pan));
}

function run(
  synth: SpessaSynthProcessor,
  queue: readonly { at: number; channel: number; event: Event }[],
  outputs: readonly Stereo[],
  samples: number,
): void {
  const scratch = silence(128);
  const buffers = outputs.map(({ left, right }) =>
    left.length ? [left, right] : [scratch.left, scratch.right]
  );
  let next = 0;
  for (let at = 0; at < samples;) {
    while (next < queue.length && queue[next].at <= at) {
      send(synth, queue[next].channel, queue[next].event);
      next++;
    }
    const until = Math.min(samples, next < queue.length ? queue[next].at : samples);
    const count = Math.min(128, until - at);
    synth.processSplit(buffers, scratch.left, scratch.right, at, count);
    at += count;
  }
}

function send(synth: SpessaSynthProcessor, channel: number, event: Event): void {
  switch (event.kind) {
    case "on":
      return synth.noteOn(channel, event.pitch, event.velocity);
    case "off":
      return synth.noteOff(channel, event.pitch);
    case "modulation":
      return synth.controllerChange(channel, 1, Math.round(event.value));
    case "expression":
      return synth.controllerChange(channel, 11, Math.round(event.value));
    case "bend":
      return synth.pitchWheel(channel, Math.round(8192 + event.value * 4095.5));
  }
}
