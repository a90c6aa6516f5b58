import assert from "node:assert/strict";
import { type ClipFacts, PartnerPool, unite } from "lib/augment/partners.ts";
import { randomFrom } from "lib/core/random.ts";

const labels = (...on: number[]) =>
  Uint8Array.from({ length: 5 }, (_, k) => on.includes(k) ? 1 : 0);

Deno.test("labels are united", () => {
  assert.deepEqual(unite([labels(0, 3), labels(3), labels(4)]), labels(0, 3, 4));
  assert.deepEqual(unite([labels(1)]), labels(1));
});

Deno.test("partners have instruments that neither the clip nor another partner has", () => {
  const random = randomFrom("clips");
  const clips: ClipFacts[] = Array.from({ length: 200 }, (_, k) => ({
    labels: k % 3 ? labels(k % 5) : labels(k % 5, random.integer(0, 5)),
  }));
  const pool = new PartnerPool(clips);
  for (let k = 0; k < 200; k++) {
    for (const count of [1, 2, 4]) {
      const partners = pool.draw(k, { count, match: "any", random: randomFrom(k) });
      const all = [k, ...partners.map(({ clip }) => clip)].map((clip) => clips[clip].labels);
      const sounding = all.reduce((sum, own) => sum + own.reduce((a, b) => a + b, 0), 0);
      assert.equal(unite(all).reduce((a, b) => a + b, 0), sounding, "none is there twice");
      assert.ok(partners.length >= 1 && partners.length <= count);
      assert.ok(partners.every(({ rate }) => rate === 1));
    }
  }
});

Deno.test("instruments are drawn alike, however many clips they have", () => {
  const clips = Array.from({ length: 100 }, (_, k) => ({ labels: labels(k < 90 ? 1 : 2 + k % 3) }));
  const pool = new PartnerPool([{ labels: labels(0) }, ...clips]);
  const counts = [0, 0, 0, 0, 0];
  for (let seed = 0; seed < 4000; seed++) {
    const [{ clip }] = pool.draw(0, { count: 1, match: "any", random: randomFrom(seed) });
    counts[clips[clip - 1].labels.indexOf(1)]++;
  }
  // a quarter each: five deviations of 4,000 draws
  for (const count of counts.slice(1)) assert.ok(Math.abs(count - 1000) < 137, `${counts}`);
  assert.equal(counts[0], 0);
});

Deno.test("partners share the genre, or have a tempo that a stretch within the study's range makes the clip's", () => {
  const clips: ClipFacts[] = Array.from({ length: 300 }, (_, k) => ({
    labels: labels(k % 5),
    genre: k % 7 ? ["cla", "jaz_blu"][k % 2] : undefined,
    tempo: k % 11 ? 60 + k % 100 : 0,
    recording: `recording ${k >> 1}`,
  }));
  const pool = new PartnerPool(clips);
  let found = 0;
  clips.forEach((own, k) => {
    for (const { clip } of pool.draw(k, { count: 2, match: "genre", random: randomFrom(k) })) {
      assert.ok(own.genre && own.genre === clips[clip].genre);
      found++;
    }
    const any = pool.drawAny(k, { match: "any", random: randomFrom(k) })!;
    const partners = pool.draw(k, { count: 2, match: "tempo", random: randomFrom(k) });
    for (const { clip, rate } of partners) {
      assert.ok(
        Math.abs(clips[clip].tempo! * rate - own.tempo!) < 1e-9 && rate >= 0.8 && rate <= 1.25,
      );
      found++;
    }
    for (const { clip } of [any, ...partners]) assert.notEqual(clip >> 1, k >> 1, "same recording");
    if (!own.tempo) assert.equal(partners.length, 0);
  });
  assert.ok(found > 800);
});

Deno.test("where nothing fits there is no partner", () => {
  const pool = new PartnerPool([{ labels: labels(0) }, { labels: labels(0, 1) }]);
  const random = randomFrom("none");
  assert.deepEqual(pool.draw(0, { count: 3, match: "any", random }), []);
  assert.equal(pool.drawAny(0, { match: "genre", random }), undefined);
  assert.equal(pool.drawAny(0, { match: "any", random })?.clip, 1);
});
