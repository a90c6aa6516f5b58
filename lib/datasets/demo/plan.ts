/** What is rendered: every recording and song excerpt of a demo, decided from the seed before a sound is made. */
import { type Random, randomFrom } from "../../core/random.ts";
import { formatTrainingName, TRAINING_FOLDER } from "../irmas.ts";
import { type Instrument, INSTRUMENTS } from "../labels.ts";
import { drawGenre, drawLevel, drawMusic, drawVoice } from "./draw.ts";
import type { Clip, Job } from "./job.ts";
import { planSongs } from "./songs.ts";
import { BASS_PROGRAMS } from "./voices.ts";

/** Two sizes, and a handful of files for tests. */
export type DemoSize = "mini" | "small" | "full";

/** How much each size holds. */
export interface DemoCounts {
  /** Training clips of each class. */
  clips: number;
  excerpts: number;
  songs: number;
  /** Silent files, and as many that are under a second. */
  faults: number;
  /** Only these classes and labels: tests need few. */
  instruments: readonly Instrument[];
}

/** The sizes. */
export const DEMO_SIZES: Record<DemoSize, DemoCounts> = {
  mini: { clips: 3, excerpts: 4, songs: 2, faults: 1, instruments: ["flu", "gac", "voi"] },
  small: { clips: 20, excerpts: 40, songs: 12, faults: 3, instruments: INSTRUMENTS },
  full: { clips: 120, excerpts: 400, songs: 104, faults: 8, instruments: INSTRUMENTS },
};

/** Seconds of a training clip. */
export const CLIP_SECONDS = 3;

/** Share of training clips whose drum tag is written; IRMAS has 28 %. */
const TAGGED = 0.5;

/** Share of training clips with a soft bass. */
const WITH_BASS = 0.2;

/** All jobs of a demo: training recordings, class by class, then song excerpts. */
export function planDemo({ size, seed }: { size: DemoSize; seed: number }): Job[] {
  const counts = DEMO_SIZES[size];
  const jobs = planRecordings(counts, seed);
  plantFaults(jobs, counts.faults, randomFrom(seed, "demo", size, "faults"));
  return [...jobs, ...planSongs(counts, seed)];
}

function planRecordings({ clips, instruments }: DemoCounts, seed: number): Job[] {
  const jobs: Job[] = [];
  let tagged = 0;
  for (const instrument of instruments) {
    for (let done = 0; done < clips;) {
      const number = jobs.length + 1;
      const random = randomFrom(seed, "demo", "recording", instrument, number);
      // IRMAS has 6,705 clips of 2,273 recordings, nearly always three.
      const count = Math.min(clips - done, random.choice([1, 2, 3], [1, 1, 12]));
      const music = drawMusic(random, { genre: drawGenre(random, [instrument]), domain: "train" });
      const known = random.chance(TAGGED);
      const drums = known ? music.drums !== null : null;
      const serial = known ? ++tagged : undefined;
      const names = Array.from({ length: count }, (_, k) =>
        formatTrainingName(
          { instrument, drums, genre: music.genre, number, clip: k + 1 },
          serial,
        ));
      let start = random.uniform(0, 0.5);
      const cut = names.map((name): Clip => {
        const at = start;
        start += CLIP_SECONDS + random.uniform(0, 1.5);
        return {
          file: `${TRAINING_FOLDER}/${instrument}/${name}`,
          start: at,
          seconds: CLIP_SECONDS,
          fault: "",
        };
      });
      const recording = names[0].slice(0, names[0].lastIndexOf("__"));
      jobs.push({
        ...music,
        domain: "train",
        id: recording,
        recording,
        players: [{ instrument, voice: drawVoice(random, instrument, "train") }],
        bass: random.chance(WITH_BASS) ? random.choice(BASS_PROGRAMS) : null,
        level: drawLevel(random, music.genre),
        seconds: cut[cut.length - 1].start + CLIP_SECONDS,
        clips: cut,
      });
      done += count;
    }
  }
  return jobs;
}

/** Makes `count` training clips silent and as many short, no two in one recording. */
function plantFaults(jobs: Job[], count: number, random: Random): void {
  random.sample(jobs, 2 * count).forEach((job, k) => {
    const clip = random.choice(job.clips);
    clip.fault = k < count ? "silent" : "short";
    if (clip.fault === "short") clip.seconds = Math.round(random.uniform(0.3, 0.95) * 1000) / 1000;
  });
}
