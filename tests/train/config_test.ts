import assert, { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { runTraining } from "lib/experiments/run_training.ts";
import { inputKinds, parseConfig, withSettings } from "lib/train/config.ts";
import { recipeConfig } from "experiments/recipes/mod.ts";
import { tinyConfig, tinyData } from "./tiny_run.ts";

Deno.test("a fold that there is not is refused before data are loaded", () => {
  const set = (...settings: string[]) => recipeConfig("irmas_scratch", { settings }).data;
  throws(() => set("data.fold=9"), /data\.fold \(9\) must be less than data\.folds \(5\)/);
  throws(() => set("data.fold=5"), /data\.fold \(5\) must be less/);
  const data = set("data.fold=9", "data.folds=10");
  strictEqual(data.source === "irmas-mels" && data.fold, 9);
});

Deno.test("fields that may be left out can be set", () => {
  const { trained } = withSettings(recipeConfig("demo"), ['trained=["head.sax."]']);
  assert.deepEqual(trained, ["head.sax."]);
  throws(() => withSettings(recipeConfig("demo"), ["trained.0=head"]), /trained: .*array/);
  throws(() => withSettings(recipeConfig("demo"), ["epochs.first=2"]), /epochs has no field/);
});

Deno.test("a setting does not rename a run", () => {
  const config = recipeConfig("demo");
  throws(
    () => withSettings(config, ["recipe=mine"]),
    /"recipe=mine" would give .* another recipe's name/,
  );
});

Deno.test("every wrong field is named, in one sentence", () => {
  const wrong = { ...recipeConfig("demo"), seed: NaN, epochs: "many", colour: "red" };
  throws(
    () => parseConfig(wrong, "this"),
    /^Error: this is wrong: (?=.*\bseed: .*NaN)(?=.*\bepochs: .*string)(?=.*"colour").*$/,
  );
});

Deno.test("live augmentations are completed, and unknown ones refused; any scale of decibels will do", () => {
  const config = recipeConfig("demo_live");
  assert.deepEqual(config.live!.waveform.map(({ kind, probability }) => [kind, probability]), [
    ["sum", 1],
    ["time-shift", 1],
  ]);
  const withLive = (live: unknown, frontEnd = config.frontEnd) =>
    parseConfig({ ...config, frontEnd, live });
  assert.throws(
    () => withLive({ waveform: [{ kind: "echo" }], spectrogram: [] }),
    /no such kind \(known: sum/,
  );
  const scaling = { networkMean: -30, networkDeviation: 7, topDb: 60 };
  const frontEnd = { ...config.frontEnd, ...scaling };
  assert.deepEqual(withLive(config.live, frontEnd), { ...config, frontEnd });
  assert.throws(
    () => withLive(config.live, { ...config.frontEnd, scale: "power" }),
    /convnext is trained on frontEnd\.scale "decibel", not on "power"/,
  );
});

Deno.test("augmentations of ready spectrograms are completed, and refused where they are not all that is done", () => {
  const config = recipeConfig("irmas_scratch");
  const withSteps = (spectrogram: unknown, more = {}) =>
    parseConfig({ ...config, augment: { ...config.augment, spectrogram }, ...more });
  assert.deepEqual(withSteps([{ kind: "reverse" }]).augment, {
    ...config.augment,
    spectrogram: [{ kind: "reverse", probability: 0.5 }],
  });
  assert.throws(() => withSteps([{ kind: "echo" }]), /no such kind \(known: sum/);
  const augment = { timeShift: true, mixProbability: 0.5, spectrogram: [] };
  assert.throws(
    () => parseConfig({ ...config, augment }),
    /augment\.mixProbability exclude each other: write a step \{ kind: "sum" \}/,
  );
  const { data, live, frontEnd } = recipeConfig("demo_live");
  assert.throws(
    () => withSteps([], { data, live, frontEnd }),
    /live exclude each other: write live\.spectrogram/,
  );
  const waves = recipeConfig("demo_wav2vec2");
  assert.throws(
    () => parseConfig({ ...waves, augment: { ...waves.augment, spectrogram: [] } }),
    /augment\.spectrogram and live\.spectrogram are for spectrograms/,
  );
});

Deno.test("spectrograms alone are no sound to make batches from", async () => {
  const root = Deno.makeTempDirSync();
  const config = { ...tinyConfig(), live: recipeConfig("demo_live").live };
  const load = () => Promise.resolve(tinyData());
  const roots = { shared: root, local: root };
  await assert.rejects(runTraining(config, { roots, load }), /demo has spectrograms alone/);
  Deno.removeSync(root, { recursive: true });
});

Deno.test("an approximated input needs the spectrograms that it is approximated from, and YAMNet", () => {
  assert.throws(
    () => recipeConfig("irmas_yamnet", { settings: ["frontEnd.nMels=64"] }),
    /model\.heard says "irmas-mels", but the front end is another: nMels 64/,
  );
  assert.throws(
    () => recipeConfig("irmas_yamnet", { settings: ["model.backbone=musicnn"] }),
    /model\.heard is for YAMNet.* not for musicnn/,
  );
});

Deno.test("inputs beside the mel spectrogram are refused where there is no sound, and where clips are summed", () => {
  const withInputs = (recipe: string, of: string[], mixProbability = 0) => {
    const config = recipeConfig(recipe);
    const model = { ...config.model, inputs: { of, join: "stems" } };
    return parseConfig({ ...config, model, augment: { timeShift: true, mixProbability } });
  };
  const both = ["mel", "chroma"];
  throws(
    () => withInputs("irmas_scratch", both),
    /model\.inputs has "chroma", and irmas-mels has mel spectrograms alone/,
  );
  throws(() => withInputs("demo", both, 0.5), /augment\.mixProbability must be 0/);
  throws(() => withInputs("demo_live", both), /live batches are of mel spectrograms/);
  throws(() => withInputs("demo", ["mel", "mel"]), /names an input twice/);
  deepStrictEqual(inputKinds(withInputs("demo", both)), both);
  deepStrictEqual(inputKinds(recipeConfig("demo")), ["mel"]);
});
