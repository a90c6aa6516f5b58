/** The plan's types: what is to be rendered, as plain data that can be sent to a worker. */
import type { Genre } from "../irmas.ts";
import { type Instrument, INSTRUMENTS } from "../labels.ts";
import type { Room } from "./room.ts";
import type { Chord, Key } from "./theory.ts";
import type { Domain, Voice } from "./voices.ts";

/** What is wrong with a file: nothing, all but silent, under a second. */
export type Fault = "" | "silent" | "short";

/** A file that is cut from a job's sound. */
export interface Clip {
  /** Path below the demo's folder. */
  file: string;
  /** Seconds from the job's start. */
  start: number;
  seconds: number;
  fault: Fault;
}

/** One sound that is rendered as a whole: a recording with its clips, or one excerpt of a song. */
export interface Job {
  domain: Domain;
  /** Names the job's random generator: the recording, or the excerpt. */
  id: string;
  /** What the clips of one recording, or the excerpts of one song, share. */
  recording: string;
  players: { instrument: Instrument; voice: Voice }[];
  key: Key;
  /** Beats per minute. */
  tempo: number;
  beatsPerBar: 3 | 4;
  genre: Genre;
  /** Chords that are repeated, one a bar. */
  harmony: Chord[];
  /** Program of the bass, or none. */
  bass: number | null;
  /** Program of the drum kit, or none. */
  drums: number | null;
  /** Where bass and drums come from. */
  rhythmLibrary: string;
  room: Room;
  /** RMS of the finished sound as mono, dB relative to full scale. */
  level: number;
  seconds: number;
  clips: Clip[];
}

/** Labels of a job, in the labels' order. */
export function labelsOf(job: Job): Instrument[] {
  return INSTRUMENTS.filter((code) => job.players.some((player) => player.instrument === code));
}
