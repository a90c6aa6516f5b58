import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { mean } from "lib/core/statistics.ts";
import { type IrmasMels, MEL_BANDS, MEL_FRAMES, MEL_SIZE } from "lib/datasets/irmas_mels.ts";
import { networkInputs } from "lib/datasets/mixtures.ts";
import { drawStrips, renderStrips } from "lib/datasets/strips.ts";
import { formatJoinedClips, studyJoinedClips } from "lib/experiments/joined_clips.ts";
import { loadRunNetwork } from "lib/experiments/run_network.ts";
import { stripArea } from "lib/experiments/strip_areas.ts";
import { densityAt, type StripListener, stripListener } from "lib/experiments/strip_listener.ts";
import { untrainedRun } from "../inference/untrained_run.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

const CLIPS = 66, LABELS = 11;
const random = randomFrom("joined clips");

/** Clips whose instrument k is as loud in band k as chance makes it, and all others are louder or softer by chance too. */
const mels: IrmasMels = {
  mel: new Uint8Array(CLIPS * MEL_SIZE),
  names: Array.from({ length: CLIPS }, (_, k) => `clip ${k}`),
  labels: Uint8Array.from({ length: CLIPS }, (_, k) => k % LABELS),
  recordings: Array.from({ length: CLIPS }, (_, k) => `recording ${k >> 1}`),
  count: CLIPS,
};
for (let clip = 0; clip < CLIPS; clip++) {
  for (let band = 0; band < LABELS; band++) {
    const level = random.integer(0, 150) + (band === mels.labels[clip] ? 100 : 0);
    const row = (clip * MEL_BANDS + band) * MEL_FRAMES;
    for (let frame = 0; frame < MEL_FRAMES; frame++) mels.mel[row + frame] = level;
  }
}
const indices = [...Array(CLIPS).keys()].filter((clip) => clip % 7 !== 3);

/** A network that scores an instrument by its band, joined over time by a function of all its frames. */
const byBand = (join: (levels: number[]) => number): StripListener => (input, { count, clips }) => {
  const frames = MEL_FRAMES * clips;
  const logits = Float32Array.from({ length: count * LABELS }, (_, k) => {
    const row = (Math.floor(k / LABELS) * MEL_BANDS + k % LABELS) * frames;
    return join([...input.subarray(row, row + frames)]);
  });
  return Promise.resolve({ logits });
};

Deno.test("every clip enters once, among clips of one other instrument, at a place that is told", () => {
  const strips = drawStrips(mels, { indices, clips: 4, random: randomFrom("strips") });
  assert.equal(strips.count, indices.length);
  const places = new Set<number>();
  for (let strip = 0; strip < strips.count; strip++) {
    const own = [...strips.members.subarray(4 * strip, 4 * strip + 4)];
    places.add(strips.places[strip]);
    assert.equal(own[strips.places[strip]], indices[strip]);
    assert.equal(new Set(own).size, 4);
    own.splice(strips.places[strip], 1);
    for (const other of own) {
      assert.ok(indices.includes(other));
      assert.equal(mels.labels[other], strips.lasting[strip]);
    }
    assert.equal(strips.entering[strip], mels.labels[indices[strip]]);
    assert.notEqual(strips.entering[strip], strips.lasting[strip]);
  }
  assert.equal(places.size, 4);
  const draw = (clips: number, of = indices) => () =>
    drawStrips(mels, { indices: of, clips, random: randomFrom("strips") });
  assert.throws(draw(9), /cannot join 9 clips: of 11 instruments the rarest has [45] clips/);
  assert.throws(draw(1), /cannot join 1 clips/);
  assert.throws(draw(2, [0, 11]), /of 1 instruments/);
});

Deno.test("a strip is its clips one after the other", () => {
  const members = Int32Array.from([5, 17, 2, 40, 8, 21]), clips = 3;
  const strips = renderStrips(mels, { clips, members }, { start: 1, count: 1 });
  const single = networkInputs(mels, [40, 8, 21]);
  for (const [clip, frame, band] of [[0, 0, 3], [1, 93, 10], [2, 50, 127], [0, 93, 7]]) {
    assert.equal(
      strips[band * clips * MEL_FRAMES + clip * MEL_FRAMES + frame],
      single[clip * MEL_SIZE + band * MEL_FRAMES + frame],
    );
  }
  assert.equal(strips.length, clips * MEL_SIZE);
});

