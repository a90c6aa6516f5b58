import assert from "node:assert/strict";
import { join } from "node:path";
import { readWav } from "lib/audio/wav.ts";
import { sha256 } from "lib/core/files.ts";
import { randomFrom } from "lib/core/random.ts";
import { type Job, labelsOf } from "lib/datasets/demo/job.ts";
import { DEMO_SIZES, type DemoSize, planDemo } from "lib/datasets/demo/plan.ts";
import { plantWrongLabels, renderDemo, wrongLabels } from "lib/datasets/demo/render.ts";
import { scoreJob } from "lib/datasets/demo/score.ts";
import { IRMAS_LABEL_COUNTS, labelQuota } from "lib/datasets/demo/songs.ts";
import { STYLES } from "lib/datasets/demo/styles.ts";
import { keyName } from "lib/datasets/demo/theory.ts";
import { type DemoClip, demoClips } from "lib/datasets/demo/truth.ts";
import { BANKS, RECORDED_SETS } from "lib/datasets/demo/voices.ts";
import { parseLabels, parseTestingName, parseTrainingName } from "lib/datasets/irmas.ts";
import { INSTRUMENTS } from "lib/datasets/labels.ts";
import { parseKey, toneIndex } from "lib/music/tonality.ts";

const SEED = 1;
const PLANS = new Map<DemoSize, Job[]>(
  (["small", "full"] as const).map((size) => [size, planDemo({ size, seed: SEED })]),
);
const baseName = (path: string) => path.split("/").at(-1)!;

for (const [size, jobs] of PLANS) {
  const training = jobs.filter((job) => job.domain === "train");
  const songs = jobs.filter((job) => job.domain === "songs");
  const { clips, excerpts } = DEMO_SIZES[size];

  Deno.test(`demo ${size}: names fit IRMAS's grammar and say the truth`, () => {
    const files = jobs.flatMap((job) => job.clips.map((clip) => clip.file));
    assert.equal(new Set(files).size, files.length);
    for (const job of training) {
      for (const { file } of job.clips) {
        const name = parseTrainingName(baseName(file));
        assert.equal(file.split("/")[1], name.instrument);
        assert.deepEqual(labelsOf(job), [name.instrument]);
        assert.equal(name.genre, job.genre);
        assert.equal(name.recording, job.recording);
        if (name.drums !== null) assert.equal(name.drums, job.drums !== null);
      }
    }
    for (const job of songs) {
      assert.equal(parseTestingName(baseName(job.clips[0].file)).song, job.recording);
    }
    const tagged = training.filter((job) =>
      parseTrainingName(baseName(job.clips[0].file)).drums !== null
    );
    assert(tagged.length > 0 && tagged.length < training.length);
  });

  Deno.test(`demo ${size}: as many clips, excerpts and songs as promised`, () => {
    for (const code of INSTRUMENTS) {
      const mine = training.filter((job) => labelsOf(job)[0] === code);
      assert.equal(mine.flatMap((job) => job.clips).length, clips);
    }
    assert.equal(songs.length, excerpts);
    assert(new Set(songs.map((job) => job.recording)).size >= (size === "full" ? 100 : 10));
    for (const { clips: [{ seconds }] } of songs) assert(seconds >= 5 && seconds <= 20);
    for (const code of INSTRUMENTS) {
      assert(songs.some((job) => labelsOf(job).includes(code)), `${code} is in no song`);
    }
  });

  Deno.test(`demo ${size}: label counts are skewed as IRMAS's`, () => {
    const counts = [1, 2, 3, 4, 5].map((n) =>
      songs.filter((job) => labelsOf(job).length === n).length
    );
    const total = IRMAS_LABEL_COUNTS.reduce((a, b) => a + b, 0);
    counts.forEach((count, k) => {
      assert(count >= 1);
      // Rounding moves one excerpt, and each rare count gets one that proportion would not give it.
      assert(Math.abs(count - excerpts * IRMAS_LABEL_COUNTS[k] / total) <= 2, counts.join(" "));
    });
  });

  Deno.test(`demo ${size}: nothing of the songs' libraries sounds in training, nor the reverse`, () => {
    const libraries = (part: Job[]) =>
      new Set(part.flatMap((job) => [
        ...job.players.map((player) => player.voice.library),
        ...(job.bass !== null || job.drums !== null ? [job.rhythmLibrary] : []),
      ]));
    const ours = libraries(training), theirs = libraries(songs);
    assert.deepEqual([...ours].sort(), [...BANKS.train].sort());
    assert(theirs.has("TimGM6mb") && theirs.size > 5);
    const allowed = [...BANKS.songs, ...RECORDED_SETS.map((set) => set.package)];
    for (const library of theirs) assert(allowed.includes(library) && !ours.has(library));
  });

  Deno.test(`demo ${size}: keys, tempi and faults are in the declared ranges`, () => {
    for (const job of jobs) {
      const [slowest, fastest] = STYLES[job.genre].tempo;
      assert(job.tempo >= slowest && job.tempo <= fastest);
      assert(job.tempo >= 60 && job.tempo <= 180);
      const { root, mode } = parseKey(keyName(job.key));
      assert.deepEqual({ tonic: toneIndex(root), mode }, job.key);
    }
    const all = jobs.flatMap((job) => job.clips);
    for (const fault of ["silent", "short"] as const) {
      const bad = all.filter((clip) => clip.fault === fault);
      assert.equal(bad.length, DEMO_SIZES[size].faults);
      if (fault === "short") { for (const clip of bad) assert(clip.seconds < 1); }
    }
    const drums = training.filter((job) => job.drums !== null);
    assert(drums.length > 0.15 * training.length && drums.every((job) => job.genre !== "cla"));
  });

  Deno.test(`demo ${size}: 6 % of the good training clips have a planted wrong label`, () => {
    const wrong = plantWrongLabels(jobs, SEED);
    const good = training.flatMap((job) => job.clips).filter((clip) => !clip.fault);
    assert.equal(wrong.length, Math.round(0.06 * good.length));
    assert.equal(new Set(wrong.map(({ file }) => file)).size, wrong.length);
    for (const { file, label, wrong: planted } of wrong) {
      assert.equal(parseTrainingName(baseName(file)).instrument, label);
      assert.notEqual(label, planted);
      assert(good.some((clip) => clip.file === file));
    }
  });
}

