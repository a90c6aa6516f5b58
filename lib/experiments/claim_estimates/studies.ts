/** What the committed studies say: classical models, label quality, ensembles, pretrained networks. */
import { join } from "node:path";
import { exists, readJson } from "../../core/files.ts";
import { projectPath } from "../../core/paths.ts";
import { mean, variance } from "../../core/statistics.ts";
import { correlationMatrix } from "../../baselines/correlation.ts";
import { fitPca, projectPca } from "../../baselines/pca.ts";
import { joinColumns } from "../../baselines/rows.ts";
import { applyScaler, fitMinMax } from "../../baselines/scaler.ts";
import { instrumentIndex, INSTRUMENTS } from "../../datasets/labels.ts";
import { loadFeatures } from "../../datasets/published.ts";
import { recordingOf } from "../../datasets/split.ts";
import { randomFrom } from "../../core/random.ts";
import { oneWayAnova } from "../../evaluation/anova.ts";
import { weightedMean } from "../../evaluation/metrics.ts";
import { quantile } from "../../evaluation/quantile.ts";
import type { Estimate } from "../claims.ts";
import type { ClassicalResult } from "../classical.ts";
import type { EnsembleStudy } from "../ensembles.ts";
import type { InferenceStudy } from "../inference_result.ts";
import type { JoinedClips } from "../joined_clips.ts";
import type { LabelQualityResult } from "../label_quality.ts";
import type { RetrainingResult } from "../label_quality_retraining.ts";
import type { Asked } from "../strip_areas.ts";
import type { SvmStudyResult } from "../svm_study.ts";
import type { ThresholdStudy } from "../threshold_study.ts";
import type { ZeroShotStudy } from "../zero_shot.ts";
import { type Estimates, gap, over, type Quantity, share } from "./estimate.ts";
import { memoize } from "./memoize.ts";

/** Filters of 10, four times 3 and twice 2 samples (Baevski and others, wav2vec 2.0, 2020). */
const WAV2VEC_CONVOLUTIONS = 512 * 10 + 512 ** 2 * (4 * 3 + 2 * 2);

/** The areas of the longest strips. */
const longest = (areas: JoinedClips["areas"], asked: Asked) =>
  areas.findLast((one) => one.asked === asked);

/** The recipe whose pieces are heard, and that whose heads attend to moments. */
const PIECES = "screen+complete";
const ATTENTIVE = "screen+wide+deep+fluffy-attention";

