/** What the reported networks decide on real clips, clip by clip. */
import { FAMILIES, type Instrument, INSTRUMENTS } from "../../datasets/labels.ts";
import { clipName, loadRelabelledClips } from "../../datasets/published.ts";
import { recordingOf } from "../../datasets/split.ts";
import { mean } from "../../core/statistics.ts";
import {
  bestLabels,
  countOutcomes,
  decide,
  labelScores,
  macroF1,
  oneHot,
  weightedMean,
} from "../../evaluation/metrics.ts";
import { quantile } from "../../evaluation/quantile.ts";
import { exists, readJson } from "../../core/files.ts";
import { projectPath } from "../../core/paths.ts";
import type { ClassicalResult } from "../classical.ts";
import type { Estimate } from "../claims.ts";
import type { FinishedRun, IrmasResult } from "../evidence.ts";
import { weightedAuc } from "./auc.ts";
import { allOver, type Estimates, gap, over } from "./estimate.ts";
import { memoize } from "./memoize.ts";

type Runs = readonly FinishedRun<IrmasResult>[];

const NOT_RUN: Estimate = { missing: "there is no finished run of irmas_scratch" };
const NOTE = "ConvNeXt-atto from scratch, mean over its runs; intervals over recordings";

const median = (values: readonly number[]) => quantile(values.toSorted((a, b) => a - b), 0.5);

/** Clips that were held out, with each run's scores. */
function heldOut(runs: Runs) {
  const clips = Object.keys(runs[0].result.scores.heldOut);
  return {
    groups: clips.map(recordingOf),
    labels: Uint8Array.from(clips, (clip) => INSTRUMENTS.indexOf(clip.split("/")[0] as Instrument)),
    scores: runs.map(({ result: { scores } }) =>
      Float32Array.from(clips.flatMap((clip) => scores.heldOut[clip]))
    ),
  };
}

/** The clips that were heard anew, with each run's scores and decisions at its threshold. */
function relabelled(runs: Runs) {
  const clips = Object.keys(runs[0].result.scores.relabelled);
  const stem = (file: string) => clipName(file).replace(/\.wav$/, "");
  const heard = new Map(loadRelabelledClips().map((clip) => [stem(clip.file), clip]));
  const truth = clips.map((clip) => heard.get(stem(clip))!);
  const scores = runs.map(({ result }) =>
    Float32Array.from(clips.flatMap((clip) => result.scores.relabelled[clip]))
  );
  return {
    groups: clips.map((clip) => recordingOf(stem(clip))),
    truth,
    targets: Uint8Array.from(
      truth.flatMap(({ labels }) => INSTRUMENTS.map((code) => Number(labels.includes(code)))),
    ),
    scores,
    decisions: scores.map((own, k) => decide(own, runs[k].result.threshold)),
  };
}

/**
 * The number of bins, a fifth wide and centred on 0, 0.2, ..., 1, of a histogram that hold more than the bins beside them.
 * Narrower ones would count holes: F1 of few labels has no value between 1/2 and 2/3.
 */
export function peaks(values: readonly number[]): number {
  const counts = Array(6).fill(0);
  for (const value of values) counts[Math.round(5 * value)]++;
  return counts.filter((count, k) => count > (counts[k - 1] ?? 0) && count >= (counts[k + 1] ?? 0))
    .length;
}

/** What the document says of single instruments, as differences of their scores, in the labels' order. */
function contrasts(scores: readonly number[]) {
  const at = (code: Instrument) => scores[INSTRUMENTS.indexOf(code)];
  const others = (...own: Instrument[]) =>
    INSTRUMENTS.filter((code) => !own.includes(code)).map(at);
  const overMedian = (code: Instrument) => at(code) - median(others(code));
  return {
    voiceLead: at("voi") - Math.max(...others("voi")),
    voiceOverRare: at("voi") - mean([at("cla"), at("tru"), at("cel")]),
    celloAndClarinet: mean([at("cel"), at("cla")]) - mean(others("cel", "cla")),
    voi: overMedian("voi"),
    sax: overMedian("sax"),
    pia: overMedian("pia"),
    gac: overMedian("gac"),
    gel: overMedian("gel"),
    org: overMedian("org"),
  };
}

