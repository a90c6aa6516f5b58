/**
 * How songs are best cut into pieces, and how the pieces' scores become the song's (E24): lengths, overlaps and
 * aggregations of one trained network, without training anew.
 */
import { randomFrom } from "../core/random.ts";
import { targetsOf } from "../datasets/clip.ts";
import { demoFolder } from "../datasets/demo/render.ts";
import { demoClips } from "../datasets/demo/truth.ts";
import { aggregateChunks, type Aggregation, AGGREGATIONS } from "../evaluation/aggregate.ts";
import { fromLogitScale, onLogitScale } from "../evaluation/logit_scale.ts";
import { bootstrapInterval, type Interval } from "../evaluation/bootstrap.ts";
import { type Difference, differenceInterval } from "../evaluation/difference.ts";
import { countOutcomes, macroF1, rankingPrecisions, weightedMean } from "../evaluation/metrics.ts";
import { crossFit, splitForThreshold } from "../evaluation/threshold.ts";
import type { RunConfig } from "../train/config.ts";
import {
  type Chunking,
  type ChunkScores,
  runChunkScores,
  yamnetChunkScores,
} from "./chunk_scores.ts";
import { SONG_EVALUATION } from "./evidence.ts";
import { runTraining } from "./run_training.ts";

/** A way from a song to its scores. */
export interface Way extends Chunking {
  by: Aggregation;
}

/** What a way reaches. */
export interface WayResult extends Way {
  /** Pieces of all songs. */
  pieces: number;
  /** At thresholds of either half of the songs that were tuned on the other half; the interval is over songs. */
  macroF1: Interval;
  /** Of either half. */
  thresholds: [number, number];
  /** Label ranking average precision, which needs no threshold. */
  rankingAveragePrecision: number;
  /** Macro-F1 less the usual way's on the same resampled songs. Left out: of the usual way itself. */
  difference?: Difference;
  /** Whether it is further from zero than the largest of so many would come to lie by chance (Bonferroni, 5 %). */
  isClear?: boolean;
}

/** All ways of one network. */
export interface WaysOfNetwork {
  /** How its songs are cut and put together elsewhere. */
  usual: Way;
  ways: WayResult[];
}

/** The study: networks by name, and the size of the demo. */
export interface ChunkingStudy {
  size: "small" | "full";
  songs: number;
  networks: Record<string, WaysOfNetwork>;
}

/** Lengths of a piece, s. */
const LENGTHS = [1, 1.5, 2, 3, 5];
/** Of a piece's length, from one piece to the next. */
const HOPS = [1, 0.5];

/** YAMNet's own length. */
const YAMNET_SECONDS = 0.96;

const chunkingsOf = (lengths: readonly number[]): Chunking[] =>
  lengths.flatMap((seconds) => HOPS.map((share) => ({ seconds, hop: share * seconds })));

const isSame = (a: Way, b: Way) => a.seconds === b.seconds && a.hop === b.hop && a.by === b.by;

/**
 * Compares all aggregations of all chunkings with the usual way, on the same songs.
 *
 * @param scores of the pieces of the same files
 * @param options.targets 0 or 1, `[files, 11]`
 * @param options.songs the song of each file: those of one are on one side when thresholds are tuned, and resampled together
 * @param options.samples resamplings. Default: 2000
 * @throws RangeError where the usual way is none of them, the shapes do not fit, or there are fewer than two songs
 */
