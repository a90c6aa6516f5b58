import assert from "node:assert/strict";
import { publishedTraining } from "lib/datasets/published_clips.ts";
import { recordingOf } from "lib/datasets/split.ts";
import { haveCopyAmong } from "lib/experiments/copies.ts";

// two names of one passage, as both the published features and the names themselves show
const PAIR = ["cla/017__[cla][nod][cla]0150__1", "cla/[cla][cla]0150__1"];

Deno.test("a copy is found under another recording's name, with or without folder and extension", () => {
  const [first, second] = PAIR;
  assert.deepEqual(haveCopyAmong([first], [second]), [true]);
  assert.deepEqual(haveCopyAmong([second], [first]), [true]);
  assert.deepEqual(haveCopyAmong([first], [second.replace("cla/", "") + ".wav"]), [true]);
  // a clip is no copy of itself, nor of another one of its recording
  assert.deepEqual(haveCopyAmong([first], [first, "cla/017__[cla][nod][cla]0150__2"]), [false]);
  assert.deepEqual(haveCopyAmong(["cel/nothing__1"], PAIR), [false]);
});

Deno.test("what is left after copies are taken out has none", () => {
  const names = publishedTraining().clips.map(({ name }) => name);
  const recordings = [...new Set(names.map(recordingOf))];
  const held = new Set(recordings.filter((_, k) => k % 5 === 0));
  const tested = names.filter((name) => held.has(recordingOf(name)));
  const trained = names.filter((name) => !held.has(recordingOf(name)));
  const copied = haveCopyAmong(trained, tested);
  const rest = trained.filter((_, k) => !copied[k]);
  assert.ok(rest.length < trained.length && rest.length > 0.95 * trained.length);
  assert.ok(!haveCopyAmong(tested, rest).includes(true));
  assert.ok(!haveCopyAmong(rest, tested).includes(true));
});
