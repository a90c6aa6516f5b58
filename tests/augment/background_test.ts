import assert from "node:assert/strict";
import { join } from "node:path";
import { listNoises, NoiseLibrary } from "lib/augment/background.ts";
import { encodeWav } from "lib/audio/wav.ts";
import { resample } from "lib/audio/resample.ts";
import { withTree } from "../datasets/trees.ts";
import { noise } from "../mel_signals.ts";

const sound = encodeWav({ sampleRate: 22050, channels: [noise(2205)] });

Deno.test("the sounds of any folder, with the folders in it", async () => {
  const files = { "b.wav": sound, "rain/a.WAV": sound, "rain/readme.txt": "", "z/y/c.flac": "" };
  await withTree(files, (folder) => {
    const found = listNoises(folder).map((
      { path, category },
    ) => [path.slice(folder.length + 1), category]);
    assert.deepEqual(found.slice(1), [["rain/a.WAV", "rain"], ["z/y/c.flac", "y"]]);
    assert.equal(found[0][0], "b.wav");
  });
});

const HEADER = "filename,fold,target,category,esc10,src_file,take";

Deno.test("ESC-50 by its table", async () => {
  const table = `${HEADER}\n1-9-B-10.wav,1,10,rain,True,9,B\r\n1-1-A-0.wav,1,0,dog,True,1,A\n`;
  const files = {
    "meta/esc50.csv": table,
    "audio/1-1-A-0.wav": sound,
    "audio/1-9-B-10.wav": sound,
    "x.wav": sound,
  };
  await withTree(files, (folder) => {
    assert.deepEqual(listNoises(folder), [
      { path: join(folder, "audio", "1-1-A-0.wav"), category: "dog" },
      { path: join(folder, "audio", "1-9-B-10.wav"), category: "rain" },
    ]);
    Deno.removeSync(join(folder, "audio", "1-1-A-0.wav"));
    assert.throws(
      () => listNoises(folder),
      /cannot take noises from .* line 3: audio\/1-1-A-0\.wav is not there/,
    );
    Deno.writeTextFileSync(join(folder, "meta", "esc50.csv"), "name,class\n");
    assert.throws(() => listNoises(folder), /no column "filename", "category", but name, class/);
  });
});

Deno.test("noises are mono at the rate asked for, read once while they are kept", async () => {
  const stereo = encodeWav({ sampleRate: 22050, channels: [noise(2205), new Float32Array(2205)] });
  await withTree({ "a.wav": sound, "b.wav": stereo, "c.wav": sound }, (folder) => {
    const library = new NoiseLibrary(listNoises(folder), { sampleRate: 16000, keep: 2 });
    assert.equal(library.count, 3);
    const a = library.get(0), expected = resample(noise(2205), 22050, 16000);
    assert.equal(a.length, 1600);
    a.forEach((v, t) => assert.ok(Math.abs(v - expected[t]) < 1e-4)); // 16 bits
    const b = library.get(1);
    b.forEach((v, t) => assert.ok(Math.abs(v - expected[t] / 2) < 1e-4));
    assert.equal(library.get(0), a);
    library.get(2); // the second one has been waiting longest
    assert.equal(library.get(0), a);
    assert.notEqual(library.get(1), b);
  });
});

Deno.test("refuses folders without noises, and names a noise that cannot be read", async () => {
  await withTree({ "readme.txt": "", "bad.wav": "no sound" }, (folder) => {
    const library = new NoiseLibrary(listNoises(folder), { sampleRate: 16000 });
    assert.throws(() => library.get(0), /cannot read .*bad\.wav/);
    Deno.removeSync(join(folder, "bad.wav"));
    assert.throws(() => listNoises(folder), /holds no \.wav/);
    assert.throws(() => listNoises(join(folder, "none")), /cannot take noises from .*none/);
  });
});
