/**
 * Each augmentation alone (A4 to A13), against none. On real spectrograms those that a spectrogram can have; stretch, pitch
 * and coloured noise of waveforms on rendered audio.
 *
 *     ./lumen experiment E8     a run takes 5 minutes on one core, of rendered audio 10
 *
 * Came out. Better: `sum-2`, `sum-3`. Nothing else was seen to help or to harm, neither on spectrograms nor on waveforms.
 */
import { parseWaveSteps } from "../../../lib/augment/steps.ts";
import { type Change, change, type Family } from "../../../lib/experiments/family.ts";
import { onSpectrograms } from "./e06_sum.ts";

const one = (kind: string) => onSpectrograms([{ kind }]);

/** Augmentations of sound while the network trains, in place of whatever the recipe has. */
export const onSound = (...steps: readonly unknown[]): Change =>
  change.top({
    live: { waveform: parseWaveSteps(steps), spectrogram: [] },
    augment: { timeShift: false, mixProbability: 0 },
  });

const sounds = {
  "time-stretch": onSound({ kind: "time-stretch" }),
  "pitch-shift": onSound({ kind: "pitch-shift" }),
  "colored-noise": onSound({ kind: "colored-noise" }),
  "sound-shift": onSound({ kind: "time-shift" }),
};

const pictures = {
  "reverse": one("reverse"),
  "time-mask": one("time-mask"),
  "frequency-mask": one("frequency-mask"),
  "erase": one("erase"),
  "erase-pixels": one("erase-pixels"),
  "noise": one("colored-noise"),
};

export const augmentations: Family = {
  title: "Augmentations",
  question: "Which augmentation helps by itself?",
  variants: {
    "no-shift": change.augment({ timeShift: false }),
    "as-it-is": onSound(),
    "background-noise": onSound({ kind: "background-noise" }),
    ...pictures,
    ...sounds,
  },
  presets: {
    real: [{
      base: "screen+complete+no-shift",
      variants: ["recipe:screen+complete", ...Object.keys(pictures), "sum-2", "sum-3"],
    }],
    demo: [{ base: "demo_live+as-it-is", variants: Object.keys(sounds) }],
    paper: [
      // of sound whole clips make an epoch, of spectrograms their pieces
      {
        base: "paper_convnext+as-it-is",
        variants: ["background-noise", ...Object.keys(sounds)],
      },
      {
        base: "paper_convnext",
        variants: Object.keys(pictures).filter((name) => name !== "noise"), // of sound above
      },
    ],
  },
  document: {
    measure: "validation F1, mean over batches",
    values: {
      base: 0.346,
      "background-noise": 0.34,
      "time-stretch": 0.347,
      "screen+complete": 0.352,
      "sound-shift": 0.352,
      "pitch-shift": 0.349,
      "colored-noise": 0.343,
      "noise": 0.343,
      "reverse": 0.346,
      "time-mask": 0.351,
      "frequency-mask": 0.349,
      "erase": 0.344,
      "erase-pixels": 0.35,
    },
  },
  remark:
    "Background noise needs ESC-50 or another folder of sounds. The document's reversal turned the sign of the samples by mistake, which no spectrogram can show: its +0 %.",
};
