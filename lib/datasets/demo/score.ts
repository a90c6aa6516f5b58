/** From a job to a score: who plays what, how loud, and every MIDI event of it. */
import type { Random } from "../../core/random.ts";
import type { Instrument } from "../labels.ts";
import { composePart, type Note, type Piece, type Playing } from "./compose.ts";
import type { Job } from "./job.ts";
import type { Event, ScoredPart } from "./synthesize.ts";
import { MANNERS, type Role, type Voice } from "./voices.ts";

/** A part with its place in the mix. */
export interface MixedPart extends ScoredPart {
  /** The class that it sounds; null for bass and drums. */
  instrument: Instrument | null;
  /** Level in the mix, dB (RMS over the stem); 0 is the leading part's. */
  level: number;
}

const clamp = (x: number, low: number, high: number) => Math.min(high, Math.max(low, x));

/** Seconds before the first beat. */
const LEAD_IN = 0.05;

/**
 * Writes the score of a job: one part a label, then bass and drums where the job has them.
 *
 * @returns parts in the labels' order; events cover the whole of `job.seconds`
 */
export function scoreJob(job: Job, random: Random): MixedPart[] {
  const secondsPerBar = 60 / job.tempo * job.beatsPerBar;
  const bars = Math.ceil((job.seconds - LEAD_IN) / secondsPerBar) + 1;
  const piece: Piece = {
    genre: job.genre,
    beatsPerBar: job.beatsPerBar,
    tempo: job.tempo,
    tonic: job.key.tonic,
    harmony: Array.from({ length: bars }, (_, k) => job.harmony[k % job.harmony.length]),
  };
  const roles = assignRoles(job.players.map((player) => player.instrument), random);
  const solo = job.players.length === 1;
  const parts = job.players.map(({ instrument, voice }, k): MixedPart => {
    const own = random.fork("part", k);
    const role = roles[k];
    const playing = drawPlaying(own, instrument, voice, role);
    const notes = composePart(own, role, hollow(piece, voice, instrument, role), playing);
    return {
      instrument,
      voice,
      drums: false,
      pan: solo ? own.uniform(-0.25, 0.25) : own.uniform(-0.7, 0.7),
      level: role === "lead" || role === "both" ? 0 : own.uniform(-5, 1),
      events: perform(own, notes, { job, instrument, voice, role }),
    };
  });
  for (const backing of ["bass", "drums"] as const) {
    const program = job[backing];
    if (program === null) continue;
    const own = random.fork(backing);
    const voice = { library: job.rhythmLibrary, program, bank: 0, low: 0, high: 127, longest: 30 };
    const playing = {
      low: 28,
      high: 52,
      home: 36,
      loudness: own.uniform(70, 100),
      touch: 0.9,
      strum: 0,
    };
    const notes = composePart(own, backing, piece, playing);
    parts.push({
      instrument: null,
      voice,
      drums: backing === "drums",
      pan: 0,
      level: job.domain === "train" ? own.uniform(-13, -5) : own.uniform(-10, -2),
      events: perform(own, notes, { job, instrument: null, voice, role: backing }),
    });
  }
  return parts;
}

/** One lead where any instrument can lead; the others counter, accompany or hold chords. */
function assignRoles(instruments: readonly Instrument[], random: Random): Role[] {
  const pick = (roles: readonly (readonly [Role, number])[]) =>
    random.choice(roles.map(([role]) => role), roles.map(([, weight]) => weight));
  if (instruments.length === 1) return [pick(MANNERS[instruments[0]].alone)];
  const lead = random.choice(
    instruments.map((_, k) => k),
    instruments.map((code) => MANNERS[code].leads),
  );
  return instruments.map((code, k) =>
    k === lead ? (code === "pia" ? "both" : "lead") : pick(MANNERS[code].together)
  );
}

function drawPlaying(random: Random, code: Instrument, voice: Voice, role: Role): Playing {
  const manner = MANNERS[code];
  const low = Math.max(manner.low, voice.low), high = Math.min(manner.high, voice.high);
  const lowered = role === "chords" || role === "pad" || role === "counter" ? 3 : 0;
  const home = clamp(manner.home - lowered + random.integer(-5, 6), low + 7, high - 7);
  const smooth = manner.sustains ? [0.98, 0.98, 0.85, 0.5] : [0.98, 0.85, 0.85, 0.5];
  const strums = (code === "gac" || code === "gel") && (role === "chords" || role === "both");
  return {
    low,
    high,
    home,
    loudness: random.uniform(58, 108),
    touch: role === "pad" ? 1 : role === "arpeggio" ? 0.98 : random.choice(smooth),
    strum: strums ? random.uniform(0.02, 0.05) : 0,
  };
}

/** Distorted guitars play roots and fifths: a third through distortion is a growl. */
function hollow(piece: Piece, voice: Voice, code: Instrument, role: Role): Piece {
  if (code !== "gel" || role !== "chords") return piece;
  if (voice.program !== 29 && voice.program !== 30) return piece;
  const harmony = piece.harmony.map((chord) => ({
    ...chord,
    tones: [chord.tones[0], chord.tones[2]],
  }));
  return { ...piece, harmony };
}

function perform(
  random: Random,
  notes: readonly Note[],
  { job, instrument, voice, role }: {
    job: Job;
    instrument: Instrument | null;
    voice: Voice;
    role: Role;
  },
): Event[] {
  const manner = instrument ? MANNERS[instrument] : undefined;
  const single = role === "lead" || role === "counter";
  const vibrato = manner?.sustains ? random.uniform(0, 70) : 0;
  const beat = 60 / job.tempo;
  const events: Event[] = [];
  for (const note of notes) {
    const start = Math.max(0, LEAD_IN + note.beat * beat + random.normal(0, 0.006));
    const seconds = Math.max(0.06, note.length * beat);
    // What cannot ring so long is struck again.
    const strokes = Math.ceil(seconds / voice.longest);
    for (let k = 0; k < strokes; k++) {
      const from = start + k * seconds / strokes, to = from + seconds / strokes;
      events.push({ time: from, kind: "on", pitch: note.pitch, velocity: note.velocity });
      events.push({ time: to - 0.004, kind: "off", pitch: note.pitch });
    }
    if (!single || !manner) continue;
    if (seconds > 0.3 && random.chance(manner.bends)) {
      const depth = random.choice([-0.5, -1, -1, -2]);
      for (let k = 0; k <= 6; k++) {
        events.push({ time: start + 0.015 * k, kind: "bend", value: depth * (1 - k / 6) });
      }
    }
    if (vibrato > 8 && seconds > 0.45) {
      events.push({ time: start, kind: "modulation", value: 0 });
      events.push({ time: start + 0.22, kind: "modulation", value: vibrato * 0.6 });
      events.push({ time: start + 0.4, kind: "modulation", value: vibrato });
    }
    if (manner.sustains && seconds > 0.7) {
      for (let k = 0; k <= 4; k++) {
        const swell = 96 + 31 * Math.sin(Math.PI * (0.25 + 0.75 * k / 4));
        events.push({ time: start + 0.2 * seconds * k, kind: "expression", value: swell });
      }
    } else if (manner.sustains) {
      events.push({ time: start, kind: "expression", value: 118 });
    }
  }
  const order = { off: 0, bend: 1, modulation: 1, expression: 1, on: 2 };
  return events.sort((a, b) => a.time - b.time || order[a.kind] - order[b.kind]);
}
