import assert from "node:assert/strict";
import { unpackZip } from "lib/archive/unpack_zip.ts";
import { exists } from "lib/core/files.ts";
import { SmallDisk } from "../small_disk.ts";
import { TemporaryFolder } from "../temporary_folder.ts";
import { bytesOf, type ZipEntry, zipOf } from "./build.ts";
import { filesBelow } from "./files_below.ts";
import { unpackingBy } from "./unpacking.ts";

const SYMBOLIC_LINK = 0o120777, BLOCK_DEVICE = 0o060644;

const { unpack, refused } = unpackingBy(unpackZip, {
  name: "a.zip",
  refusal: /^cannot unpack .*a\.zip: .*; .*out was not made$/,
});

Deno.test("files, folders and empty files come out, deflated or stored", async () => {
  using folder = new TemporaryFolder();
  const noise = crypto.getRandomValues(new Uint8Array(50_000));
  const { there, files, bytes, leftOut } = await unpack(
    folder,
    zipOf(
      { name: "./top/" },
      { name: "top/deep/a.txt", data: bytesOf("alpha") },
      { name: "top/noise.bin", data: noise, stored: true },
      { name: "top/empty" },
      { name: "hollow/", mode: 0o040755 },
    ),
  );
  assert.deepEqual(there, {
    "top/deep/a.txt": bytesOf("alpha"),
    "top/noise.bin": noise,
    "top/empty": new Uint8Array(),
  });
  assert.deepEqual({ files, bytes, leftOut }, { files: 3, bytes: 50_005, leftOut: [] });
  assert.ok(Deno.statSync(folder.file("out", "hollow")).isDirectory);
});

Deno.test("a folder that is all there is can be left out of the paths, one of several cannot", async () => {
  using folder = new TemporaryFolder();
  const data = bytesOf("a"), strip = "top";
  const alone = await unpack(folder, zipOf({ name: "top/a", data }), { strip });
  assert.deepEqual(alone.there, { a: data });
  assert.deepEqual(folder.names, ["a.zip", "out"]);
  const to = folder.file("both");
  const both = zipOf({ name: "top/a", data }, { name: "other", data });
  await unpack(folder, both, { strip, to });
  assert.deepEqual(Object.keys(filesBelow(to)).sort(), ["other", "top/a"]);
});

Deno.test("entries that would leave their folder are refused", async () => {
  for (
    const [name, sentence] of [
      ["../a", /"\.\.\/a" leads out of its folder/],
      ["a/../../b", /leads out/],
      ["a/..", /leads out/],
      ["/etc/passwd", /an absolute path/],
      ["C:/a", /a drive letter/],
      ["c:a", /a drive letter/],
      ["a\\..\\b", /a backslash/],
      ["a\0b", /control characters/],
    ] as const
  ) await refused(zipOf({ name: "fine", data: bytesOf("a") }, { name }), sentence);
});

Deno.test("links are refused when they leave, left out when they stay", async () => {
  for (const target of ["../a", "/etc", "..", "x/../../..", "C:/", "..\\a"]) {
    const link = { name: "link", data: bytesOf(target), mode: SYMBOLIC_LINK };
    await refused(zipOf(link), /the symbolic link "link" leads out of its folder, to/);
  }
  const long = { name: "link", data: new Uint8Array(5000), mode: SYMBOLIC_LINK };
  await refused(zipOf(long), /longer than a path/);
  await refused(zipOf({ name: "sda", mode: BLOCK_DEVICE }), /"sda" is a device/);

  using folder = new TemporaryFolder();
  const inside = { name: "deep/link", data: bytesOf("../a"), mode: SYMBOLIC_LINK };
  const { there, leftOut } = await unpack(folder, zipOf({ name: "a" }, inside));
  assert.deepEqual([Object.keys(there), leftOut], [["a"], ["deep/link"]]);
});

Deno.test("what macOS adds is left out", async () => {
  using folder = new TemporaryFolder();
  const names = ["__MACOSX/a", "a/.DS_Store", "a/._b", "a/b"];
  const { there, leftOut } = await unpack(folder, zipOf(...names.map((name) => ({ name }))));
  assert.deepEqual([Object.keys(there), leftOut], [["a/b"], names.slice(0, 3)]);
});

Deno.test("the same path twice is refused, also as a folder, or in two ways of writing", async () => {
  const twice: [string, string][] = [["a", "a"], ["a", "./a"], ["a", "a/b"], ["a/b", "a"], [
    "\u00fc",
    "u\u0308",
  ]];
  for (const names of twice) {
    await refused(zipOf(...names.map((name) => ({ name }))), /would be the same file/);
  }
});

Deno.test("names that differ in case go side by side where the disk tells them apart", async () => {
  using folder = new TemporaryFolder();
  Deno.writeTextFileSync(folder.file("probe"), "");
  const archive = zipOf({ name: "a" }, { name: "A" });
  if (exists(folder.file("PROBE"))) await refused(archive, /would be the same file/);
  else assert.equal((await unpack(folder, archive)).files, 2);
});