/** The files of one folder. Default: the project's `experiments/` */
export function studyEstimates(folder: string = projectPath("experiments")): Estimates {
  /** An estimate from a study's file; its reason where the file, or what is looked for in it, is not there. */
  const from = <T>(file: string, find: (study: T) => Estimate | undefined) => (): Estimate => {
    const path = join(folder, file);
    if (!exists(path)) return { missing: `there is no experiments/${file}` };
    return find(readJson<T>(path)) ?? { missing: `experiments/${file} has no such row` };
  };

  const joinedClips = (recipe: string, find: (study: JoinedClips) => Quantity | undefined) =>
    from<Record<string, JoinedClips>>("joined_clips.json", (study) => {
      const own = study[recipe], found = own && find(own);
      if (!found) return undefined;
      const { value, low, high } = found;
      return {
        value,
        low,
        high,
        note: `${own.runs.length} runs of ${recipe}, held-out real clips`,
      };
    });

  const svm = (find: (study: SvmStudyResult) => Estimate | undefined) => from("svm.json", find);
  const system = ({ systems, trivial }: SvmStudyResult, name: string, scaler?: string) =>
    [...systems, ...trivial].find((row) =>
      row.name === name && (scaler === undefined || row.scaler === scaler)
    );
  /** Macro-F1 of one system less another's. */
  const f1Gap = (first: [string, string?], second: [string, string?]) =>
    svm((study) => {
      const [a, b] = [system(study, ...first), system(study, ...second)];
      return a && b && gap(a.macroF1, b.macroF1);
    });
  const trained = "the training part's";
  const linear = "linear SVM, min-max, C = 1", rbf = "RBF SVM, min-max, C = 250";
  const byInstrument = "RBF SVM, standardised, width and C by instrument";

  const quality = (find: (study: LabelQualityResult) => Estimate | undefined) =>
    from("label_quality.json", find);
  const lift = (name: string) =>
    quality(({ sets }) => {
      const set = sets.find((other) => other.name.startsWith(name));
      const found = set?.results.find(({ folds }) => folds === "by recording")
        ?.averagePrecision["self-confidence, adjusted"];
      return set && found && {
        ...shifted(found, -set.wrong / set.known),
        note: `average precision in finding wrong labels less chance, ${set.name}`,
      };
    });
  const retraining = (set: string, model: string) =>
    from<{ retraining: RetrainingResult[] }>(
      "label_quality.json",
      (study) => study.retraining.find((row) => row.set === set && row.model === model)?.gain,
    );

  return {
    "all zeros: accuracy on the songs": svm((study) => system(study, "always none")?.accuracy),
    "always all: F1 on the songs": svm((study) => system(study, "always all")?.macroF1),
    "best accuracy less best F1 of what never listens": svm(({ trivial }) => {
      const best = (key: "accuracy" | "macroF1") =>
        trivial.map((row) => row[key]).reduce((a, b) => b.value > a.value ? b : a);
      return gap(best("accuracy"), best("macroF1"));
    }),
    "SVM: accuracy less all zeros'": svm((study) => {
      const zeros = system(study, "always none"), own = system(study, rbf, "its own");
      return zeros && own && gap(own.accuracy, zeros.accuracy);
    }),
    "SVM: the document's best F1 less always all's": f1Gap([rbf, "its own"], ["always all"]),
    "SVM: the training part's scaler: F1 less always all's": f1Gap([rbf, trained], ["always all"]),
    "SVM: RBF less linear, min-max": f1Gap([rbf, trained], [linear, trained]),
    "SVM: RBF less linear, raw": f1Gap(["RBF SVM, raw, C = 10000"], ["linear SVM, raw, C = 1000"]),
    "SVM: scaled less raw, RBF": f1Gap([rbf, trained], ["RBF SVM, raw, C = 10000"]),
    "SVM: by instrument less one for all": f1Gap([byInstrument], ["RBF SVM, standardised, C = 10"]),
    "small network less SVM by instrument": f1Gap(["small network"], [byInstrument]),
    "SVM: half width of F1 on a third of the songs": svm((study) => {
      const { macroF1 } = system(study, rbf, trained) ?? {};
      return macroF1 && {
        value: Math.sqrt(3) * (macroF1.high - macroF1.low) / 2,
        note: `${
          (Math.sqrt(3) * (macroF1.high - macroF1.low) / 2 / macroF1.value * 100).toFixed(0)
        } % of the F1`,
      };
    }),

    "leak: RBF SVM, random less by recording": from<ClassicalResult>(
      "classical.json",
      ({ scores }) => scores.find(({ model }) => model.startsWith("RBF"))?.leak,
    ),
    "label quality: real, 28 features": lift("real, 28 features"),
    "label quality: real, a network's embeddings": lift("real, embeddings of irmas"),
    "label quality: real, YAMNet": lift("real, embeddings of YAMNet"),
    "label quality: demo, YAMNet": lift("demo, embeddings of YAMNet"),
    "without doubtful clips: real, logistic regression": retraining(
      "real, 28 features",
      "logistic regression",
    ),
    "without doubtful clips: real, neighbours": retraining(
      "real, 28 features",
      "5 nearest neighbours",
    ),
    "without doubtful clips: real, YAMNet": retraining(
      "real, embeddings of YAMNet",
      "logistic regression",
    ),
    "without doubtful clips: songs, logistic regression": retraining(
      "real, 25 features, the test part",
      "logistic regression",
    ),
    "without doubtful clips: songs, neighbours": retraining(
      "real, 25 features, the test part",
      "5 nearest neighbours",
    ),
    "without doubtful clips: demo, YAMNet": retraining(
      "demo, embeddings of YAMNet",
      "logistic regression",
    ),
    ...Object.fromEntries(["irmas_scratch", "irmas_yamnet"].map((recipe) => [
      `threshold: of sums less one half, ${recipe}`,
      from<Record<string, ThresholdStudy>>(
        "thresholds.json",
        ({ [recipe]: study }) =>
          study?.parts.mixturesOfTwo.find(({ rule }) => rule === "of sums")?.difference,
      ),
    ])),
    "wav2vec 2.0's convolutions by good boy, parameters": from<InferenceStudy>(
      "inference_time.json",
      ({ networks }) => {
        const own = networks.find(({ network }) => network === "good-boy");
        return own && {
          value: WAV2VEC_CONVOLUTIONS / own.parameters,
          note:
            `${WAV2VEC_CONVOLUTIONS} weights in seven layers of 512 channels, ${own.parameters} in all of "good boy"`,
        };
      },
    ),
    "ensemble: gain": from<EnsembleStudy>("ensemble.json", ({ runs, all }) => ({
      ...all.weighted.gain,
      note: `accuracy of ${runs.length} runs together, less one's`,
    })),
    "what enters in 18 s: highest of pieces less the whole": joinedClips(
      PIECES,
      ({ areas }) => longest(areas, "enters")?.leads.whole,
    ),
    ...Object.fromEntries((["enters", "lasts"] as const).flatMap((asked) => [
      [
        `what ${asked} in 18 s: highest of pieces less the whole squeezed`,
        joinedClips(PIECES, ({ areas }) => longest(areas, asked)?.leads.squeezed),
      ],
      [
        `what ${asked} in 18 s: highest of pieces less a network of the canvas`,
        joinedClips("screen+canvas", ({ areas }) => longest(areas, asked)?.leadOfFirst),
      ],
    ])),
    "attention to what enters, over that of all moments": joinedClips(
      ATTENTIVE,
      ({ attention }) => attention && shifted(attention.at(-1)!.own, -1),
    ),
    "attention to what enters, over that of heads of absent instruments": joinedClips(
      ATTENTIVE,
      ({ attention }) => attention?.at(-1)?.difference,
    ),
    "zero-shot: YAMNet less always all": from<ZeroShotStudy>("zero_shot.json", ({ networks }) => {
      const { songs } = networks.yamnet ?? {};
      return songs && shifted(songs.macroF1, -songs.baselines.ones.macroF1);
    }),

    ...featureEstimates,
  };
}