Deno.test("the area of what enters, or lasts, is the share of pairs of strips that its scores put in order", () => {
  const entering = Uint8Array.from({ length: 44 }, (_, k) => k % LABELS);
  const lasting = Uint8Array.from({ length: 44 }, (_, k) => (k + 1 + (k >> 3)) % LABELS);
  const scores = Float32Array.from({ length: 44 * LABELS }, () => random.integer(0, 5));
  const sides = { enters: [entering, lasting], lasts: [lasting, entering] };
  for (const [asked, [wanted, other]] of Object.entries(sides)) {
    const areas = Array.from({ length: LABELS }, (_, label) => {
      const rows = [...wanted.keys()].filter((row) => other[row] !== label);
      const of = (row: number) => scores[row * LABELS + label];
      const pairs = rows.filter((row) => wanted[row] === label).flatMap((a) =>
        rows.filter((row) => wanted[row] !== label).map((b) =>
          of(a) > of(b) ? 1 : of(a) === of(b) ? 0.5 : 0
        )
      );
      return mean(pairs);
    });
    const area = stripArea(scores, { entering, lasting, asked: asked as "enters" | "lasts" });
    assert.ok(Math.abs(area(new Float64Array(44).fill(1)) - mean(areas)) < 1e-12);
  }
});

Deno.test("attention to a clip is 1 where all is looked at alike, and as many as there are clips where no other is", () => {
  const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-12, `${a} is not ${b}`);
  for (const place of [0, 1, 2]) near(densityAt(new Array(7).fill(1 / 7), { clips: 3, place }), 1);
  const all = [0, 0, 1, 0]; // two clips of two steps
  near(densityAt(all, { clips: 2, place: 1 }), 2);
  near(densityAt(all, { clips: 2, place: 0 }), 0);
  // the second of three steps lies half in each of two clips
  near(densityAt([0.2, 0.6, 0.2], { clips: 2, place: 0 }), 2 * (0.2 + 0.3));
  // places together have all of the attention, also with more clips than steps
  const some = [0.1, 0.5, 0.4];
  near(mean([0, 1, 2, 3, 4].map((place) => densityAt(some, { clips: 5, place }))), 1);
});

Deno.test("a network that takes the mean over time is the mean of its pieces, one that takes the highest their maximum", async () => {
  const network = (name: string, join: (levels: number[]) => number) => ({
    name,
    listeners: [byBand(join), byBand(join)],
    squeezes: name === "mean",
  });
  const [ofMean, ofHighest] = await studyJoinedClips(mels, {
    networks: [network("mean", mean), network("highest", (levels) => Math.max(...levels))],
    indices,
    lengths: [2, 5],
  });
  const near = (a: number, b: number, tolerance = 1e-12) =>
    assert.ok(Math.abs(a - b) <= tolerance, `${a} is not ${b}`);
  assert.deepEqual(ofMean.areas.map(({ seconds, asked }) => [seconds, asked]), [
    [6, "enters"],
    [6, "lasts"],
    [15, "enters"],
    [15, "lasts"],
  ]);
  for (const [k, a] of ofMean.areas.entries()) {
    const b = ofHighest.areas[k], { whole, squeezed, mean: pieces, maximum } = a.areas;
    near(whole!, pieces!, 1e-3); // sums of single precision may part equal scores
    assert.equal(squeezed, whole); // this listener does not squeeze
    near(b.areas.whole!, b.areas.maximum!);
    assert.deepEqual([b.leads.whole!.value, b.leads.whole!.p], [0, 1]);
    assert.equal(b.areas.squeezed, undefined);
    // pieces of both networks say the same: their frames are alike
    near(maximum!, b.areas.maximum!);
    near(a.leads.whole!.value, maximum! - whole!);
    assert.equal(a.leads.maximum, undefined);
    assert.equal(a.leadOfFirst, undefined);
    near(b.leadOfFirst!.value, maximum! - b.areas.whole!);
  }
  // the longer a strip, the less is left of what enters in its mean, and the more of what lasts
  const wholes = ofMean.areas.map(({ areas }) => areas.whole!);
  assert.ok(wholes[2] < wholes[0] - 0.03 && wholes[3] > wholes[1]);
  assert.match(
    formatJoinedClips({ made: { runs: ["a"], ...ofMean } }),
    /made, 1 runs.*\n {2}what enters in 6 s, whole +0\.\d+ /,
  );
  assert.equal(ofMean.attention, undefined);
});

