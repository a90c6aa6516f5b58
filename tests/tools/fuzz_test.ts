import assert from "node:assert/strict";
import { decodeSound } from "lib/audio/decode.ts";
import { readJson } from "lib/core/files.ts";
import { projectPath } from "lib/core/paths.ts";
import { corpusHash, readCorpus } from "../../tools/fuzz/corpus.ts";
import { damagedFile, type Format, FORMATS, headerEnd } from "../../tools/fuzz/mutate.ts";
import { runFuzz } from "../../tools/fuzz/run.ts";
import { wayOf } from "../fixtures/broken_decoder.ts";

/** The error of a file; "" where it can be decoded. */
function outcomeOf(bytes: Uint8Array): string {
  try {
    decodeSound(bytes);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

Deno.test("the corpus is valid, and its headers end where the sound begins", () => {
  for (const format of FORMATS) {
    const corpus = readCorpus(format);
    assert.ok(corpus.length >= 4, format);
    for (const { name, bytes } of corpus) {
      decodeSound(bytes);
      const end = headerEnd(bytes, format);
      assert.ok(end > 0 && end < bytes.length, name);
      // nothing but a header is no sound
      assert.throws(() => decodeSound(bytes.slice(0, end)), Error, name);
    }
  }
});

Deno.test("damage is of its number, and every other file's header is sound", () => {
  for (const format of FORMATS) {
    const corpus = readCorpus(format), names = new Map(corpus.map((file) => [file.name, file]));
    const seen = new Set<string>();
    for (let index = 0; index < 200; index++) {
      const { name, bytes } = damagedFile(corpus, { format, seed: 1, index });
      assert.deepEqual(damagedFile(corpus, { format, seed: 1, index }).bytes, bytes);
      seen.add(bytes.join());
      const original = names.get(name.split(",")[0])!.bytes, end = headerEnd(original, format);
      if (index % 2 === 0) {
        assert.deepEqual(bytes.subarray(0, end), original.subarray(0, end), name);
      }
      if (index % 4 >= 2) assert.doesNotMatch(outcomeOf(bytes), /checksum of Ogg page/, name);
    }
    assert.ok(seen.size > 190, `${format}: ${seen.size} different files`);
  }
});

Deno.test("finds every way in which a decoder can be bad", async () => {
  // twenty files of which every way has at least one
  const format = "flac", seed = 2, files = 20, corpus = readCorpus(format);
  const { sounds, errors, failures } = await runFuzz({
    format,
    seed,
    files,
    decoder: new URL("../fixtures/broken_decoder.ts", import.meta.url),
    patience: 4,
  });
  const expected = new Map<number, RegExp>();
  let good = 0, clear = 0;
  const messages = [
    /hangs: no end within 4 s/,
    /died \(status 3\)/,
    /sample 1 is NaN/,
    /0 channels/,
  ]
    .concat(/unclear: TypeError/, /unclear: Error: two/, /took 2\d\d MB for 0 samples/);
  for (let index = 0; index < files; index++) {
    const { bytes } = damagedFile(corpus, { format, seed, index });
    const decoded = outcomeOf(bytes) === "", way = wayOf(bytes);
    if (decoded) good++;
    else if (way === 0) clear++;
    else expected.set(index, messages[way - 1]);
  }
  assert.equal(sounds, good);
  assert.equal(errors, clear);
  assert.deepEqual(failures.map(({ index }) => index), [...expected.keys()]);
  for (const { index, message } of failures) assert.match(message, expected.get(index)!);
  assert.equal(new Set([...expected.values()]).size, messages.length); // each way was there
});

Deno.test("ours keeps its promises on a few hundred files", async () => {
  for (const format of FORMATS) {
    const { sounds, errors, failures } = await runFuzz({ format, seed: 99, files: 150 });
    assert.deepEqual(failures, [], format);
    assert.equal(sounds + errors, 150);
    assert.ok(sounds > 0 && errors > 0);
  }
});

interface Recorded {
  files: number;
  formats: Record<Format, { corpus: string; sounds: number; errors: number; failures: number }>;
  versions: { deno: string; soundfile: string };
}

Deno.test("the recorded run is of this corpus and these decoders, long enough, and clean", () => {
  const recorded = readJson<Recorded>(
    projectPath("tests", "fixtures", "audio", "fuzz_result.json"),
  );
  const wheels = Deno.readTextFileSync(projectPath("requirements", "sound.txt"));
  assert.ok(recorded.files >= 10000);
  for (const format of FORMATS) {
    const { corpus, sounds, errors, failures } = recorded.formats[format];
    assert.equal(corpus, corpusHash(readCorpus(format)), `${format}: run ./lumen fuzz again`);
    assert.equal(sounds + errors, recorded.files);
    assert.equal(failures, 0);
  }
  const { soundfile } = recorded.versions;
  assert.ok(wheels.includes(`soundfile==${soundfile} `), "run ./lumen fuzz again");
});