Deno.test("demo: label quotas add up, whatever the size", () => {
  for (const total of [7, 40, 400, 2874]) {
    assert.equal(labelQuota(total, 5).reduce((a, b) => a + b, 0), total);
  }
  assert.deepEqual(labelQuota(2874, 5), [...IRMAS_LABEL_COUNTS]);
});

Deno.test("demo: the plan depends on the seed and on nothing else", () => {
  assert.deepEqual(planDemo({ size: "small", seed: 1 }), PLANS.get("small"));
  assert.notDeepEqual(planDemo({ size: "small", seed: 2 }), PLANS.get("small"));
});

Deno.test("demo: every note is in its instrument's range and in the piece's key", () => {
  const steps = { major: [0, 2, 4, 5, 7, 9, 11], minor: [0, 2, 3, 5, 7, 8, 10, 11] };
  for (const job of PLANS.get("small")!) {
    const parts = scoreJob(job, randomFrom(SEED, "range", job.id));
    assert.deepEqual(parts.flatMap((part) => part.instrument ?? []), labelsOf(job));
    assert.equal(parts.some((part) => part.drums), job.drums !== null);
    for (const { instrument, voice, events } of parts) {
      if (!instrument) continue;
      for (const event of events) {
        if (event.kind !== "on") continue;
        assert(
          event.pitch >= voice.low && event.pitch <= voice.high,
          `${job.id}: ${instrument} ${event.pitch}`,
        );
        assert(steps[job.key.mode].includes((event.pitch - job.key.tonic + 120) % 12));
        assert(event.velocity >= 1 && event.velocity <= 127);
      }
    }
  }
});

Deno.test("demo: every note that begins ends", () => {
  for (const job of PLANS.get("small")!.slice(0, 30)) {
    for (const { events } of scoreJob(job, randomFrom(SEED, "ends", job.id))) {
      const count = (kind: string) => events.filter((event) => event.kind === kind).length;
      assert(count("on") > 0);
      assert.equal(count("on"), count("off"));
      events.forEach((event, k) => assert(k === 0 || event.time >= events[k - 1].time));
    }
  }
});

const hashesOf = async (folder: string) => {
  const hashes: Record<string, string> = {};
  const walk = async (path: string) => {
    for (const entry of Deno.readDirSync(path)) {
      const inner = join(path, entry.name);
      if (entry.isDirectory) await walk(inner);
      else hashes[inner.slice(folder.length)] = await sha256(Deno.readFileSync(inner));
    }
  };
  await walk(folder);
  return hashes;
};

