/** What the published keys, tones and tempi say. */
import { memoize } from "./memoize.ts";
import { weightedMean } from "../../evaluation/metrics.ts";
import { loadMultiClips, loadSingleClips } from "../../datasets/published.ts";
import { recordingOf } from "../../datasets/split.ts";
import { mean, standardDeviation } from "../../core/statistics.ts";
import { countKeys, type Mode, parseKey, TONES } from "../../music/tonality.ts";
import { type Estimates, over, share } from "./estimate.ts";

const single = memoize(loadSingleClips), multi = memoize(loadMultiClips);
const keys = memoize(() => countKeys(single().map(({ key }) => key)));

/** The share of a genre's clips in major, over recordings. */
function majorShare(genre: string) {
  const own = single().filter((clip) => clip.genre === genre);
  return share(
    own.map(({ file }) => recordingOf(file)),
    own.map(({ key }) => parseKey(key).mode === "major"),
  );
}

/** How many of the most frequent keys of a mode have a sharp in their name. */
const sharps = (mode: Mode, most: number) => ({
  value: TONES.map((tone, k) => ({ tone, count: keys()[mode][k] }))
    .sort((a, b) => b.count - a.count).slice(0, most)
    .filter(({ tone }) => tone.includes("#")).length,
});

/** Sharps or flats of a major key by its root's number of semitones above C: fifths from C, the shorter way round. */
const accidentals = (root: number) => {
  const fifths = 7 * root % 12;
  return Math.min(fifths, 12 - fifths);
};

/** Skewness of weighted values. */
function weightedSkewness(values: readonly number[], weights: ArrayLike<number>): number {
  const centre = weightedMean(values, weights);
  const moment = (power: number) => weightedMean(values.map((x) => (x - centre) ** power), weights);
  return moment(3) / moment(2) ** 1.5;
}

const tempi = {
  single: memoize(() => single().map(({ tempo }) => tempo)),
  multi: memoize(() => multi().map(({ tempo }) => tempo)),
};

export const musicEstimates: Estimates = {
  "major: country-folk": () => majorShare("cou_fol"),
  "major: jazz-blues": () => majorShare("jaz_blu"),
  "major: pop-rock": () => majorShare("pop_roc"),
  "major: latin-soul": () => majorShare("lat_sou"),
  "major: all": () =>
    share(
      single().map(({ file }) => recordingOf(file)),
      single().map(({ key }) => parseKey(key).mode === "major"),
    ),
  "latin-soul: clips": () => ({
    value: single().filter(({ genre }) => genre === "lat_sou").length,
  }),
  "sharps among the five major keys": () => sharps("major", 5),
  "sharps among the four minor keys": () => sharps("minor", 4),
  "keys with at most three sharps or flats": () => {
    // a minor key has the signs of the major key a minor third above
    const few = single().map(({ key }) => {
      const { root, mode } = parseKey(key), tone = TONES.indexOf(root);
      return accidentals(mode === "major" ? tone : (tone + 3) % 12) <= 3;
    });
    return share(
      single().map(({ file }) => recordingOf(file)),
      few,
      "7 of 12 keys have no more: 0.583",
    );
  },
  "tempo: skewness, single": () => {
    const values = tempi.single();
    return over(
      single().map(({ file }) => recordingOf(file)),
      (weights) => weightedSkewness(values, weights),
      "below 0.1 either way counts as none",
    );
  },
  "tempo: skewness, multi": () => {
    const values = tempi.multi();
    return over(multi().map(({ song }) => song), (weights) => weightedSkewness(values, weights));
  },
  "tempo: difference of the means in deviations": () => {
    const [a, b] = [tempi.single(), tempi.multi()];
    const pooled = Math.sqrt((standardDeviation(a) ** 2 + standardDeviation(b) ** 2) / 2);
    return {
      value: Math.abs(mean(a) - mean(b)) / pooled,
      note: "Cohen calls 0.2 small; without an interval, as the two parts are all there is",
    };
  },
};
