import assert from "node:assert/strict";
import { decodeFile } from "lib/audio/decode.ts";
import { encodeWav } from "lib/audio/wav.ts";
import { type ArrayContent, readNpz, writeNpz } from "lib/core/npz.ts";
import { decibelToBytes } from "lib/features/bytes.ts";
import { IRMAS_MELS_FRONT_END, melOf } from "lib/features/front_end.ts";
import { adoptIrmasMelsPack, buildIrmasMels } from "lib/datasets/irmas_mels_builder.ts";
import { noise } from "../mel_signals.ts";

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir(), { error } = console;
  console.error = () => {}; // progress and the names of skipped files
  try {
    await test(folder);
  } finally {
    console.error = error;
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("makes a pack from class folders", () =>
  inFolder(async (folder) => {
    const root = `${folder}/IRMAS-TrainingData`;
    const write = async (name: string, bytes: Uint8Array) => {
      await Deno.mkdir(`${root}/${name.split("/")[0]}`, { recursive: true });
      await Deno.writeFile(`${root}/${name}`, bytes);
    };
    const clip = (seconds: number) =>
      encodeWav({ sampleRate: 44100, channels: [noise(44100 * seconds)] });
    await write("voi/[voi][pop_roc]0001__1.wav", clip(3));
    await write("cel/[cel][cla]0002__1.wav", clip(1));
    await write("cel/[cel][cla]0001__1.wav", clip(3));
    await write("cel/broken.wav", new Uint8Array(20));
    await write("cel/readme.txt", new Uint8Array(20));
    await write("other/x.wav", clip(3));

    const out = `${folder}/out/pack.npz`;
    const summary = await buildIrmasMels({ root: folder, out, folder: `${folder}/cache` });
    assert.deepEqual([summary.clips, summary.byClass.cel, summary.byClass.voi], [3, 2, 1]);
    assert.equal(summary.complete, false);
    assert.deepEqual(summary.skipped.map(({ path }) => path), [`${root}/cel/broken.wav`]);

    const pack = await readNpz(out);
    const names = ["cel/[cel][cla]0001__1", "cel/[cel][cla]0002__1", "voi/[voi][pop_roc]0001__1"];
    assert.deepEqual(pack.get("name")!.data, names);
    assert.deepEqual(pack.get("mel")!.shape, [3, 128, 94]);
    const mel = pack.get("mel")!.data as Uint8Array, size = 128 * 94;
    const whole = melOf(decodeFile(`${root}/${names[0]}.wav`), IRMAS_MELS_FRONT_END).data;
    assert.deepEqual(mel.slice(0, size), decibelToBytes(whole, IRMAS_MELS_FRONT_END));
    // 1 s is 32 frames; frame 32 is the first one again.
    assert.deepEqual(mel[size + 32], mel[size]);

    const adopted = await adoptIrmasMelsPack({ pack: out, out: `${folder}/copy.npz` });
    assert.deepEqual(adopted.byClass, summary.byClass);
    assert.deepEqual(await Deno.readFile(`${folder}/copy.npz`), await Deno.readFile(out));
  }));

Deno.test("says what is wrong with a root or a pack, and leaves what is there", () =>
  inFolder(async (folder) => {
    await assert.rejects(buildIrmasMels({ root: folder }), /no WAV file in a folder cel, cla, /);
    const mel = (n: number, bands = 128): ArrayContent => ({
      shape: [n, bands, 94],
      data: new Uint8Array(n * bands * 94),
    });
    const name = (...names: string[]): ArrayContent => ({ shape: [names.length], data: names });
    const cases: [RegExp, Record<string, ArrayContent>][] = [
      [/it holds mel, not "mel" and "name"/, { mel: mel(1) }],
      [/"mel" is \(1,96,94\) of \|u1/, { mel: mel(1, 96), name: name("cel/a") }],
      [/"mel" is \(0,128,94\)/, { mel: mel(0), name: name() }],
      [/"mel" is .* of <f4/, {
        mel: { shape: [1, 2], data: new Float32Array(2) },
        name: name("cel/a"),
      }],
      [/"name" is \(1\) of <U5, not \(2\) texts/, { mel: mel(2), name: name("cel/a") }],
      [/the name "drums\/a" is not "class\/clip"/, { mel: mel(1), name: name("drums/a") }],
      [/a name is in it twice/, { mel: mel(2), name: name("cel/a", "cel/a") }],
    ];
    const pack = `${folder}/bad.npz`, out = `${folder}/out.npz`;
    await Deno.writeTextFile(out, "what was there");
    for (const [reason, arrays] of cases) {
      await writeNpz(pack, arrays);
      await assert.rejects(adoptIrmasMelsPack({ pack, out }), (error: Error) => {
        assert.match(error.message, reason);
        assert.ok(error.message.includes(pack));
        return true;
      });
    }
    await assert.rejects(adoptIrmasMelsPack({ pack: `${folder}/none.npz`, out }), /none\.npz/);
    assert.equal(await Deno.readTextFile(out), "what was there");
  }));
