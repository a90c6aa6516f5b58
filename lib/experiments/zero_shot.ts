/** Pretrained networks on the demo's songs by their own classes, without any training of ours (E16). */
import { targetsOf } from "../datasets/clip.ts";
import { demoFolder } from "../datasets/demo/render.ts";
import { demoClips } from "../datasets/demo/truth.ts";
import { type Instrument, INSTRUMENTS } from "../datasets/labels.ts";
import { randomFrom } from "../core/random.ts";
import { mean } from "../core/statistics.ts";
import { intervalText } from "../evaluation/bootstrap.ts";
import type { MultiLabelReport } from "../evaluation/label_report.ts";
import { fromLogitScale, onLogitScale } from "../evaluation/logit_scale.ts";
import { evaluateSongs, evaluateSongsByInstrument } from "../evaluation/report.ts";
import { embedFiles } from "../nn/embed.ts";
import { pretrained, PRETRAINED_NAMES, type PretrainedName } from "../nn/pretrained.ts";
import { SONG_EVALUATION } from "./evidence.ts";

/** What a pretrained network's own classes say about the songs. */
export interface ZeroShotResult {
  /** The instruments that it has classes for; the others are never decided, which costs all of their recall. */
  knows: Instrument[];
  /** Scored as a run on the demo is: the same songs, halves and intervals; one threshold for all instruments. */
  songs: MultiLabelReport;
  /** With a threshold for each instrument: classes of one network are differently shy. */
  songsByInstrument: MultiLabelReport<number[]>;
}

/** The results of all networks; the demo's size. */
export interface ZeroShotStudy {
  size: "small" | "full";
  networks: Record<PretrainedName, ZeroShotResult>;
}

/** Mean F1 of some instruments alone. */
export const meanF1 = (
  { perInstrument }: Pick<MultiLabelReport, "perInstrument">,
  instruments: readonly Instrument[],
): number => mean(instruments.map((code) => perInstrument[code].f1));

/**
 * Scores a network's class scores, means over a song's patches.
 *
 * @param scores `[songs, 11]` in [0, 1]; NaN for instruments that it does not know
 */
export function scoreZeroShot(
  scores: Float32Array,
  { targets, songs, knows }: {
    targets: Uint8Array;
    songs: readonly string[];
    knows: Instrument[];
  },
): ZeroShotResult {
  const known = scores.map((score) => Number.isNaN(score) ? 0 : score);
  const options = () => ({
    groups: [...songs.keys()],
    targets,
    songs,
    random: randomFrom(SONG_EVALUATION), // as a run's: the same halves of the songs
  });
  // most of YAMNet's scores are below a thousandth, the step of the search for thresholds
  const places = onLogitScale(known);
  const common = evaluateSongs(places, options());
  const own = evaluateSongsByInstrument(places, options());
  return {
    knows,
    songs: { ...common, thresholds: common.thresholds.map(fromLogitScale) },
    songsByInstrument: {
      ...own,
      thresholds: own.thresholds.map((half) => half.map(fromLogitScale)),
    },
  };
}

/**
 * All pretrained networks on the songs of a rendered demo.
 *
 * @throws Error that says how to render it, where it is not there; where a song cannot be read
 */
export async function studyZeroShot(size: "small" | "full"): Promise<ZeroShotStudy> {
  const clips = demoClips(demoFolder(size)).filter(({ fault, part }) => !fault && part !== "train");
  const networks: Partial<ZeroShotStudy["networks"]> = {};
  for (const name of PRETRAINED_NAMES) {
    const { scores, skipped } = await embedFiles(clips.map(({ path }) => path), name);
    if (skipped.length > 0) {
      throw new Error(
        `${skipped.length} songs of the demo cannot be read (above); delete them, and ` +
          `"./lumen data demo --size ${size}" renders them anew`,
      );
    }
    const { instruments } = pretrained(name);
    networks[name] = scoreZeroShot(scores, {
      targets: targetsOf(clips),
      songs: clips.map(({ recording }) => recording),
      knows: INSTRUMENTS.filter((code) => instruments[code]),
    });
  }
  return { size, networks: networks as ZeroShotStudy["networks"] };
}

/** The study as lines of text. */
export function formatZeroShot({ size, networks }: ZeroShotStudy): string {
  const lines = PRETRAINED_NAMES.flatMap((name) => {
    const { knows, songs, songsByInstrument } = networks[name];
    return ([["one threshold", songs], ["one an instrument", songsByInstrument]] as const).map(
      ([thresholds, report]) => {
        const { macroF1, microF1, rankingAveragePrecision, hamming } = report;
        return [
          name.padEnd(8),
          thresholds.padEnd(17),
          intervalText(macroF1),
          ...[microF1, rankingAveragePrecision, hamming].map(({ value }) => value.toFixed(3)),
          `${meanF1(report, knows).toFixed(3)} of ${knows.length}`,
        ].join("  ");
      },
    );
  });
  return [
    `zero-shot on the songs of the ${size} demo: macro-F1, micro-F1, LRAP, Hamming, mean F1 of the instruments it knows`,
    ...lines,
  ].join("\n");
}
