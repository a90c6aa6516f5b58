/** What measurements of inference time say: lines through them, and what the slopes follow (E18). */
import { type LinearFit, linearFit } from "../core/linear_fit.ts";
import { randomFrom } from "../core/random.ts";
import { mean } from "../core/statistics.ts";
import { bootstrapInterval, type Interval } from "../evaluation/bootstrap.ts";
import { quantile } from "../evaluation/quantile.ts";
import { type RankCorrelation, rankCorrelation, spearman } from "../evaluation/rank_correlation.ts";
import { DOCUMENT_NETWORKS } from "./inference_networks.ts";
import {
  type Grid,
  GRIDS,
  type Heard,
  type Timing,
  type TimingEntry,
  type TimingSession,
  timingsLeft,
  timingsOf,
} from "./inference_plan.ts";

/** Of all runs at one length. */
export interface TimedLength {
  seconds: number;
  /** Milliseconds: the mean, which the document draws, the median, and the quartiles. */
  mean: number;
  median: number;
  low: number;
  high: number;
}

/** How a network's time grows with the length of the sound. */
export interface TimeOverLength {
  lengths: TimedLength[];
  /** Of the medians: milliseconds for a second of sound; the document has a line, and no numbers. */
  fit: LinearFit;
  /** Time over length of the longest sound: below 1 is faster than it plays. */
  realTimeFactor: number;
}

/** A network that was timed. */
export interface TimedNetworkResult extends Record<Heard, TimeOverLength> {
  network: string;
  parameters: number;
  /** For a second of sound. */
  multiplyAccumulates: number;
  /** Length of a piece, s, and pieces at once. */
  pieceSeconds: number;
  batch: number;
  grid: Grid;
  /** The processes that measured it. */
  sessions: TimingSession[];
}

/** A quantity that slopes may follow. */
export const CAUSES = ["parameters", "multiplyAccumulates"] as const;

/** What slopes follow. */
export interface SlopeOrder {
  networks: string[];
  /** Whether slopes have its order; nothing of fewer than four networks. */
  correlation: Record<typeof CAUSES[number], RankCorrelation>;
  /**
   * The largest slope for one of it over the smallest: 1 where slopes are proportional, as the document says of the
   * parameters.
   */
  spread: Record<typeof CAUSES[number], number>;
}

/** The study. */
export interface InferenceStudy {
  networks: TimedNetworkResult[];
  /** Over all networks, and over those that the document timed; left out where fewer than four were. */
  order?: SlopeOrder & {
    /** The correlation with multiply-accumulates less that with parameters, with an interval over networks. */
    difference: Interval;
  };
  documentOrder?: SlopeOrder;
}

/** A number that is written with four digits. */
const short = (x: number) => Number(x.toPrecision(4));

/** Lines through a network's timings. @throws RangeError for fewer than three lengths */
export function timeOverLength(timings: readonly Omit<Timing, "network">[]): TimeOverLength {
  const byLength = Map.groupBy(timings, ({ seconds }) => seconds);
  const lengths = [...byLength].sort(([a], [b]) => a - b).map(([seconds, runs]): TimedLength => {
    const sorted = runs.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
    const [low, median, high] = [0.25, 0.5, 0.75].map((share) => short(quantile(sorted, share)));
    return { seconds, mean: short(mean(sorted)), median, low, high };
  });
  const fit = linearFit(
    lengths.map(({ seconds }) => seconds),
    lengths.map(({ median }) => median),
  );
  const { seconds, median } = lengths.at(-1)!;
  return { lengths, fit, realTimeFactor: short(median / 1000 / seconds) };
}

/** From here on what takes as long for any sound is a small part, s. */
const POWER_FROM = 60;

/**
 * The power of the length that time grows with, from a minute on: the slope of a line through the logarithms of both. 1 is
 * linear. Where a machine's speed varies it still is, with a wider interval, while a line's r2 sinks with every disturbance.
 *
 * @throws RangeError for fewer than three lengths of a minute or more
 */