const shifted = ({ value, low, high }: Quantity, by: number) => ({
  value: value + by,
  low: low + by,
  high: high + by,
});

const table = memoize(() => loadFeatures("irmas_single_features_28"));
const labels = memoize(() => table().labels.map(([label]) => instrumentIndex(label)));
const rows = () => ({ values: table().values, columns: table().features.length });

/** Variance of each feature's column in the correlation matrix with the labels, the document's measure. */
const variances = memoize(() => {
  const targets = Float64Array.from(
    labels().flatMap((label) => INSTRUMENTS.map((_, k) => Number(k === label))),
  );
  const matrix = correlationMatrix(
    joinColumns(rows(), { values: targets, columns: INSTRUMENTS.length }),
  );
  const { features } = table(), side = features.length + INSTRUMENTS.length;
  return features.map((name, k) => ({
    name,
    variance: variance(matrix.slice(side * k, side * (k + 1))),
  }))
    .sort((a, b) => b.variance - a.variance);
});

/** Each recording's instrument, and its mean of every feature. */
const recordings = memoize(() => {
  const { files, features, values } = table();
  const groups = [...Map.groupBy(files.keys(), (row) => recordingOf(files[row])).values()];
  return groups.map((own) => ({
    instrument: INSTRUMENTS[labels()[own[0]]],
    means: features.map((_, column) =>
      mean(own.map((row) => values[row * features.length + column]))
    ),
  }));
});

/** The share of each feature's variance over recordings that the instrument explains. */
const explained = (own: ReturnType<typeof recordings>) =>
  table().features.map((_, column) =>
    oneWayAnova(own.map(({ means }) => means[column]), own.map(({ instrument }) => instrument))
      .omegaSquared
  );

/** The four kinds that the document names as varying most. */
const isNamed = (feature: string) => /^(rolloff|centroid|bandwidth|mfcc\d+)$/.test(feature);

/** Of the recordings: the first digit of an interval's ends is what the verdict needs. */
const RESAMPLINGS = 200;

const featureEstimates: Estimates = {
  "features: deviation of the level, dB": () => {
    const { features, values } = table(), column = features.indexOf("rms");
    const levels = table().files.map((_, row) =>
      20 * Math.log10(Math.max(values[row * features.length + column], 1e-6))
    );
    return over(table().files.map(recordingOf), (weights) => {
      const centre = weightedMean(levels, weights);
      return Math.sqrt(weightedMean(levels.map((level) => (level - centre) ** 2), weights));
    }, "of the mean amplitude of 6,703 clips");
  },
  "features": () => ({ value: table().features.length }),
  "features: kinds of highest variance": () => {
    const kinds = [...new Set(variances().map(({ name }) => name.replace(/\d+$/, "")))].slice(0, 4);
    const first = variances().findIndex(({ name }) => name.startsWith("mfcc"));
    return {
      text: kinds.sort().join(" "),
      note: `the first MFCC stands at place ${first + 1}, after both entropies`,
    };
  },
  "features: variance explained, named less others": () => {
    const named = table().features.map(isNamed);
    const of = (shares: number[], which: boolean) =>
      mean(shares.filter((_, column) => named[column] === which));
    const random = randomFrom("claims, variance explained"), own = recordings();
    const drawn = Array.from({ length: RESAMPLINGS }, () => {
      const shares = explained(own.map(() => random.choice(own)));
      return of(shares, true) - of(shares, false);
    }).sort((a, b) => a - b);
    const all = explained(own);
    return {
      value: of(all, true) - of(all, false),
      low: quantile(drawn, 0.025),
      high: quantile(drawn, 0.975),
      note: `the instrument explains ${
        of(all, true).toFixed(3)
      } of the variance of the named features over recordings, ${
        of(all, false).toFixed(3)
      } of the others'; recordings resampled`,
    };
  },
  "features: clips nearest to their own class's centre in the plane": () => {
    const scaled = applyScaler(fitMinMax(rows()), rows());
    const plane = projectPca(fitPca(scaled, 2), scaled).values;
    const centres = INSTRUMENTS.map((_, label) =>
      [0, 1].map((axis) =>
        mean(labels().flatMap((own, row) => own === label ? plane[2 * row + axis] : []))
      )
    );
    const nearest = labels().map((label, row) => {
      const distances = centres.map(([x, y]) =>
        Math.hypot(x - plane[2 * row], y - plane[2 * row + 1])
      );
      return distances.indexOf(Math.min(...distances)) === label;
    });
    return share(table().files.map(recordingOf), nearest);
  },
};
