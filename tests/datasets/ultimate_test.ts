import assert from "node:assert/strict";
import { type Clip, type DataSet, joinDataSets, makeClip, makeDataSet } from "lib/datasets/clip.ts";
import { decideGuitars, dropUndecided, undecidedGuitars } from "lib/datasets/guitar.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { loadMultiClips } from "lib/datasets/published.ts";
import {
  joinFeatures,
  publishedOpenMic,
  publishedTesting,
  publishedTraining,
} from "lib/datasets/published_clips.ts";
import {
  boostIrmas,
  instrumentShares,
  labelCounts,
  totalSeconds,
  ultimateDataSet,
} from "lib/datasets/ultimate.ts";
import { loadFeatures } from "lib/datasets/published.ts";

const irmas = () => joinDataSets("irmas", [publishedTraining(), publishedTesting()]);

/** The halves that the authors dealt. */
function authorsHalf(): (clip: Clip) => "train" | "validation" {
  const halves = new Map(loadMultiClips().map(({ file, half }) => [file, half]));
  return ({ name }) => halves.get(name)!;
}

Deno.test("boosted IRMAS with the authors' halves: 6,705 + 1,544 clips, and 1,330 to validate", () => {
  const { train, validation } = boostIrmas(irmas(), authorsHalf());
  assert.equal(train.clips.length, 6705 + 1544);
  assert.equal(validation.clips.length, 1330);
  assert.ok(train.clips.every(({ split }) => split === "train"));
  assert.ok(validation.clips.every(({ split }) => split === "validation"));
});

Deno.test("a song on both sides, or a part that is not there, is refused", () => {
  let at = 0;
  assert.throws(
    () => boostIrmas(irmas(), () => at++ % 2 ? "train" : "validation"),
    /recordings are in training and in validation at once/,
  );
  assert.throws(
    () => boostIrmas(publishedTraining(), () => "train"),
    /of the testing part 0 clips/,
  );
  assert.throws(() => boostIrmas(irmas(), () => "train"), /0 for validation/);
});

const own = (name: string, clip: Partial<Clip>) =>
  makeClip({ name, source: "openmic", labels: [], judged: [], group: name, ...clip });

const GUITARS: DataSet = makeDataSet({
  name: "openmic",
  clips: [
    own("1", { tags: { guitar: 1 }, labels: ["voi"], judged: ["voi"] }),
    own("2", { tags: { guitar: 0.9 } }),
    own("3", { tags: { guitar: 0.85 } }),
    own("4", { labels: ["pia"], judged: ["gac", "gel", "pia"] }),
  ],
});

const decision = (kind: "gac" | "gel", confidence: number) => ({ kind, confidence });

Deno.test("guitars become acoustic or electric; what is unsure is left out", () => {
  const decisions = new Map([
    ["1", decision("gel", 0.95)],
    ["2", decision("gac", 0.7)],
    ["3", decision("gac", 0.69)],
  ]);
  const { dataSet, decided, unsure } = decideGuitars(GUITARS, decisions);
  assert.deepEqual(dataSet.clips.map(({ name, labels, judged }) => [name, labels, judged]), [
    ["1", ["gel", "voi"], ["gac", "gel", "voi"]],
    ["2", ["gac"], ["gac", "gel"]],
    ["4", ["pia"], ["gac", "gel", "pia"]],
  ]);
  assert.deepEqual(decided, { gac: 1, gel: 1 });
  assert.deepEqual(unsure, ["3"]);
  assert.deepEqual(undecidedGuitars(dataSet), []);
  assert.equal(decideGuitars(GUITARS, decisions, { threshold: 0.5 }).dataSet.clips.length, 4);
  decisions.delete("2");
  assert.throws(() => decideGuitars(GUITARS, decisions), /1 of 3 guitars have no decision: 2/);
  decisions.set("2", decision("gac", 0.3));
  assert.throws(() => decideGuitars(GUITARS, decisions), /confidence 0\.3, not 0\.5 to 1/);
});

Deno.test("the ultimate data set: sources side by side, no guitar of unknown kind", () => {
  const { train } = boostIrmas(irmas(), authorsHalf()), openMic = publishedOpenMic();
  assert.throws(
    () => ultimateDataSet([train, openMic]),
    /286 guitars of published-openmic are neither acoustic nor electric/,
  );
  const { clips } = ultimateDataSet([train, dropUndecided(openMic)]);
  assert.equal(clips.length, 6705 + 1544 + 2084 - 286);
  const groups = Map.groupBy(clips, ({ group }) => group);
  for (const members of groups.values()) {
    assert.equal(new Set(members.map(({ source }) => source)).size, 1);
  }
  // sums over the parts are what the parts are known for
  const shares = instrumentShares(clips).filter(({ source }) => source === "irmas-train");
  assert.deepEqual(shares.map(({ clips }) => clips), [
    388,
    505,
    451,
    637,
    760,
    682,
    721,
    626,
    577,
    580,
    778,
  ]);
  for (const source of ["irmas-train", "irmas-test", "openmic"]) {
    const having = clips.filter((clip) => clip.source === source);
    const labels = labelCounts(clips).filter((row) => row.source === source);
    assert.equal(labels.reduce((sum, row) => sum + row.clips, 0), having.length);
    const all = instrumentShares(clips).filter((row) => row.source === source);
    assert.equal(
      all.reduce((sum, row) => sum + row.clips, 0),
      labels.reduce((sum, row) => sum + row.labels * row.clips, 0),
    );
  }
});

Deno.test("labels per clip of the testing part are the document's", () => {
  assert.deepEqual(labelCounts(publishedTesting().clips).map(({ clips }) => clips), [
    1236,
    1278,
    318,
    39,
    3,
  ]);
});

Deno.test("seconds are added where all are known, and only there", () => {
  const clips = [
    own("a", { labels: ["cel"], seconds: 2 }),
    own("b", { labels: ["cel", "vio"], seconds: 3 }),
    own("c", { labels: ["voi"] }),
  ];
  const seconds = Object.fromEntries(
    instrumentShares(clips).map(({ instrument, seconds }) => [instrument, seconds]),
  );
  assert.equal(INSTRUMENTS.length, Object.keys(seconds).length);
  assert.deepEqual([seconds.cel, seconds.vio, seconds.voi, seconds.pia], [5, 3, null, 0]);
  assert.equal(totalSeconds(clips), null);
});

Deno.test("published features find their clips by name, of any data set", () => {
  const single = joinFeatures(publishedTraining(), loadFeatures("irmas_single_features_28"));
  assert.equal(single.values.length, 6703 * 28);
  assert.deepEqual(single.without, ["[pia][cla]1374__2.wav", "[pia][cla]1375__3.wav"]);
  const table = loadFeatures("irmas_multi_features_25");
  const shuffled = { ...publishedTesting(), clips: publishedTesting().clips.toReversed() };
  const multi = joinFeatures(shuffled, table);
  assert.deepEqual(multi.without, []);
  // the table's own labels go with its rows
  const rows = new Map(table.files.map((file, row) => [file.normalize("NFC"), row]));
  multi.clips.forEach((clip, k) => {
    const row = rows.get(clip.name)!;
    assert.deepEqual(clip.labels, table.labels[row]);
    assert.equal(multi.values[25 * k + 7], table.values[25 * row + 7]);
  });
  assert.throws(() => joinFeatures(publishedOpenMic(), table), /none of the 2084 clips/);
});
