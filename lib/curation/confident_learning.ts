/**
 * Confident learning: which labels do out-of-sample probabilities contradict? (Northcutt, Jiang and Chuang, JAIR 70,
 * 2021). The numbers are cleanlab's.
 *
 * Probabilities are row-major, `[rows, classes]`, of models that did not learn from the row that they judge; labels are
 * class numbers, one a row.
 */

/** Probabilities and the labels that were given. */
export interface JudgedLabels {
  /** `[rows, classes]`, each row sums to 1. */
  probabilities: ArrayLike<number>;
  /** Class numbers, one a row. */
  labels: ArrayLike<number>;
  classes: number;
}

/**
 * What a label's quality is: the probability of the given label; half of 1 + its lead over the next best; or the
 * normalised entropy over the given label's probability, brought to (0, 1].
 */
export type QualityMethod = "self-confidence" | "normalized-margin" | "confidence-weighted-entropy";

/** Options of {@link labelQuality}. */
export interface QualityOptions {
  /** Default: "self-confidence". */
  method?: QualityMethod;
  /** Whether probabilities are {@link adjustProbabilities adjusted} first. Default: true, but never for the entropy. */
  adjust?: boolean;
}

/** cleanlab's slack: probabilities that differ by less count as equal. */
const SLACK = 1e-6;
/** The threshold of a class that no row has: above every probability. */
const UNREACHABLE = 2;

/** @throws RangeError when the shapes do not fit, or a label is no class */
function check({ probabilities, labels, classes }: JudgedLabels): void {
  if (probabilities.length !== labels.length * classes) {
    throw new RangeError(
      `cannot judge ${labels.length} labels by ${probabilities.length} probabilities of ${classes} classes`,
    );
  }
  for (let row = 0; row < labels.length; row++) {
    if (!(Number.isInteger(labels[row]) && labels[row] >= 0 && labels[row] < classes)) {
      throw new RangeError(
        `cannot judge label ${labels[row]} of row ${row}: classes are 0 to ${classes - 1}`,
      );
    }
  }
}

/**
 * Each class's threshold of confidence: the mean probability of a class over the rows that are labelled with it.
 *
 * @returns one a class; 2, which no probability reaches, for a class that no row has
 * @throws RangeError when the shapes do not fit, or a label is no class
 */
export function confidentThresholds(judged: JudgedLabels): Float64Array {
  check(judged);
  const { probabilities, labels, classes } = judged;
  const sums = new Float64Array(classes), counts = new Float64Array(classes);
  for (let row = 0; row < labels.length; row++) {
    sums[labels[row]] += probabilities[row * classes + labels[row]];
    counts[labels[row]]++;
  }
  return sums.map((sum, k) => counts[k] === 0 ? UNREACHABLE : Math.max(2 * SLACK, sum / counts[k]));
}

/**
 * Probabilities less their classes' thresholds, lifted above zero by the highest threshold and scaled to sum to 1: a
 * class of which the model is seldom sure is no longer taken for mislabelled as a whole.
 *
 * @returns `[rows, classes]`
 * @throws RangeError as {@link confidentThresholds}
 */
export function adjustProbabilities(judged: JudgedLabels): Float64Array {
  const thresholds = confidentThresholds(judged), { probabilities, labels, classes } = judged;
  const highest = thresholds.reduce((a, b) => Math.max(a, b));
  const out = Float64Array.from(probabilities, (p, k) => p - thresholds[k % classes] + highest);
  for (let row = 0; row < labels.length; row++) {
    const own = out.subarray(row * classes, (row + 1) * classes);
    const sum = own.reduce((a, b) => a + b);
    for (let k = 0; k < classes; k++) own[k] /= sum;
  }
  return out;
}

/**
 * The quality of every label, in [0, 1]: the lower, the likelier it is wrong.
 *
 * @throws RangeError as {@link confidentThresholds}
 */
export function labelQuality(judged: JudgedLabels, options: QualityOptions = {}): Float64Array {
  const { method = "self-confidence" } = options;
  const entropy = method === "confidence-weighted-entropy", { adjust = !entropy } = options;
  if (adjust && entropy) throw new RangeError("the entropy is of probabilities as they are");
  check(judged);
  const { labels, classes } = judged;
  const probabilities = adjust ? adjustProbabilities(judged) : judged.probabilities;
  return Float64Array.from({ length: labels.length }, (_, row) => {
    const first = row * classes, own = probabilities[first + labels[row]];
    if (method === "self-confidence") return own;
    let other = -Infinity, sum = 0;
    for (let k = 0; k < classes; k++) {
      const p = probabilities[first + k];
      if (k !== labels[row]) other = Math.max(other, p);
      if (p > 0) sum -= p * Math.log(p);
    }
    if (method === "normalized-margin") return (own - other + 1) / 2;
    const weighted = sum / Math.log(classes) / Math.max(SLACK, own);
    return Math.log(weighted + 1) / Math.max(SLACK, weighted);
  });
}

/**
 * The class that each row belongs to with confidence: one whose threshold the row reaches, of several the likeliest;
 * -1 where it reaches none.
 */
function confidentClasses(judged: JudgedLabels): Int32Array {
  const thresholds = confidentThresholds(judged), { probabilities, labels, classes } = judged;
  return Int32Array.from({ length: labels.length }, (_, row) => {
    const of = (k: number) => probabilities[row * classes + k];
    let reached = 0, first = -1, likeliest = 0;
    for (let k = 0; k < classes; k++) {
      if (of(k) > of(likeliest)) likeliest = k;
      if (of(k) < thresholds[k] - SLACK) continue;
      if (reached++ === 0) first = k;
    }
    return reached > 1 ? likeliest : first;
  });
}

/**
 * The confident joint: how many rows with one label (line) belong to another class (column) with confidence. Every
 * class is taken to have one right label at least.
 *
 * @returns counts, `[classes, classes]`
 * @throws RangeError as {@link confidentThresholds}
 */
export function confidentJoint(judged: JudgedLabels): Int32Array {
  const { labels, classes } = judged, joint = new Int32Array(classes * classes);
  confidentClasses(judged).forEach((k, row) => {
    if (k >= 0) joint[labels[row] * classes + k]++;
  });
  for (let k = 0; k < classes; k++) {
    joint[k * (classes + 1)] = Math.max(1, joint[k * (classes + 1)]);
  }
  return joint;
}

/**
 * Which labels are taken for wrong where nobody gives a cut: all that are not their row's likeliest class, or of these
 * only the ones that lie off the diagonal of the confident joint.
 *
 * @returns 1 where the label is taken for wrong, one a row
 * @throws RangeError as {@link confidentThresholds}
 */
export function findLabelIssues(
  judged: JudgedLabels,
  { by }: { by: "confident joint" | "likeliest class" },
): Uint8Array {
  check(judged);
  const { probabilities, labels, classes } = judged;
  const confident = by === "confident joint" ? confidentClasses(judged) : undefined;
  return Uint8Array.from({ length: labels.length }, (_, row) => {
    const label = labels[row], of = (k: number) => probabilities[row * classes + k];
    if (confident && (confident[row] === label || confident[row] < 0)) return 0;
    let other = -Infinity;
    for (let k = 0; k < classes; k++) if (k !== label) other = Math.max(other, of(k));
    return other > of(label) + SLACK ? 1 : 0;
  });
}