const isSilent = (channels: Float32Array[]) => {
  const mono = channels[0].map((x, n) => (x + channels[1][n]) / 2);
  const peak = mono.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1;
  return mono.filter((x) => Math.abs(x / peak) < 0.001).length > 0.8 * mono.length;
};

function checkFile(clip: DemoClip): void {
  const { sampleRate, channels } = readWav(Deno.readFileSync(clip.path));
  assert.equal(sampleRate, 44_100);
  assert.equal(channels.length, 2);
  assert.equal(channels[0].length, Math.round(clip.seconds * 44_100));
  // D15's rules find exactly the planted faults.
  assert.equal(isSilent(channels), clip.fault === "silent", clip.file);
  assert.equal(clip.seconds < 1, clip.fault === "short");
  assert(channels.every((y) => y.every((x) => Math.abs(x) < 0.999)), `${clip.file} clips`);
  if (clip.part === "songs") {
    const labels = clip.path.replace(/wav$/, "txt");
    assert.deepEqual(parseLabels(Deno.readTextFileSync(labels), labels), clip.labels);
  } else assert.deepEqual([parseTrainingName(baseName(clip.file)).instrument], clip.labels);
}

Deno.test("demo: rendered by one worker, by two, or stopped and resumed, the bytes are the same", async (t) => {
  const root = Deno.makeTempDirSync();
  const [one, two] = [join(root, "one"), join(root, "two")];
  try {
    const first = await renderDemo({ size: "mini", out: one, seed: SEED, workers: 1 });
    assert.equal(first.rendered, first.files);
    const expected = await hashesOf(one);
    await t.step("the files are what the truth table says", async () => {
      const clips = demoClips(one);
      assert.equal(clips.length, first.files);
      for (const clip of clips) {
        checkFile(clip);
        assert.equal(await sha256(Deno.readFileSync(clip.path)), clip.sha256);
      }
      assert.deepEqual(new Set(clips.map((clip) => clip.fault)), new Set(["", "silent", "short"]));
      assert.equal(wrongLabels(one).length, Math.round(0.06 * 7));
    });
    await t.step("no sample library sounds in clips and in songs", () => {
      const libraries = (part: DemoClip["part"]) =>
        new Set(
          demoClips(one).filter((clip) => clip.part === part).flatMap(({ presets }) =>
            presets.map((preset) => /^\w+=(.+)\/\d+:\d+$/.exec(preset)![1])
          ),
        );
      const clips = libraries("train"), songs = libraries("songs");
      assert(clips.size > 0 && songs.size > 0);
      assert.deepEqual([...clips].filter((library) => songs.has(library)), []);
    });
    await t.step("two workers", async () => {
      await renderDemo({ size: "mini", out: two, seed: SEED, workers: 2 });
      assert.deepEqual(await hashesOf(two), expected);
    });
    await t.step("nothing is rendered twice", async () => {
      assert.equal((await renderDemo({ size: "mini", out: two, seed: SEED })).rendered, 0);
    });
    await t.step("what a killed run left is completed", async () => {
      // As after kill -9: no truth table, one file missing, one cut short.
      const clips = demoClips(two);
      Deno.removeSync(join(two, "truth.csv"));
      Deno.removeSync(clips[0].path);
      Deno.truncateSync(clips.at(-1)!.path, 1000);
      const report = await renderDemo({ size: "mini", out: two, seed: SEED });
      assert(report.rendered > 0 && report.rendered < report.files);
      assert.deepEqual(await hashesOf(two), expected);
    });
    await t.step("a file lost from a finished demo comes back", async () => {
      Deno.removeSync(demoClips(two)[4].path);
      await renderDemo({ size: "mini", out: two, seed: SEED });
      assert.deepEqual(await hashesOf(two), expected);
    });
    await t.step("another seed replaces the folder's content", async () => {
      const report = await renderDemo({ size: "mini", out: two, seed: 2 });
      assert.equal(report.rendered, report.files);
      assert.notDeepEqual(await hashesOf(two), expected);
    });
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
});

Deno.test("demo: a folder with other files is left alone, a missing demo says how to make one", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    assert.throws(
      () => demoClips(join(folder, "small")),
      /truth\.csv is missing.*"\.\/lumen data demo --size small" renders it/,
    );
    Deno.writeTextFileSync(join(folder, "thesis.txt"), "years of work");
    await assert.rejects(renderDemo({ size: "mini", out: folder }), /holds other files/);
    assert.equal(Deno.readTextFileSync(join(folder, "thesis.txt")), "years of work");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