Deno.test("a head that looks at its instrument alone attends to it as often as there are clips; the others at all alike", async () => {
  const listen: StripListener = async (input, { count, clips }) => {
    const steps = 3 * clips, data = new Float32Array(count * LABELS * steps).fill(1 / steps);
    const { logits } = await byBand(mean)(input, { count, clips });
    for (let row = 0; row < count; row++) {
      for (let label = 0; label < LABELS; label++) {
        // the last band says whose turn it is
        const at = (clip: number) =>
          input[(row * MEL_BANDS + 127) * MEL_FRAMES * clips + clip * MEL_FRAMES];
        const turns = Array.from({ length: clips }, (_, clip) => Math.round(at(clip) * 10));
        const own = turns.filter((turn) => turn === label).length;
        if (own === 0) continue;
        const from = (row * LABELS + label) * steps;
        for (let step = 0; step < steps; step++) {
          data[from + step] = turns[Math.floor(step / 3)] === label ? 1 / (3 * own) : 0;
        }
      }
    }
    return { logits, attention: { data, steps } };
  };
  const told = { ...mels, mel: mels.mel.slice() };
  for (let clip = 0; clip < CLIPS; clip++) {
    // 0 to 255 stand for -2 to 2
    const value = Math.round((mels.labels[clip] / 10 + 2) / 4 * 255);
    told.mel.fill(
      value,
      (clip * MEL_BANDS + 127) * MEL_FRAMES,
      (clip * MEL_BANDS + 128) * MEL_FRAMES,
    );
  }
  const [{ attention }] = await studyJoinedClips(told, {
    networks: [{ name: "made", listeners: [listen, listen], squeezes: false }],
    indices,
    lengths: [2, 4],
  });
  for (const [k, clips] of [2, 4].entries()) {
    const { own, difference } = attention![k];
    assert.ok(Math.abs(own.value - clips) < 1e-5, `${own.value} is not ${clips}`);
    assert.ok(Math.abs(difference.value - (clips - 1)) < 1e-5);
    assert.ok(own.high - own.low < 1e-4);
  }
});

Deno.test("a run's listener says of a clip what the run says, with columns drawn out as far in longer strips", async () => {
  using folder = new TemporaryFolder();
  const root = folder.file("runs"), clip = networkInputs(mels, [7]);
  const shape = { count: 1, bands: MEL_BANDS, frames: MEL_FRAMES };
  for (const head of ["pooled", "fluffy-attention"]) {
    const run = untrainedRun(head, { root, model: { height: 32, width: 188 } });
    const listen = stripListener(run);
    using network = loadRunNetwork(run);
    const single = await listen(clip, { count: 1, clips: 1 });
    const expected = await network.predict(clip, shape);
    single.logits.forEach((z, k) => assert.ok(Math.abs(z - expected[k]) < 1e-4));
    const input = renderStrips(mels, { clips: 2, members: Int32Array.from([7, 7]) }, {
      start: 0,
      count: 1,
    });
    const { attention, logits } = await listen(input, { count: 1, clips: 2 });
    const squeezed = await listen(input, { count: 1, clips: 2, squeezed: true });
    assert.notDeepEqual(squeezed.logits, logits);
    assert.equal(attention === undefined, head === "pooled");
    if (!attention) continue;
    // 376 columns by 32; drawn out to 188 they would be five steps
    assert.equal(attention.steps, 11);
    assert.equal(squeezed.attention!.steps, 5);
    for (let label = 0; label < LABELS; label++) {
      const own: number[] = [...attention.data.subarray(11 * label, 11 * label + 11)];
      assert.ok(Math.abs(mean(own) - 1 / 11) < 1e-6);
    }
  }
});
