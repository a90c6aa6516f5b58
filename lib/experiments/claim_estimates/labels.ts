/** What the published labels say: of counts, of the split, of what ears heard, and of what comes together. */
import { memoize } from "./memoize.ts";
import { publishedDuplicates } from "../../curation/duplicates.ts";
import { weightedCorrelation } from "../../baselines/correlation.ts";
import { type Instrument, INSTRUMENTS } from "../../datasets/labels.ts";
import { targetsOf } from "../../datasets/clip.ts";
import { loadMultiClips, loadRelabelledClips, loadSingleClips } from "../../datasets/published.ts";
import { OPENMIC_CLASSES } from "../../datasets/openmic_labels.ts";
import { publishedTable } from "../../datasets/published.ts";
import { instrumentWeights, trackWeights } from "../../datasets/sampler.ts";
import { recordingOf } from "../../datasets/split.ts";
import { labelDistribution } from "../../datasets/split_quality.ts";
import { randomFrom } from "../../core/random.ts";
import { wilsonInterval } from "../../core/statistics.ts";
import { contrast, type Estimates, evenness, over, share, spread } from "./estimate.ts";
import { sumLabels } from "./sums.ts";

const single = memoize(loadSingleClips), multi = memoize(loadMultiClips);
const relabelled = memoize(loadRelabelledClips);
const recordings = memoize(() => single().map(({ file }) => recordingOf(file)));
const songs = memoize(() => multi().map(({ song }) => song));

/** Clips with each instrument, in the labels' order. */
const countsOf = (labels: readonly (readonly Instrument[])[]) =>
  INSTRUMENTS.map((code) => labels.filter((own) => own.includes(code)).length);
const ofSingle = memoize(() => countsOf(single().map(({ instrument }) => [instrument])));
const ofMulti = memoize(() => countsOf(multi().map(({ labels }) => labels)));
const countIn = (counts: number[], code: Instrument) => counts[INSTRUMENTS.indexOf(code)];

/** Boosted IRMAS: the single-instrument part and the training half of the songs. */
const boosted = memoize(() => [
  ...single().map(({ instrument }) => [instrument]),
  ...multi().filter(({ half }) => half === "train").map(({ labels }) => labels),
]);

const has = (code: Instrument) => multi().map(({ labels }) => labels.includes(code));

/** The correlation of two labels over the songs' excerpts. */
function phi(a: Instrument, b: Instrument) {
  const [x, y] = [a, b].map((code) => has(code).map(Number));
  return over(songs(), (weights) => weightedCorrelation(x, y, weights));
}

/** The largest correlation either way of any two labels. */
function strongest(): number {
  const columns = INSTRUMENTS.map((code) => has(code).map(Number));
  const once = new Float64Array(columns[0].length).fill(1);
  return Math.max(
    ...columns.flatMap((x, k) =>
      columns.slice(0, k).map((y) => Math.abs(weightedCorrelation(x, y, once)))
    ),
  );
}

/** A share of the relabelled clips, with Wilson's interval. */
function ofRelabelled(test: (clip: ReturnType<typeof relabelled>[number]) => boolean) {
  const own = relabelled(), hits = own.filter(test).length;
  const [low, high] = wilsonInterval(hits, own.length);
  return { value: hits / own.length, low, high };
}

const wrong = ({ original, labels }: { original: Instrument; labels: Instrument[] }) =>
  labels.includes(original) ? labels.length - 1 : labels.length + 1;

/** The weight of the rows with a property. */
const weightOf = (has: readonly boolean[], weights: Float64Array) =>
  weights.reduce((sum, weight, row) => has[row] ? sum + weight : sum, 0);

/** How many times as often voice comes with one instrument as with another. */
const voiceWith = (first: Instrument, second: Instrument) => {
  const voice = has("voi");
  const [one, other] = [first, second].map((code) =>
    has(code).map((own, row) => own && voice[row])
  );
  return over(songs(), (weights) => weightOf(one, weights) / weightOf(other, weights));
};

/** How much more the excerpts fall from two labels to three than from three to four, as a logarithm. */
const fallOfLabels = () => {
  const counts = [2, 3, 4].map((n) => multi().map(({ labels }) => labels.length === n));
  return over(songs(), (weights) => {
    const [two, three, four] = counts.map((has) => weightOf(has, weights));
    return Math.log(two / three) - Math.log(three / four);
  });
};

/** The share of a genre's clips among some instruments' clips, less among others'. */
const genreContrast = (
  genre: string,
  first: readonly Instrument[],
  second: readonly Instrument[],
) =>
  over(
    recordings(),
    contrast(
      single().map((clip) => Number(clip.genre === genre)),
      single().map(({ instrument }) => first.includes(instrument)),
      single().map(({ instrument }) => second.includes(instrument)),
    ),
  );