export function growthPower({ lengths }: TimeOverLength): LinearFit {
  const long = lengths.filter(({ seconds }) => seconds >= POWER_FROM);
  return linearFit(
    long.map(({ seconds }) => Math.log(seconds)),
    long.map(({ median }) => Math.log(median)),
  );
}

const slope = (network: TimedNetworkResult) => network["log-mel"].fit.slope;

/** What the slopes of some networks follow. @throws RangeError for fewer than four */
export function slopeOrder(networks: readonly TimedNetworkResult[]): SlopeOrder {
  const of = <T>(value: (cause: typeof CAUSES[number]) => T) =>
    Object.fromEntries(CAUSES.map((cause) => [cause, value(cause)])) as Record<
      typeof CAUSES[number],
      T
    >;
  const slopes = networks.map(slope);
  return {
    networks: networks.map(({ network }) => network),
    correlation: of((cause) => rankCorrelation(slopes, networks.map((own) => own[cause]))),
    spread: of((cause) => {
      const each = networks.map((own) => slope(own) / own[cause]);
      return Math.max(...each) / Math.min(...each);
    }),
  };
}

/** Of resampled networks; a network that is drawn twice is there twice. */
function orderDifference(networks: readonly TimedNetworkResult[]): Interval {
  const columns = [
    networks.map(slope),
    ...CAUSES.map((cause) => networks.map((own) => own[cause])),
  ];
  return bootstrapInterval((weights) => {
    const rows = networks.flatMap((_, k) => Array<number>(weights[k]).fill(k));
    const [slopes, parameters, products] = columns.map((column) => rows.map((k) => column[k]));
    return spearman(slopes, products) - spearman(slopes, parameters);
  }, { groups: [...networks.keys()], random: randomFrom("order of slopes") });
}

/** What a journal says of a network; nothing where its plan is not done. */
function timedNetwork(
  entries: readonly TimingEntry[],
  network: string,
): TimedNetworkResult | undefined {
  const { plan, timings, sessions } = timingsOf(entries, network);
  if (!plan || timingsLeft(entries, plan).length > 0) return undefined;
  const { parameters, multiplyAccumulates, pieceSeconds, batch, grid } = plan;
  const of = (wanted: Heard) => timeOverLength(timings.filter(({ heard }) => heard === wanted));
  return {
    network,
    parameters,
    multiplyAccumulates: Math.round(multiplyAccumulates / pieceSeconds),
    pieceSeconds,
    batch,
    grid,
    sessions,
    "log-mel": of("log-mel"),
    sound: of("sound"),
  };
}

const APART = "times of two machines say nothing beside each other";

/** What timed, in words. */
export const machineOf = ({ machine, device, gpu }: TimingSession): string =>
  `${gpu ?? device} of ${machine}`;

/**
 * Looks, before anything is measured, whether it will stand beside what is there.
 *
 * @param options.here what is going to measure, from {@link machineOf}
 * @param options.names of the networks that are going to be measured
 * @returns networks that another machine timed, and that all are among `names`: the saved study is worth keeping until the
 *   last of them is timed here
 * @throws Error where another machine has begun one of `names`, or timed networks that are not among them
 */
export function timedElsewhere(
  entries: readonly TimingEntry[],
  { here, names, saved }: { here: string; names: readonly string[]; saved?: InferenceStudy },
): string[] {
  const elsewhere = (sessions: readonly TimingSession[]) =>
    sessions.map(machineOf).find((machine) => machine !== here);
  for (const name of names) {
    const machine = elsewhere(timingsOf(entries, name).sessions);
    if (machine) {
      throw new Error(
        `${name} was timed on the ${machine}, and this is the ${here}; ${APART}: --restart times it anew`,
      );
    }
  }
  const theirs = (saved?.networks ?? []).filter(({ sessions }) => elsewhere(sessions));
  const left = theirs.find(({ network }) => !names.includes(network));
  if (left) {
    throw new Error(
      `${left.network} was timed on the ${
        elsewhere(left.sessions)
      } and saved, and this is the ${here}; ${APART}: ` +
        "time all networks here, without --only, or leave out --save",
    );
  }
  return theirs.map(({ network }) => network);
}

