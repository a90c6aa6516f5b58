import assert from "node:assert/strict";
import { projectPath } from "lib/core/paths.ts";
import { type Instrument, INSTRUMENT_NAMES, INSTRUMENTS } from "lib/datasets/labels.ts";
import { FORMATS } from "../../tools/commands/predict.ts";

const scores = Object.fromEntries(INSTRUMENTS.map((code, k) => [code, k / 20])) as Record<
  Instrument,
  number
>;
const prediction = {
  run: "some_run",
  threshold: 0.42,
  files: [{ file: 'a "b", c.wav', seconds: 3, scores, instruments: [...INSTRUMENTS.slice(-2)] }],
};

Deno.test("the text has all eleven scores, the highest first, those above the threshold marked", () => {
  const [head, ...lines] = FORMATS.text(prediction).split("\n");
  assert.equal(
    head,
    'a "b", c.wav (3.0 s): ' +
      INSTRUMENTS.slice(-2).map((code) => INSTRUMENT_NAMES[code]).join(", "),
  );
  assert.deepEqual(
    lines.map((line) => line.trim()),
    INSTRUMENTS.toReversed().map((code, k) =>
      `${k < 2 ? "* " : ""}${scores[code].toFixed(3)}  ${INSTRUMENT_NAMES[code]}`
    ),
  );
});

Deno.test("JSON says with what, CSV has a quoted name and a column an instrument", () => {
  assert.deepEqual(JSON.parse(FORMATS.json(prediction)), prediction);
  const [head, row] = FORMATS.csv(prediction).split("\n");
  assert.deepEqual(head.split(",").slice(3), [...INSTRUMENTS]);
  assert.match(row, /^"a ""b"", c\.wav",3\.00,/);
});

/** What the command says when it refuses. */
function refusal(...args: string[]): string {
  const { code, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "tools/cli.ts", "predict", ...args],
    cwd: projectPath(),
  }).outputSync();
  assert.equal(code, 1);
  return new TextDecoder().decode(stderr);
}

Deno.test("two formats at once are refused", () => {
  assert.match(refusal("--json", "--csv", "x.wav"), /'--json' cannot be used with .*'--csv'/);
});

Deno.test("a pretrained network is chosen by its name, instead of a run", () => {
  assert.match(
    refusal("--model", "yamnet", "--run", "r", "x.wav"),
    /'--model .*cannot be used with/,
  );
  assert.match(
    refusal("--model", "yamnet", "--weights", "w", "x.wav"),
    /--weights w goes with --model ast/,
  );
  assert.match(refusal("--model", "vgg", "x.wav"), /'vgg' is invalid.*choices are yamnet/);
});
