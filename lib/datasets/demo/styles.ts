/** How each genre sounds: tempo, metre, rhythm, drums. Data. */
import type { Genre } from "../irmas.ts";
import { KITS } from "./voices.ts";

/** A hit of a drum pattern: General MIDI key, position in beats, velocity. */
export type Hit = readonly [key: number, beat: number, velocity: number];

/** A genre's manner. */
export interface Style {
  /** Slowest and fastest tempo, beats per minute. */
  tempo: readonly [number, number];
  /** Mean and deviation of the level, dB relative to full scale (RMS as mono): measured on IRMAS's training clips. */
  level: readonly [number, number];
  /** Mean tilt of the spectrum, dB: brings the centroids near IRMAS's. */
  brightness: number;
  /** Probability of three beats a bar instead of four. */
  waltz: number;
  /** Where an off-beat eighth falls, in beats: 0.5 is straight, 2/3 is swung. */
  offbeat: number;
  /** Rhythms of one to two beats for melodies (durations in beats), with weights. */
  cells: readonly (readonly [readonly number[], number])[];
  /** Rhythms of accompanying chords in a bar of four: position and length in beats. */
  chords: readonly (readonly (readonly [number, number])[])[];
  /** Probability that a clip has drums. */
  drums: number;
  kits: readonly number[];
  /** Drum patterns of one bar of four. */
  beats: readonly (readonly Hit[])[];
}

const KICK = 36,
  STICK = 37,
  SNARE = 38,
  HAT = 42,
  PEDAL = 44,
  OPEN = 46,
  RIDE = 51,
  TAMBOURINE = 54;
const CONGA_MUTED = 62, CONGA = 63, CONGA_LOW = 64, MARACAS = 70, CLAVES = 75, COWBELL = 56;

const every = (key: number, step: number, strong: number, weak: number): Hit[] =>
  Array.from({ length: 4 / step }, (_, k) => [key, k * step, k * step % 1 === 0 ? strong : weak]);