Deno.test("names are UTF-8 where they are, else code page 437, and written in NFC", async () => {
  using folder = new TemporaryFolder();
  const { there } = await unpack(
    folder,
    zipOf(
      // "Für Élise" in code page 437; in UTF-8 without saying so, as macOS does; decomposed
      { name: Uint8Array.of(0x46, 0x81, 0x72, 0x20, 0x90, 0x6c, 0x69, 0x73, 0x65), flags: 0 },
      { name: bytesOf("Ärger"), flags: 0 },
      { name: "n\u0303a" },
    ),
  );
  assert.deepEqual(
    Object.keys(there).sort(),
    ["F\u00fcr \u00c9lise", "\u00c4rger", "\u00f1a"].sort(),
  );
});

Deno.test("more than an honest archive holds is refused by what it announces", async () => {
  const zeros = new Uint8Array(60_000_000);
  await refused(zipOf({ name: "a", data: zeros }), /it announces more than 5\d(\.\d)? MB/);
  const two: ZipEntry[] = [{ name: "a", data: bytesOf("12") }, { name: "b", data: bytesOf("34") }];
  await refused(zipOf(...two), /it announces more than 3 B/, { bytes: 3 });
  await refused(zipOf(...two), /it has more than 1 entries/, { entries: 1 });
});

Deno.test("more, or less, than an entry announces is refused while it comes", async () => {
  const data = new Uint8Array(60_000_000);
  await refused(zipOf({ name: "a", data, size: 10 }), /a: Invalid uncompressed size/);
  const two = { name: "a", data: bytesOf("12"), size: 3, stored: true };
  await refused(zipOf(two), /a: Invalid uncompressed size/);
});

Deno.test("entries that share their bytes are refused", async () => {
  // D. Fifield, "A better zip bomb", WOOT 2019: one piece of data, many entries
  const data = bytesOf("the same");
  await refused(zipOf({ name: "a", data }, { name: "b", data, offset: 0 }), /overlap/i);
});

Deno.test("encrypted, unknown, damaged and cut archives are refused", async () => {
  const data = crypto.getRandomValues(new Uint8Array(2000));
  const good = zipOf({ name: "a", data, stored: true });
  await refused(zipOf({ name: "a", data, flags: 0x801 }), /"a" is encrypted/);
  await refused(zipOf({ name: "a", data, method: 99 }), /a: .*compression method/i);
  await refused(good.map((byte, k) => k === 1000 ? byte ^ 1 : byte), /a: .*CRC/i);
  await refused(zipOf({ name: "a", data, crc: 1 }), /a: .*CRC/i);
  const cut = [good.subarray(0, -10), good.subarray(0, 1000), new Uint8Array()];
  for (const archive of [...cut, bytesOf("<html>Sorry</html>".repeat(20))]) {
    await refused(archive, /it is no zip archive, or it was cut short/);
  }
});

Deno.test("an archive that is not there is named", async () => {
  const done = unpackZip("/nowhere/a.zip", { to: "/nowhere/out" });
  await assert.rejects(done, /cannot unpack \/nowhere\/a\.zip: .*No such file/);
});

Deno.test("a folder that is there already is not touched", async () => {
  using folder = new TemporaryFolder();
  Deno.mkdirSync(folder.file("out"));
  Deno.writeTextFileSync(folder.file("out", "mine"), "mine");
  const archive = zipOf({ name: "a" });
  await assert.rejects(unpack(folder, archive), /out is there already: remove it/);
  assert.deepEqual(Object.keys(filesBelow(folder.file("out"))), ["mine"]);
});

Deno.test("what a killed run left is no hindrance and in no result", async () => {
  using folder = new TemporaryFolder();
  Deno.mkdirSync(folder.file("out.unpacking", "half"), { recursive: true });
  Deno.writeTextFileSync(folder.file("out.unpacking", "half", "b"), "half");
  assert.deepEqual(Object.keys((await unpack(folder, zipOf({ name: "a" }))).there), ["a"]);
  assert.deepEqual(folder.names, ["a.zip", "out"]);
});

Deno.test("unpacking can be stopped, and leaves nothing", async () => {
  using folder = new TemporaryFolder();
  const signal = AbortSignal.abort(new Error("enough"));
  const done = unpack(folder, zipOf({ name: "a", data: bytesOf("a") }), { signal });
  await assert.rejects(done, /^Error: enough$/);
  assert.deepEqual(folder.names, ["a.zip"]);
});

const probe = SmallDisk.make(64);
probe?.[Symbol.dispose]();

Deno.test({
  name: "room is looked for before the first file is written",
  ignore: !probe,
  async fn() {
    using folder = new TemporaryFolder();
    using disk = SmallDisk.make(64)!;
    const archive = zipOf({ name: "a", data: new Uint8Array(100_000) });
    const done = unpack(folder, archive, { to: disk.file("out") });
    await assert.rejects(done, /100 kB are needed on the disk of .*, 65\.5 kB are free/);
    assert.deepEqual([...Deno.readDirSync(disk.path)], []);
  },
});