export const labelEstimates: Estimates = {
  "zeros on single labels": () => ({ value: 1 - 1 / INSTRUMENTS.length }),
  "labels of an excerpt": () => {
    const counts = multi().map(({ labels }) => labels.length);
    return { text: `${Math.min(...counts)} to ${Math.max(...counts)}` };
  },
  "excerpts with at most two labels": () =>
    share(songs(), multi().map(({ labels }) => labels.length <= 2)),
  "single: most by fewest": () => ({ value: spread(ofSingle()) }),
  "multi: most by fewest": () => ({ value: spread(ofMulti()) }),
  "single: voice by cello": () => ({
    value: countIn(ofSingle(), "voi") / countIn(ofSingle(), "cel"),
  }),
  "multi: voice by trumpet": () => ({
    value: countIn(ofMulti(), "voi") / countIn(ofMulti(), "tru"),
    note: "of clarinet, trumpet and cello the trumpet has most excerpts",
  }),
  "training clips with several labels": () => ({
    value: boosted().filter((labels) => labels.length > 1).length / boosted().length,
    note: "of the single-instrument part and the training half of the songs",
  }),

  "split: songs in both halves": () => {
    const halves = Map.groupBy(multi(), ({ song }) => song);
    return {
      value:
        [...halves.values()].filter((own) => new Set(own.map(({ half }) => half)).size > 1).length,
    };
  },
  "split: sounds in both halves": () => {
    const sides = ["test, train half", "test, validation half"];
    return {
      value: publishedDuplicates({ distance: 0.05 })
        .filter((set) => sides.every((side) => set.sides.includes(side))).length,
      note: "sets of clips with the same features, to a twentieth of their deviation",
    };
  },
  "split: share of the training half": () => ({
    value: multi().filter(({ half }) => half === "train").length / multi().length,
  }),
  "split: random splits by song that are less balanced": () => {
    const own = [...Map.groupBy(multi(), ({ song }) => song).values()];
    const labels = own.map((clips) => [...new Set(clips.flatMap(({ labels }) => labels))]);
    const targets = targetsOf(labels.map((union) => ({ labels: union })));
    const theirs = own.map(([{ half }]) => half === "train" ? 0 : 1);
    const reached = labelDistribution(theirs, targets),
      random = randomFrom("claims, random splits");
    const splits = 1000,
      worse = Array.from(
        { length: splits },
        () => labelDistribution(random.shuffle(theirs), targets) > reached,
      ).filter(Boolean).length;
    return {
      value: worse / splits,
      note: "of 1,000 random ones of the same sizes; LD of the songs' labels (Sechidis, 2011)",
    };
  },
  "split: songs on both sides of a random one": () => {
    const sizes = [...Map.groupBy(multi(), ({ song }) => song).values()].map(({ length }) =>
      length
    );
    return {
      value: sizes.reduce((sum, clips) => sum + 1 - 2 ** (1 - clips), 0) / sizes.length,
      note: "expected share of the songs, each clip's side drawn by a coin",
    };
  },

  "sampler: the document's example": () => ({
    value: instrumentWeights(
      targetsOf([
        ...Array(20).fill({ labels: ["pia"] }),
        ...Array(10).fill({ labels: ["pia", "vio"] }),
        ...Array(50).fill({ labels: ["sax"] }),
      ]),
    )[INSTRUMENTS.indexOf("pia")],
  }),
  "sampler: evenness gained": () => {
    const targets = targetsOf(boosted().map((labels) => ({ labels })));
    const weights = trackWeights(targets), drawn = new Float64Array(INSTRUMENTS.length);
    targets.forEach((target, k) =>
      drawn[k % drawn.length] += target * weights[Math.floor(k / drawn.length)]
    );
    return {
      value: evenness(drawn) - evenness(countsOf(boosted())),
      note: `entropy of the labels by its largest: ${
        evenness(countsOf(boosted())).toFixed(4)
      } before, ${evenness(drawn).toFixed(4)} after`,
    };
  },

  "relabelled: several": () => ofRelabelled(({ labels }) => labels.length > 1),
  "relabelled: lacking": () => ofRelabelled(({ original, labels }) => !labels.includes(original)),
  "relabelled: at most one wrong": () => ofRelabelled((clip) => wrong(clip) <= 1),
  "relabelled: exact": () => ofRelabelled((clip) => wrong(clip) === 0),
  "relabelled: several, of all clips": () => {
    const counts = ofSingle(), all = counts.reduce((sum, count) => sum + count, 0);
    const size = new Map(INSTRUMENTS.map((code, k) => [code, counts[k] / all]));
    const weightOf = relabelled().map(({ original }) => size.get(original)!);
    const several = relabelled().map(({ labels }) => Number(labels.length > 1));
    return over(
      relabelled().map(({ file }) => recordingOf(file)),
      (weights) => {
        let sum = 0, total = 0;
        weights.forEach((weight, row) => {
          sum += weight * weightOf[row] * several[row];
          total += weight * weightOf[row];
        });
        return sum / total;
      },
      "27 clips of each class, weighted by the sizes of the classes, over recordings",
    );
  },

  "phi: piano, acoustic guitar": () => phi("pia", "gac"),
  "phi: piano, electric guitar": () => phi("pia", "gel"),
  "phi: piano, voice": () => phi("pia", "voi"),
  "phi: piano, saxophone": () => phi("pia", "sax"),
  "phi: piano, trumpet": () => phi("pia", "tru"),
  "phi: saxophone, trumpet": () => phi("sax", "tru"),
  "phi: violin, cello": () => phi("vio", "cel"),
  "phi: electric guitar, clarinet": () => phi("gel", "cla"),
  "voice: with electric guitar by with piano": () => voiceWith("gel", "pia"),
  "voice: with electric guitar by with organ": () => voiceWith("gel", "org"),
  "voice: with electric guitar by with cello": () => voiceWith("gel", "cel"),
  "excerpts: fall from two to three by that from three to four, logarithm": fallOfLabels,
  "genre: classical, piano less guitars": () => genreContrast("cla", ["pia"], ["gac", "gel"]),
  "genre: jazz, saxophone, trumpet and piano less the others": () =>
    genreContrast(
      "jaz_blu",
      ["sax", "tru", "pia"],
      INSTRUMENTS.filter((code) => !["sax", "tru", "pia"].includes(code)),
    ),
  "genre: classical among violin and cello": () => {
    const strings = single().filter(({ instrument }) => ["vio", "cel"].includes(instrument));
    return share(
      strings.map(({ file }) => recordingOf(file)),
      strings.map(({ genre }) => genre === "cla"),
    );
  },

  "OpenMIC: kinds of guitar": () => ({
    text: Object.keys(OPENMIC_CLASSES).filter((name) => /guitar/.test(name)).join(" "),
  }),
  "OpenMIC: clips with several labels": () => {
    const labels = publishedTable("openmic_single_label").getColumn("labels").toArray() as string[];
    return {
      value: labels.filter((own) => own.includes(" ")).length,
      note: `of the ${labels.length} clips of the table that the original study trained on`,
    };
  },
  "OpenMIC: evenness gained": () => {
    const labels = publishedTable("openmic_single_label").getColumn("labels").toArray() as string[];
    const added = countsOf(labels.map((own) => own.split(" ") as Instrument[]));
    const before = countsOf(boosted());
    return { value: evenness(before.map((count, k) => count + added[k])) - evenness(before) };
  },

  "sums: the largest step of most by fewest": () => {
    const shares = ofSingle().map((count) => count / single().length);
    const ratios = [1, 2, 3, 4, 5].map((clips) => spread(sumLabels(shares, clips).shares));
    return {
      value: Math.max(...ratios.slice(1).map((ratio, k) => ratio - ratios[k])),
      note: `most frequent by rarest instrument in sums of 1 to 5: ${
        ratios.map((ratio) => ratio.toFixed(2)).join(", ")
      }`,
    };
  },
  "sums: correlations less the songs'": () => {
    const shares = ofSingle().map((count) => count / single().length);
    const largest = [2, 3].map((clips) => sumLabels(shares, clips).strongest);
    return {
      value: Math.max(...largest) - strongest(),
      note: `strongest correlation of two labels in sums of two ${
        largest[0].toFixed(2)
      }, of three ${largest[1].toFixed(2)}, in songs ${strongest().toFixed(2)}`,
    };
  },
  "sums: exponential less sum with 2": () => {
    const shares = ofSingle().map((count) => count / single().length);
    const weights = [0, 1, 2, 3, 4, 5].map((k) => Math.exp(-k));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const drawn = shares.map((_, label) =>
      weights.reduce(
        (sum, weight, k) => sum + weight / total * sumLabels(shares, k + 1).shares[label],
        0,
      )
    );
    return {
      value: spread(drawn) - spread(sumLabels(shares, 2).shares),
      note: "most frequent by rarest instrument; the number to add falls by e from one to the next",
    };
  },
};
