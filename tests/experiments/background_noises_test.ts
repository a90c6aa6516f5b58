import assert from "node:assert/strict";
import { parseWaveSteps } from "lib/augment/steps.ts";
import { backgroundNoises } from "lib/experiments/background_noises.ts";
import { WAV, withTree } from "../datasets/trees.ts";

const added = parseWaveSteps([{ kind: "time-shift" }, { kind: "background-noise" }]);

Deno.test("background noises are a folder's sounds, and none where none are added", () =>
  withTree({ "rain/a.wav": WAV, "b.wav": WAV, "b.txt": "no sound" }, (folder) => {
    const noises = backgroundNoises({ waveform: added, spectrogram: [], noises: folder });
    assert.deepEqual(noises.map((path) => path.slice(folder.length)), ["/b.wav", "/rain/a.wav"]);
    const none = { waveform: parseWaveSteps([{ kind: "reverse" }]), spectrogram: [] };
    assert.deepEqual(backgroundNoises({ ...none, noises: folder }), []);
  }));

Deno.test("a folder without sounds is an error that names it", () =>
  withTree({ "b.txt": "no sound" }, (folder) => {
    assert.throws(
      () => backgroundNoises({ waveform: added, spectrogram: [], noises: folder }),
      new RegExp(`live.noises: there are no sound files in ${folder}`),
    );
  }));