export function compareWays(
  scores: readonly ChunkScores[],
  { targets, songs, usual, samples }: {
    targets: Uint8Array;
    songs: readonly string[];
    usual: Way;
    samples?: number;
  },
): WaysOfNetwork {
  const random = randomFrom(SONG_EVALUATION); // as a run's: the same halves of the songs
  const halves = splitForThreshold(songs, random.fork("halves"));
  const interval = () => ({ groups: songs, random: random.fork("bootstrap"), samples });
  const ways = scores.flatMap(({ probabilities, groups, seconds, hop }) =>
    AGGREGATIONS.map((by) => {
      const files = aggregateChunks(probabilities, groups, { by });
      const { decisions, thresholds: places } = crossFit(onLogitScale(files), targets, { halves });
      const thresholds = places.map(fromLogitScale) as [number, number];
      const statistic = (weights: Float64Array) =>
        macroF1(countOutcomes(decisions, targets, { weights }));
      return { way: { seconds, hop, by }, pieces: groups.length, files, thresholds, statistic };
    })
  );
  const reference = ways.find(({ way }) => isSame(way, usual));
  if (!reference) {
    throw new RangeError(
      `cannot compare with ${usual.seconds} s every ${usual.hop} s by ${usual.by}: it was not scored`,
    );
  }
  const comparisons = ways.length - 1;
  return {
    usual,
    ways: ways.map(({ way, pieces, files, thresholds, statistic }) => {
      const result: WayResult = {
        ...way,
        pieces,
        macroF1: bootstrapInterval(statistic, interval()),
        thresholds,
        rankingAveragePrecision: weightedMean(rankingPrecisions(files, targets)),
      };
      if (isSame(way, usual)) return result;
      const difference = differenceInterval([[statistic], [reference.statistic]], interval());
      return { ...result, difference, isClear: difference.p < 0.05 / comparisons };
    }),
  };
}

/**
 * The study on the songs of a rendered demo, which were played with sample libraries that no training heard: of a run,
 * which is trained where its weights are not here, and of YAMNet by its own classes.
 *
 * @param config of the run, on the demo
 * @throws Error that says how to render the demo, where it is not there; where a song cannot be read
 */
export async function studyChunking(config: RunConfig): Promise<ChunkingStudy> {
  if (config.data.source !== "demo") {
    throw new Error(`cannot cut the demo's songs for a run on ${config.data.source}`);
  }
  const { size } = config.data;
  const clips = demoClips(demoFolder(size)).filter(({ fault, part }) => !fault && part !== "train");
  const paths = clips.map(({ path }) => path);
  const truth = { targets: targetsOf(clips), songs: clips.map(({ recording }) => recording) };
  const { folder } = await runTraining(config, {
    needWeights: true,
    resume: true,
    wait: true,
    local: true,
  });
  const { chunkSeconds } = config.frontEnd;
  const ofRun = await runChunkScores(folder, { paths, chunkings: chunkingsOf(LENGTHS) });
  const ofYamnet = await yamnetChunkScores({
    paths,
    chunkings: chunkingsOf([YAMNET_SECONDS, ...LENGTHS.slice(1)]),
  });
  return {
    size,
    songs: new Set(truth.songs).size,
    networks: {
      [config.recipe]: compareWays(ofRun, {
        ...truth,
        usual: { seconds: chunkSeconds, hop: chunkSeconds, by: "maximum" },
      }),
      yamnet: compareWays(ofYamnet, {
        ...truth,
        usual: { seconds: YAMNET_SECONDS, hop: YAMNET_SECONDS / 2, by: "meanProbability" },
      }),
    },
  };
}

/** The study as lines of text. */
export function formatChunking({ size, songs, networks }: ChunkingStudy): string {
  const number = (x: number) => x.toFixed(3);
  return Object.entries(networks).flatMap(([name, { usual, ways }]) => [
    `${name} on ${songs} songs of the ${size} demo: macro-F1 (less that of ${usual.seconds} s every ${usual.hop} s by ${usual.by}), LRAP`,
    ...ways.map(({ seconds, hop, by, macroF1, rankingAveragePrecision, difference, isClear }) =>
      [
        `${seconds} s every ${hop} s`.padEnd(18),
        by.padEnd(15),
        `${number(macroF1.value)} (${number(macroF1.low)} to ${number(macroF1.high)})`,
        difference
          ? `${number(difference.value)} (${number(difference.low)} to ${number(difference.high)})${
            isClear ? " *" : "  "
          }`.padStart(28)
          : "usual".padStart(28),
        number(rankingAveragePrecision),
      ].join("  ")
    ),
    `* clear of zero for ${ways.length - 1} comparisons together`,
  ]).join("\n");
}
