/** Draws that training recordings and songs share: genre, key, tempo, voice, level. */
import type { Random } from "../../core/random.ts";
import { type Genre, GENRES } from "../irmas.ts";
import type { Instrument } from "../labels.ts";
import type { Job } from "./job.ts";
import { drawRoom } from "./room.ts";
import { STYLES } from "./styles.ts";
import { drawHarmony, type Key } from "./theory.ts";
import { BANKS, type Domain, type Voice, voicesOf } from "./voices.ts";

/**
 * How often each genre is played on each instrument: IRMAS's counts, in the order of {@link GENRES}.
 */
const GENRE_COUNTS: Record<Instrument, readonly number[]> = {
  cel: [0, 247, 118, 0, 23],
  cla: [0, 223, 139, 0, 143],
  flu: [33, 161, 137, 0, 120],
  gac: [76, 149, 314, 0, 98],
  gel: [63, 6, 454, 0, 237],
  org: [3, 0, 292, 0, 387],
  pia: [11, 250, 143, 0, 317],
  sax: [3, 225, 135, 0, 263],
  tru: [0, 159, 164, 0, 254],
  vio: [35, 253, 146, 0, 146],
  voi: [255, 0, 439, 42, 42],
};

/** Added to every share, so that each genre is met on each instrument. */
const EVERY_GENRE = 0.05;

/** Draws a genre for instruments that play together: the geometric mean of their shares. */
export function drawGenre(random: Random, instruments: readonly Instrument[]): Genre {
  const weights = GENRES.map((_, k) =>
    instruments.reduce((product, code) => {
      const counts = GENRE_COUNTS[code];
      return product * (counts[k] / counts.reduce((a, b) => a + b, 0) + EVERY_GENRE);
    }, 1) ** (1 / instruments.length)
  );
  return random.choice(GENRES, weights);
}

/** What all clips of a recording, or all excerpts of a song, have in common. */
export function drawMusic(
  random: Random,
  { genre, domain }: { genre: Genre; domain: Domain },
): Pick<
  Job,
  "key" | "tempo" | "beatsPerBar" | "genre" | "harmony" | "drums" | "rhythmLibrary" | "room"
> {
  const style = STYLES[genre];
  const key: Key = {
    tonic: random.integer(0, 12),
    mode: random.chance(0.5) ? "major" : "minor",
  };
  return {
    key,
    genre,
    beatsPerBar: random.chance(style.waltz) ? 3 : 4,
    tempo: Math.round(random.uniform(...style.tempo) * 10) / 10,
    harmony: drawHarmony(random, { key, genre, bars: 8 }),
    drums: random.chance(style.drums) ? random.choice(style.kits) : null,
    rhythmLibrary: random.choice(BANKS[domain]),
    room: drawRoom(random, style.brightness),
  };
}

/** Draws a voice of an instrument that belongs to the domain. */
export function drawVoice(random: Random, instrument: Instrument, domain: Domain): Voice {
  const voices = voicesOf(instrument, domain);
  return random.choice(voices.map(([voice]) => voice), voices.map(([, weight]) => weight));
}

/** Level of a recording in a genre: RMS, dB relative to full scale. */
export function drawLevel(random: Random, genre: Genre): number {
  return Math.min(-12, Math.max(-45, random.normal(...STYLES[genre].level)));
}
