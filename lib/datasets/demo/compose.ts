/** Melodies, accompaniments, bass lines and drums over a harmony. Everything here is in beats and MIDI numbers. */
import type { Random } from "../../core/random.ts";
import type { Genre } from "../irmas.ts";
import { STYLES } from "./styles.ts";
import { type Chord, pitchesIn } from "./theory.ts";
import type { Role } from "./voices.ts";

/** A note: start and length in beats, MIDI pitch, velocity 1 to 127. */
export interface Note {
  beat: number;
  length: number;
  pitch: number;
  velocity: number;
}

/** The piece that all parts share. */
export interface Piece {
  genre: Genre;
  beatsPerBar: 3 | 4;
  /** One chord a bar. */
  harmony: readonly Chord[];
  /** Pitch class of the key's tonic: melodies come home to it. */
  tonic: number;
  /** Beats per minute: fast pieces have no sixteenths. */
  tempo: number;
}

/** Where a part lies and how it is played. */
export interface Playing {
  low: number;
  high: number;
  home: number;
  /** Mean velocity. */
  loudness: number;
  /** Share of a note's length that sounds: 0.4 is staccato, 1 legato. */
  touch: number;
  /** Strings of a chord follow each other by this many beats; 0: together. */
  strum: number;
}

const clamp = (x: number, low: number, high: number) => Math.min(high, Math.max(low, x));

/** Velocity with accents on the bar and the beat, an arch over four bars, and human unevenness. */
function velocityAt(random: Random, piece: Piece, { loudness }: Playing, beat: number): number {
  const inBar = beat % piece.beatsPerBar;
  const accent = inBar === 0 ? 9 : Number.isInteger(beat) ? 3 : -4;
  const arch = 6 * Math.sin(Math.PI * (beat % (4 * piece.beatsPerBar)) / (4 * piece.beatsPerBar));
  return Math.round(clamp(loudness + accent + arch + random.normal(0, 4), 12, 127));
}

/** Swing: off-beat eighths are moved to where the style has them. */
function placed(piece: Piece, beat: number): number {
  const offbeat = STYLES[piece.genre].offbeat;
  return beat % 1 === 0.5 ? Math.floor(beat) + offbeat : beat;
}

function drawRhythm(random: Random, piece: Piece, slow: boolean): number[] {
  const cells = STYLES[piece.genre].cells.filter(([cell]) =>
    !(piece.tempo > 126 && cell.some((length) => length < 0.4))
  );
  const out: number[] = [];
  for (let left: number = piece.beatsPerBar; left > 0;) {
    const fitting = slow
      ? [[[2], 3], [[1], 2], [[3], 1]] as [number[], number][]
      : cells as [number[], number][];
    const sums = fitting.filter(([cell]) => cell.reduce((a, b) => a + b, 0) <= left + 1e-9);
    const cell = sums.length > 0
      ? random.choice(sums, sums.map(([, weight]) => weight))[0]
      : [left];
    out.push(...cell);
    left -= cell.reduce((a, b) => a + b, 0);
    if (left < 1e-9) break;
  }
  return out;
}

/** How much more often a melody takes the tonic and the fifth than their distance alone would have it. */
const PULL: Readonly<Record<number, number>> = { 0: 2, 7: 1.4 };

/** A single line: chord tones on the beat, steps between, rhythms that come back. */
function melody(random: Random, piece: Piece, playing: Playing, slow: boolean): Note[] {
  const rhythms = [drawRhythm(random, piece, slow), drawRhythm(random, piece, slow)];
  const notes: Note[] = [];
  let pitch = playing.home + random.integer(-4, 5);
  piece.harmony.forEach((chord, bar) => {
    const rhythm = bar % 4 === 2 ? drawRhythm(random, piece, slow) : rhythms[bar % 2];
    let beat = bar * piece.beatsPerBar;
    for (const length of rhythm) {
      const strong = Math.abs(beat - Math.round(beat)) < 1e-9 || length >= 1.5;
      const rest = bar > 0 && length <= 1 && random.chance(0.05);
      if (!rest) {
        const reach = strong ? 8 : 4;
        const options = pitchesIn(
          strong ? chord.tones : chord.scale,
          Math.max(playing.low, pitch - reach),
          Math.min(playing.high, pitch + reach),
        );
        const near = options.length > 0
          ? options
          : pitchesIn(chord.tones, playing.low, playing.high);
        pitch = random.choice(
          near,
          near.map((option) => {
            const repeat = option === pitch ? 0.35 : 1;
            const leap = Math.exp(-Math.abs(option - pitch) / 3.5);
            const home = Math.exp(-Math.abs(option - playing.home) / 9);
            const degree = (option - piece.tonic + 120) % 12;
            return repeat * leap * home * (PULL[degree] ?? 1) + 1e-9;
          }),
        );
        notes.push({ beat, length, pitch, velocity: velocityAt(random, piece, playing, beat) });
      }
      beat += length;
    }
  });
  return notes;
}