/** @param runsOf the finished runs of a recipe */
export function networkEstimates(
  runsOf: (recipe: string) => Promise<Runs>,
): Estimates {
  const from = (compute: (runs: Runs) => Estimate) => async (): Promise<Estimate> => {
    const runs = await runsOf("irmas_scratch");
    return runs.length > 0 ? compute(runs) : NOT_RUN;
  };
  /** F1 on held-out clips, of the best-scored instruments. */
  const f1 = memoize(async () => {
    const runs = await runsOf("irmas_scratch");
    if (runs.length === 0) return undefined;
    const { groups, labels, scores } = heldOut(runs), targets = oneHot(labels);
    const chosen = scores.map((own) => oneHot(bestLabels(own)));
    return allOver(groups, (weights) => {
      const found = chosen.map((decisions) =>
        labelScores(countOutcomes(decisions, targets, { weights }))
      );
      return contrasts(INSTRUMENTS.map((_, k) => mean(found.map((scores) => scores[k].f1))));
    }, NOTE);
  });
  /** Areas under the ROC curves on held-out clips. */
  const auc = memoize(async () => {
    const runs = await runsOf("irmas_scratch");
    if (runs.length === 0) return undefined;
    const { groups, labels, scores } = heldOut(runs);
    const areas = scores.map((own) =>
      INSTRUMENTS.map((_, label) => {
        const column = Float64Array.from(labels, (_, row) => own[row * INSTRUMENTS.length + label]);
        const order = [...column.keys()].sort((a, b) => column[a] - column[b]);
        return weightedAuc(column, Array.from(labels, (other) => other === label), order);
      })
    );
    return allOver(
      groups,
      (weights) => contrasts(INSTRUMENTS.map((_, k) => mean(areas.map((run) => run[k](weights))))),
      NOTE,
    );
  });
  const of = (all: typeof f1, name: keyof ReturnType<typeof contrasts>) => async () =>
    (await all())?.[name] ?? NOT_RUN;

  /** How often an instrument's clips are taken for a second one, less for others, on average. */
  const confusion = (own: Instrument, second: Instrument, others: readonly Instrument[]) =>
    from((runs) => {
      const { groups, labels, scores } = heldOut(runs);
      const best = scores.map((rows) =>
        Array.from(bestLabels(rows), (label) => INSTRUMENTS[label])
      );
      const values = Float64Array.from(
        labels,
        (_, row) =>
          mean(
            best.map((chosen) =>
              Number(chosen[row] === second) - Number(others.includes(chosen[row])) / others.length
            ),
          ),
      );
      const mine = Array.from(labels, (label) => Number(INSTRUMENTS[label] === own));
      return over(
        groups,
        (weights) => weightedMean(values, weights.map((weight, row) => weight * mine[row])),
        NOTE,
      );
    });

  return {
    "F1: voice less the best other": of(f1, "voiceLead"),
    "F1: voice less clarinet, trumpet and cello": of(f1, "voiceOverRare"),
    "F1: saxophone less the median": of(f1, "sax"),
    "F1: piano less the median": of(f1, "pia"),
    "F1: cello and clarinet less the others": of(f1, "celloAndClarinet"),
    "AUC: voice less the median": of(auc, "voi"),
    "AUC: saxophone less the median": of(auc, "sax"),
    "AUC: acoustic guitar less the median": of(auc, "gac"),
    "AUC: electric guitar less the median": of(auc, "gel"),
    "AUC: organ less the median": of(auc, "org"),

    "cello: as violin less as trumpet": confusion("cel", "vio", ["tru"]),
    "saxophone: as clarinet less as another": confusion(
      "sax",
      "cla",
      INSTRUMENTS.filter((code) => code !== "sax" && code !== "cla"),
    ),
    "errors inside the family less by chance": from((runs) => {
      const { groups, labels, scores } = heldOut(runs);
      const families = Object.values(FAMILIES);
      const familyOf = INSTRUMENTS.map((code) => families.findIndex((own) => own.includes(code)));
      // the chance that an error, drawn from the other ten alike, stays in the family
      const chance = familyOf.map((family) =>
        (families[family].length - 1) / (INSTRUMENTS.length - 1)
      );
      const chosen = scores.map((own) => bestLabels(own));
      return over(groups, (weights) => {
        let sum = 0, total = 0;
        for (const best of chosen) {
          best.forEach((label, row) => {
            if (label === labels[row]) return;
            sum += weights[row] *
              (Number(familyOf[label] === familyOf[labels[row]]) - chance[labels[row]]);
            total += weights[row];
          });
        }
        return sum / total;
      }, NOTE);
    }),

    "clips without any instrument at one half": from((runs) => {
      const { groups, labels, scores } = heldOut(runs);
      const none = Float64Array.from(
        labels,
        (_, row) =>
          mean(
            scores.map((own) =>
              Number(own.subarray(11 * row, 11 * row + 11).every((p) => p <= 0.5))
            ),
          ),
      );
      return over(groups, (weights) => weightedMean(none, weights), NOTE);
    }),
    "threshold: tuned less one half": from((runs) => {
      const { groups, targets, scores, decisions } = relabelled(runs);
      const atHalf = scores.map((own) => decide(own, 0.5));
      return over(
        groups,
        (weights) =>
          mean(runs.map((_, k) =>
            macroF1(countOutcomes(decisions[k], targets, { weights })) -
            macroF1(countOutcomes(atHalf[k], targets, { weights }))
          )),
        "macro-F1 on the relabelled clips; the threshold was tuned on other recordings",
      );
    }),
    "recall: leading less other instruments": from((runs) => {
      const { groups, truth, decisions } = relabelled(runs);
      const found = truth.map(({ labels }, row) =>
        labels.map((code) => ({
          code,
          share: mean(
            decisions.map((own) => own[row * INSTRUMENTS.length + INSTRUMENTS.indexOf(code)]),
          ),
        }))
      );
      return over(
        groups,
        (weights) => {
          const sums = { leading: [0, 0], other: [0, 0] };
          found.forEach((own, row) => {
            for (const { code, share } of own) {
              const part = sums[code === truth[row].original ? "leading" : "other"];
              part[0] += weights[row] * share;
              part[1] += weights[row];
            }
          });
          return sums.leading[0] / sums.leading[1] - sums.other[0] / sums.other[1];
        },
        "recall on the relabelled clips of the instrument that a clip was cut for, less of what else is heard",
      );
    }),
    "F1 by clip: peaks": from((runs) => {
      const { targets, decisions } = relabelled(runs), width = INSTRUMENTS.length;
      const scores = decisions.flatMap((own) =>
        Array.from({ length: targets.length / width }, (_, row) => {
          let right = 0, both = 0;
          for (let k = row * width; k < (row + 1) * width; k++) {
            right += own[k] * targets[k];
            both += own[k] + targets[k];
          }
          return both > 0 ? 2 * right / both : 0;
        })
      );
      return {
        value: peaks(scores),
        note:
          "on the relabelled clips, in bins of a fifth; F1 of few labels has few possible values, so peaks are built in",
      };
    }),
    "learnt less hand-made features: accuracy": from((runs) => {
      const path = projectPath("experiments", "classical.json");
      if (!exists(path)) return { missing: "there is no experiments/classical.json" };
      const { scores } = readJson<ClassicalResult>(path);
      const best = scores.map(({ accuracy }) => accuracy["by recording"])
        .reduce((a, b) => b.value > a.value ? b : a);
      const accuracies = runs.map(({ result }) => result.heldOut.accuracy);
      return gap({
        value: mean(accuracies.map(({ value }) => value)),
        low: mean(accuracies.map(({ low }) => low)),
        high: mean(accuracies.map(({ high }) => high)),
      }, best);
    }),
  };
}
