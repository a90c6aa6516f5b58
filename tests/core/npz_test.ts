import assert from "node:assert/strict";
import { decodeNpy, encodeNpy } from "lib/core/npy.ts";
import { readNpz, writeNpz } from "lib/core/npz.ts";
import { projectPath } from "lib/core/paths.ts";

const FOLDER = projectPath("tests", "fixtures", "npz");

Deno.test("reads every type that NumPy wrote", async () => {
  const arrays = await readNpz(`${FOLDER}/types.npz`);
  for (const code of ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"]) {
    const { shape, dtype, data } = arrays.get(code)!;
    assert.deepEqual(shape, [2, 3]);
    assert.equal(dtype.slice(1), code);
    assert.deepEqual(Array.from(data as Iterable<unknown>, Number), [0, 1, 2, 3, 100, 7], code);
  }
  assert.deepEqual(arrays.get("bool")!.data, Uint8Array.of(1, 0));
  assert.deepEqual(arrays.get("text")!.data, ["cel/a", "", "é ü", "\u{1f3bb} b"]);
  assert.deepEqual(arrays.get("empty"), { shape: [0, 3], dtype: "<f4", data: new Float32Array() });
  assert.deepEqual(arrays.get("scalar"), { shape: [], dtype: "<f8", data: Float64Array.of(2.5) });
  const stored = await readNpz(`${FOLDER}/stored.npz`);
  assert.deepEqual(stored.get("u1"), arrays.get("u1"));
});

Deno.test("writes the bytes that numpy.save writes", async () => {
  for (const name of ["f4", "text"]) {
    const expected = await Deno.readFile(`${FOLDER}/${name}.npy`);
    assert.deepEqual(encodeNpy(decodeNpy(expected)), expected);
  }
});

Deno.test("what is written is read back, and equal content is equal bytes", async () => {
  const folder = await Deno.makeTempDir();
  const content = {
    mel: { shape: [2, 1, 3], data: Uint8Array.of(0, 1, 2, 253, 254, 255) },
    power: { shape: [2], data: Float32Array.of(1 / 3, -0) },
    name: { shape: [2], data: ["pia/[pia][jaz_blu]1471__2", "ü"] },
  };
  await writeNpz(`${folder}/a.npz`, content);
  await writeNpz(`${folder}/b.npz`, new Map(Object.entries(content)));
  const arrays = await readNpz(`${folder}/a.npz`);
  for (const [name, { shape, data }] of Object.entries(content)) {
    assert.deepEqual([arrays.get(name)!.shape, arrays.get(name)!.data], [shape, data]);
  }
  const only = await readNpz(`${folder}/a.npz`, { only: ["name"] });
  assert.deepEqual([...only.keys()], ["name"]);
  assert.deepEqual(await Deno.readFile(`${folder}/a.npz`), await Deno.readFile(`${folder}/b.npz`));
  assert.equal([...Deno.readDirSync(folder)].length, 2); // no temporary file is left
  await Deno.remove(folder, { recursive: true });
});

Deno.test("says which file cannot be read, and why", async (t) => {
  const folder = await Deno.makeTempDir();
  const good = await Deno.readFile(`${FOLDER}/types.npz`);
  const damaged = good.slice();
  for (let k = 200; k < 230; k++) damaged[k] ^= 255;
  const cases: [string, Uint8Array, RegExp][] = [
    ["cut short", good.slice(0, good.length / 2), /cut short\.npz: /],
    ["no zip", new TextEncoder().encode("no zip at all"), /no zip\.npz: /],
    ["damaged", damaged, /damaged\.npz: array "/],
  ];
  for (const [what, bytes, reason] of cases) {
    await t.step(what, async () => {
      await Deno.writeFile(`${folder}/${what}.npz`, bytes);
      await assert.rejects(readNpz(`${folder}/${what}.npz`), reason);
    });
  }
  await t.step("missing array", () =>
    assert.rejects(
      readNpz(`${FOLDER}/types.npz`, { only: ["mel"] }),
      /no array "mel"/,
    ));
  await t.step("missing file", () => assert.rejects(readNpz(`${folder}/none.npz`), /none\.npz/));
  await t.step("Fortran order", () =>
    assert.rejects(
      readNpz(`${FOLDER}/unreadable.npz`, { only: ["fortran"] }),
      /array "fortran": Fortran order/,
    ));
  await t.step("half precision", () =>
    assert.rejects(
      readNpz(`${FOLDER}/unreadable.npz`, { only: ["half"] }),
      /<f2 are not read; known: /,
    ));
  await t.step("cut .npy", () =>
    assert.throws(
      () => decodeNpy(encodeNpy({ shape: [4], data: new Float64Array(4) }).slice(0, -1)),
      /cut short: shape \(4\) of <f8 needs 32 bytes, 31 are there/,
    ));
  await t.step("wrong shape", () =>
    assert.throws(
      () => encodeNpy({ shape: [2, 3], data: new Float32Array(5) }),
      /shape \(2,3\) holds 6 values, 5 were given/,
    ));
  await Deno.remove(folder, { recursive: true });
});
