/** The multi-instrument part of the demo: songs, their ensembles, their excerpts. */
import { type Random, randomFrom } from "../../core/random.ts";
import { type Instrument, INSTRUMENTS } from "../labels.ts";
import { IRMAS_TESTING_COUNTS } from "../published_counts.ts";
import { TESTING_FOLDER } from "../irmas.ts";
import { drawGenre, drawLevel, drawMusic, drawVoice } from "./draw.ts";
import type { Job } from "./job.ts";
import { BASS_PROGRAMS } from "./voices.ts";

/** Song excerpts' folder: IRMAS has three parts, the demo one. */
export const SONG_FOLDER = `${TESTING_FOLDER}/Part1`;

/** How many of IRMAS's 2,874 testing clips carry 1, 2, 3, 4, 5 labels. */
export const IRMAS_LABEL_COUNTS = [1236, 1278, 318, 39, 3] as const;

const FIRST = [
  "Amber",
  "Blue",
  "Distant",
  "Early",
  "Golden",
  "Hollow",
  "Late",
  "Little",
  "Northern",
  "Paper",
  "Quiet",
  "Second",
  "Silver",
  "Slow",
  "Winter",
];
const LAST = [
  "Bridge",
  "Circle",
  "Garden",
  "Harbour",
  "Hour",
  "Lantern",
  "Letter",
  "Meadow",
  "Morning",
  "Orchard",
  "River",
  "Road",
  "Station",
  "Street",
  "Window",
];

/**
 * Shares `total` excerpts out among 1 to 5 labels as IRMAS does; every number of labels that there are
 * instruments for comes at least once.
 */
export function labelQuota(total: number, most: number): number[] {
  const known = IRMAS_LABEL_COUNTS.slice(0, most);
  const sum = known.reduce((a, b) => a + b, 0);
  const quota = known.map((count) => Math.max(1, Math.round(total * count / sum)));
  quota[0] += total - quota.reduce((a, b) => a + b, 0);
  return quota;
}

/** Plans all excerpts: songs in order, the excerpts of a song one after the other. */
export function planSongs(
  { excerpts, songs, instruments }: {
    excerpts: number;
    songs: number;
    instruments: readonly Instrument[];
  },
  seed: number,
): Job[] {
  const random = randomFrom(seed, "demo", "songs", excerpts);
  const quota = labelQuota(excerpts, Math.min(5, instruments.length));
  const sizes = random.shuffle(quota.flatMap((count, k) => new Array<number>(count).fill(k + 1)));
  const titles = random.sample(
    FIRST.flatMap((first) => LAST.map((last) => `${first} ${last}`)),
    songs,
  );
  const used = new Map<Instrument, number>();
  return titles.flatMap((title, k) => {
    const own = randomFrom(seed, "demo", "song", title);
    const mine = sizes.slice(
      Math.round(k * excerpts / songs),
      Math.round((k + 1) * excerpts / songs),
    );
    const ensemble = drawEnsemble(own, Math.max(...mine), { instruments, used });
    return planSong(own, `${String(k + 1).padStart(3, "0")} - ${title}`, { ensemble, sizes: mine });
  });
}

/**
 * Draws instruments that play together. Frequent ones as in IRMAS, but by the square root of their counts: with its
 * own counts a small demo would hold no clarinet. What was drawn too seldom so far is preferred.
 */
function drawEnsemble(
  random: Random,
  size: number,
  { instruments, used }: { instruments: readonly Instrument[]; used: Map<Instrument, number> },
): Instrument[] {
  const ensemble: Instrument[] = [];
  while (ensemble.length < size) {
    const left = instruments.filter((code) => !ensemble.includes(code));
    const code = random.choice(
      left,
      left.map((code) => {
        const share = Math.sqrt(IRMAS_TESTING_COUNTS[code]);
        return share * Math.exp(-8 * (used.get(code) ?? 0) / share);
      }),
    );
    used.set(code, (used.get(code) ?? 0) + 1);
    ensemble.push(code);
  }
  return ensemble;
}

function planSong(
  random: Random,
  song: string,
  { ensemble, sizes }: { ensemble: readonly Instrument[]; sizes: readonly number[] },
): Job[] {
  const music = drawMusic(random, { genre: drawGenre(random, ensemble), domain: "songs" });
  const voices = new Map(ensemble.map((code) => [code, drawVoice(random, code, "songs")]));
  const bass = random.chance(music.genre === "cla" ? 0.15 : 0.6)
    ? random.choice(BASS_PROGRAMS)
    : null;
  const level = drawLevel(random, music.genre);
  return sizes.map((size, k): Job => {
    // The players take turns, so that a song's excerpts differ.
    const playing = Array.from({ length: size }, (_, j) => ensemble[(k + j) % ensemble.length]);
    const seconds = random.chance(0.35) ? 20 : Math.round(random.uniform(5, 20) * 100) / 100;
    const start = random.uniform(0, 1);
    const name = `${song}-${k + 1}`;
    return {
      ...music,
      domain: "songs",
      id: name,
      recording: song,
      players: INSTRUMENTS.filter((code) => playing.includes(code))
        .map((instrument) => ({ instrument, voice: voices.get(instrument)! })),
      bass,
      level,
      seconds: start + seconds,
      clips: [{ file: `${SONG_FOLDER}/${name}.wav`, start, seconds, fault: "" }],
    };
  });
}