/**
 * The study from a journal: the networks whose plans are done, beside those that were saved before.
 *
 * @param names of networks, in the order in which they are shown
 * @param saved the study as it was
 * @throws Error where two machines measured
 */
export function inferenceStudy(
  entries: readonly TimingEntry[],
  names: readonly string[],
  saved?: InferenceStudy,
): InferenceStudy {
  const before = new Map(saved?.networks.map((own) => [own.network, own]));
  const networks = names.map((name) => timedNetwork(entries, name) ?? before.get(name))
    .filter((own) => own !== undefined);
  const machines = new Set(sessionsOf(networks).map(machineOf));
  if (machines.size > 1) {
    throw new Error(
      `these networks were timed on the ${
        [...machines].join(" and on the ")
      }, and ${APART}: --restart times them anew`,
    );
  }
  const theirs = networks.filter(({ network }) => DOCUMENT_NETWORKS.includes(network));
  return {
    networks,
    order: networks.length < 4
      ? undefined
      : { ...slopeOrder(networks), difference: orderDifference(networks) },
    documentOrder: theirs.length < 4 ? undefined : slopeOrder(theirs),
  };
}

/** The processes that measured some networks, each once, in order. */
const sessionsOf = (networks: readonly TimedNetworkResult[]): TimingSession[] =>
  [...new Map(networks.flatMap(({ sessions }) => sessions.map((own) => [own.started, own])))
    .values()]
    .sort((a, b) => a.started.localeCompare(b.started));

const isWhole = ({ step, runs }: Grid) => step === GRIDS[0].step && runs === GRIDS[0].runs;

/** A factor with two digits. */
const factor = (x: number) => x < 99.5 ? x.toPrecision(2) : x.toFixed(0);

/** The study as lines of text. */
export function formatInference(
  { networks, order, documentOrder }: InferenceStudy,
): string {
  const name = Math.max(0, ...networks.map(({ network }) => network.length));
  const rows = networks.map((own) => {
    const { fit: { slope, low, high, r2 }, realTimeFactor } = own["log-mel"];
    return [
      own.network.padEnd(name),
      (own.parameters / 1e6).toFixed(1).padStart(12),
      (own.multiplyAccumulates / 1e9).toFixed(3).padStart(6),
      `${slope.toPrecision(3)} (${low.toPrecision(3)} to ${high.toPrecision(3)})`.padStart(26),
      r2.toFixed(4),
      `1/${Math.round(1 / realTimeFactor)}`.padStart(8),
      `1/${Math.round(1 / own.sound.realTimeFactor)}`.padStart(9),
      isWhole(own.grid) ? "" : `every ${own.grid.step} s, up to ${own.grid.runs} runs`,
    ].join("  ").trimEnd();
  });
  const followed = (whose: string, { correlation, spread }: SlopeOrder) =>
    CAUSES.map((cause) => {
      const { rho, low, high, p } = correlation[cause];
      return `${whose} and ${
        cause === "parameters" ? "parameters" : "multiply-accumulates"
      }: rank correlation ${rho.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}, p ${
        p.toPrecision(2)
      }), slope for one of them differs by a factor of ${factor(spread[cause])}`;
    });
  return [
    ...sessionsOf(networks).map((own) =>
      `${own.started.slice(0, 16)} on the ${machineOf(own)}, load ${own.load.toFixed(1)} before`
    ),
    [
      "".padEnd(name),
      "parameters/M",
      "GMAC/s",
      "ms for a second of sound".padStart(26),
      "r2".padEnd(6),
      "of real time",
      "with mel",
    ].join("  "),
    ...rows,
    ...order ? followed("slopes", order) : [],
    ...order
      ? [
        `the second less the first: ${order.difference.value.toFixed(2)} (${
          order.difference.low.toFixed(2)
        } to ${order.difference.high.toFixed(2)})`,
      ]
      : [],
    ...documentOrder ? followed("slopes of the document's four", documentOrder) : [],
  ].join("\n");
}