/** The styles. */
export const STYLES: Record<Genre, Style> = {
  pop_roc: {
    level: [-21, 5.4],
    brightness: 1.5,
    tempo: [76, 164],
    waltz: 0,
    offbeat: 0.5,
    cells: [[[1], 3], [[0.5, 0.5], 5], [[1.5, 0.5], 2], [[0.5, 1, 0.5], 3], [[2], 1], [[
      0.25,
      0.25,
      0.5,
    ], 1]],
    chords: [
      [[0, 0.5], [0.5, 0.5], [1, 0.5], [1.5, 0.5], [2, 0.5], [2.5, 0.5], [3, 0.5], [3.5, 0.5]],
      [[0, 1.5], [1.5, 1.5], [3, 1]],
      [[0, 1], [1, 0.5], [1.5, 1], [2.5, 0.5], [3, 1]],
      [[0, 2], [2, 2]],
    ],
    drums: 0.55,
    kits: [KITS.standard, KITS.power],
    beats: [
      [
        ...every(HAT, 0.5, 80, 60),
        [KICK, 0, 105],
        [KICK, 2, 100],
        [KICK, 2.5, 85],
        [SNARE, 1, 105],
        [SNARE, 3, 108],
      ],
      [...every(HAT, 1, 85, 60), [OPEN, 3.5, 70], [KICK, 0, 108], [KICK, 1.5, 90], [KICK, 2, 98], [
        SNARE,
        1,
        108,
      ], [SNARE, 3, 110]],
      [...every(RIDE, 0.5, 80, 58), [KICK, 0, 105], [KICK, 2.75, 88], [SNARE, 1, 104], [
        SNARE,
        3,
        106,
      ], [TAMBOURINE, 3, 70]],
    ],
  },
  cla: {
    level: [-31.5, 6.6],
    brightness: -7.5,
    tempo: [60, 144],
    waltz: 0.35,
    offbeat: 0.5,
    cells: [[[1], 5], [[0.5, 0.5], 4], [[2], 2], [[1.5, 0.5], 2], [[0.25, 0.25, 0.25, 0.25], 1], [[
      0.75,
      0.25,
    ], 1]],
    chords: [
      [[0, 4]],
      [[0, 2], [2, 2]],
      [[0, 1], [1, 1], [2, 1], [3, 1]],
    ],
    drums: 0,
    kits: [],
    beats: [],
  },
  jaz_blu: {
    level: [-23.5, 5.1],
    brightness: -4.5,
    tempo: [66, 180],
    waltz: 0.08,
    offbeat: 2 / 3,
    cells: [[[1], 3], [[0.5, 0.5], 6], [[0.5, 1, 0.5], 2], [[1.5, 0.5], 2], [[2], 1], [[
      1 / 3,
      1 / 3,
      1 / 3,
    ], 1]],
    chords: [
      [[0, 1], [1.5, 1]],
      [[0.5, 0.5], [1.5, 0.5], [3, 0.75]],
      [[0, 0.8], [1, 0.8], [2, 0.8], [3, 0.8]],
      [[0, 1.5], [2.5, 1.5]],
    ],
    drums: 0.5,
    kits: [KITS.jazz, KITS.brushes, KITS.standard],
    beats: [
      [
        [RIDE, 0, 80],
        [RIDE, 1, 88],
        [RIDE, 1.5, 62],
        [RIDE, 2, 80],
        [RIDE, 3, 88],
        [RIDE, 3.5, 62],
        [PEDAL, 1, 75],
        [PEDAL, 3, 75],
        [KICK, 0, 55],
      ],
      [
        [RIDE, 0, 80],
        [RIDE, 1, 84],
        [RIDE, 1.5, 60],
        [RIDE, 2, 78],
        [RIDE, 3, 84],
        [PEDAL, 1, 70],
        [PEDAL, 3, 70],
        [SNARE, 2.5, 45],
        [KICK, 3.5, 50],
      ],
      [[SNARE, 1, 62], [SNARE, 3, 66], [HAT, 0, 60], [HAT, 1, 70], [HAT, 2, 60], [HAT, 3, 70], [
        KICK,
        0,
        75,
      ], [KICK, 2, 70]],
    ],
  },
  lat_sou: {
    level: [-18.5, 3.4],
    brightness: 1.5,
    tempo: [84, 138],
    waltz: 0,
    offbeat: 0.5,
    cells: [[[1], 2], [[0.5, 0.5], 4], [[0.5, 1, 0.5], 4], [[0.75, 0.25], 2], [[1.5, 0.5], 2], [[
      0.75,
      0.75,
      0.5,
    ], 3]],
    chords: [
      [[0, 0.75], [0.75, 0.75], [1.5, 0.5], [2.5, 0.5], [3, 0.75]],
      [[0, 0.5], [1, 0.5], [1.5, 0.5], [2.5, 0.5], [3.5, 0.5]],
      [[0, 1], [1.5, 0.5], [2, 0.5], [3, 1]],
    ],
    drums: 0.6,
    kits: [KITS.standard],
    beats: [
      [
        ...every(MARACAS, 0.5, 70, 55),
        [CLAVES, 0, 85],
        [CLAVES, 1.5, 80],
        [CLAVES, 2.5, 82],
        [CONGA_MUTED, 1, 70],
        [CONGA, 3, 82],
        [CONGA_LOW, 3.5, 78],
        [KICK, 0, 80],
        [KICK, 1.5, 75],
      ],
      [
        ...every(HAT, 0.5, 70, 55),
        [STICK, 1, 80],
        [STICK, 2.5, 75],
        [KICK, 0, 90],
        [KICK, 1.5, 80],
        [KICK, 2, 85],
        [KICK, 3.5, 80],
        [COWBELL, 0, 70],
        [COWBELL, 2, 70],
      ],
    ],
  },
  cou_fol: {
    level: [-21, 4.3],
    brightness: -0.5,
    tempo: [80, 160],
    waltz: 0.2,
    offbeat: 0.5,
    cells: [[[1], 4], [[0.5, 0.5], 6], [[0.75, 0.25], 1], [[1.5, 0.5], 2], [[2], 1]],
    chords: [
      [[0, 1], [1, 1], [2, 1], [3, 1]],
      [[0, 1], [1, 0.5], [1.5, 0.5], [2, 1], [3, 0.5], [3.5, 0.5]],
      [[0, 1], [1, 0.5], [1.5, 1], [2.5, 0.5], [3, 0.5], [3.5, 0.5]],
    ],
    drums: 0.35,
    kits: [KITS.standard, KITS.brushes],
    beats: [
      [[KICK, 0, 92], [KICK, 2, 90], [SNARE, 1, 85], [SNARE, 3, 88], ...every(HAT, 0.5, 62, 48)],
      [
        [KICK, 0, 88],
        [KICK, 2, 86],
        [SNARE, 0.5, 50],
        [SNARE, 1, 82],
        [SNARE, 1.5, 52],
        [SNARE, 2.5, 50],
        [SNARE, 3, 84],
        [SNARE, 3.5, 54],
      ],
    ],
  },
};