/** Chord tones around `home`, one above the other, `count` of them. */
function voicing(chord: Chord, playing: Playing, count: number): number[] {
  const all = pitchesIn(chord.tones, playing.low, playing.high);
  const start = all.findIndex((pitch) => pitch >= playing.home - 2 * count);
  const from = clamp(start < 0 ? 0 : start, 0, Math.max(0, all.length - count));
  return all.slice(from, from + count);
}

function chords(random: Random, piece: Piece, playing: Playing, pad: boolean): Note[] {
  const hits: readonly (readonly [number, number])[] = pad
    ? [[0, piece.beatsPerBar]]
    : random.choice(STYLES[piece.genre].chords);
  const count = playing.strum > 0 ? random.integer(4, 6) : random.integer(3, 5);
  return piece.harmony.flatMap((chord, bar) =>
    hits.filter(([at]) => at < piece.beatsPerBar).flatMap(([at, length], stroke) => {
      const beat = bar * piece.beatsPerBar + at;
      const pitches = voicing(chord, playing, count);
      if (stroke % 2 === 1 && playing.strum > 0) pitches.reverse();
      const velocity = velocityAt(random, piece, playing, beat) - 6;
      return pitches.map((pitch, k) => ({
        beat: beat + k * playing.strum,
        length: Math.min(length, piece.beatsPerBar - at),
        pitch,
        velocity: clamp(velocity + random.integer(-4, 5), 10, 127),
      }));
    })
  );
}

function arpeggio(random: Random, piece: Piece, playing: Playing): Note[] {
  const step = piece.tempo < 96 && random.chance(0.4) ? 0.25 : 0.5;
  const shape = random.choice([[0, 1, 2, 3], [0, 2, 1, 3], [0, 1, 2, 3, 2, 1], [3, 2, 1, 0], [
    0,
    2,
    1,
    2,
  ]]);
  return piece.harmony.flatMap((chord, bar) => {
    const pitches = voicing(chord, playing, 4);
    return Array.from({ length: piece.beatsPerBar / step }, (_, k) => {
      const beat = bar * piece.beatsPerBar + k * step;
      return {
        beat,
        length: step * random.choice([1, 1, 2]),
        pitch: pitches[shape[k % shape.length] % pitches.length],
        velocity: velocityAt(random, piece, playing, beat),
      };
    });
  });
}

/** Both hands: a melody above, roots and chords below. */
function both(random: Random, piece: Piece, playing: Playing): Note[] {
  const upper = {
    ...playing,
    low: Math.max(playing.low, playing.home - 3),
    home: playing.home + 5,
  };
  const lower = {
    ...playing,
    high: playing.home - 2,
    home: playing.home - 12,
    loudness: playing.loudness - 12,
  };
  const below = random.chance(0.5)
    ? chords(random, piece, lower, random.chance(0.4))
    : arpeggio(random, piece, lower);
  return [...melody(random, piece, upper, false), ...below];
}

function bass(random: Random, piece: Piece, playing: Playing): Note[] {
  const walking = piece.genre === "jaz_blu" && random.chance(0.6);
  return piece.harmony.flatMap((chord, bar) => {
    const start = bar * piece.beatsPerBar;
    const root = pitchesIn([chord.root], 28, 40)[0];
    const line: [number, number, number][] = walking
      ? Array.from({ length: piece.beatsPerBar }, (_, k) => [
        k,
        1,
        k === 0 ? root : random.choice(pitchesIn(chord.scale, root, root + 12)),
      ])
      : [[0, 1.5, root], [piece.beatsPerBar === 3 ? 2 : 2, 1, root + random.choice([0, 7, 12])]];
    return line.map(([at, length, pitch]) => ({
      beat: start + at,
      length,
      pitch,
      velocity: velocityAt(random, piece, playing, start + at),
    }));
  });
}

function drums(random: Random, piece: Piece, playing: Playing): Note[] {
  const pattern = random.choice(STYLES[piece.genre].beats);
  return piece.harmony.flatMap((_, bar) =>
    pattern.filter(([, beat]) => beat < piece.beatsPerBar).map(([key, at, velocity]) => ({
      beat: bar * piece.beatsPerBar + at,
      length: 0.25,
      pitch: key,
      velocity: Math.round(
        clamp(velocity * playing.loudness / 90 + random.normal(0, 5), 15, 127),
      ),
    }))
  );
}

/**
 * Composes one part.
 *
 * @returns notes in order of their start, inside the range of `playing` (bass and drums: their own)
 */
export function composePart(random: Random, role: Role, piece: Piece, playing: Playing): Note[] {
  const compose: Record<Role, () => Note[]> = {
    lead: () => melody(random, piece, playing, false),
    counter: () => melody(random, piece, playing, true),
    chords: () => chords(random, piece, playing, false),
    pad: () => chords(random, piece, playing, true),
    arpeggio: () => arpeggio(random, piece, playing),
    both: () => both(random, piece, playing),
    bass: () => bass(random, piece, playing),
    drums: () => drums(random, piece, playing),
  };
  return compose[role]()
    .map((note) => ({
      ...note,
      beat: placed(piece, note.beat),
      length: note.length * playing.touch,
    }))
    .sort((a, b) => a.beat - b.beat);
}
