import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { unpackTarGz } from "lib/archive/unpack_tar_gz.ts";
import { concatBytes } from "lib/core/bytes.ts";
import { SmallDisk } from "../small_disk.ts";
import { TemporaryFolder } from "../temporary_folder.ts";
import { bytesOf, tarGzOf } from "./build.ts";
import { unpackingBy } from "./unpacking.ts";

const { unpack, refused } = unpackingBy(unpackTarGz, {
  name: "a.tgz",
  refusal: /^cannot unpack .*a\.tgz: .*; .*out was not made$/s,
});

Deno.test("files and folders come out, one folder at the top can be left out", async () => {
  using folder = new TemporaryFolder();
  const noise = new Uint8Array(randomBytes(500_000));
  const archive = tarGzOf([
    { name: "./", type: "5" },
    { name: "./top/", type: "5" },
    { name: "./top/a.txt", data: bytesOf("alpha") },
    { name: "./top/._a.txt", data: bytesOf("clutter") },
    { name: "./top/noise.bin", data: noise },
    { name: "./top/old/" },
    { name: "./top/empty" },
  ]);
  const { there, files, bytes, leftOut } = await unpack(folder, archive, { strip: "top" });
  assert.deepEqual(there, {
    "a.txt": bytesOf("alpha"),
    "noise.bin": noise,
    empty: new Uint8Array(),
  });
  assert.deepEqual([files, bytes, leftOut], [3, 500_005, ["./top/._a.txt"]]);
  assert.ok(Deno.statSync(folder.file("out", "old")).isDirectory);
});

Deno.test("an archive in several gzip members is one", async () => {
  using folder = new TemporaryFolder();
  const tar = gunzipSync(tarGzOf([{ name: "a", data: new Uint8Array(3000).fill(9) }]));
  const archive = concatBytes([gzipSync(tar.subarray(0, 700)), gzipSync(tar.subarray(700))]);
  assert.deepEqual((await unpack(folder, archive)).there, { a: new Uint8Array(3000).fill(9) });
});

Deno.test("entries that would leave their folder are refused", async () => {
  for (
    const [name, sentence] of [
      ["../a", /leads out of its folder/],
      ["a/../../b", /leads out/],
      ["/etc/passwd", /an absolute path/],
      ["C:a", /a drive letter/],
      ["a\\b", /a backslash/],
    ] as const
  ) await refused(tarGzOf([{ name: "fine" }, { name }]), sentence);
});

Deno.test("links are refused when they leave, left out when they stay; devices are refused", async () => {
  const inFolder = (type: string, target: string) => tarGzOf([{ name: "d/link", type, target }]);
  await refused(
    inFolder("2", "../../a"),
    /the symbolic link "d\/link" leads out .* "\.\.\/\.\.\/a"/,
  );
  await refused(inFolder("2", "/etc"), /leads out/);
  // a hard link's target counts from the archive's top
  await refused(inFolder("1", "../a"), /the hard link "d\/link" leads out/);
  for (const type of ["3", "4", "6"]) {
    await refused(tarGzOf([{ name: "a", type }]), /the entry "a" is a device/);
  }
  using folder = new TemporaryFolder();
  const { there, leftOut } = await unpack(
    folder,
    tarGzOf([
      { name: "a" },
      { name: "d/soft", type: "2", target: "../a" },
      { name: "d/hard", type: "1", target: "a" },
    ]),
  );
  assert.deepEqual([Object.keys(there), leftOut], [["a"], ["d/soft", "d/hard"]]);
});

Deno.test("a link is never written through", async () => {
  using folder = new TemporaryFolder();
  const archive = tarGzOf([
    { name: "link", type: "2", target: "." },
    { name: "link/a", data: bytesOf("a") },
  ]);
  assert.deepEqual((await unpack(folder, archive)).there, { "link/a": bytesOf("a") });
});

Deno.test("the same path twice is refused", async () => {
  await refused(tarGzOf([{ name: "a" }, { name: "./a" }]), /would be the same file/);
});

Deno.test("more than an honest archive holds is refused before it is written", async () => {
  const data = new Uint8Array(60_000_000);
  await refused(tarGzOf([{ name: "a", data }]), /it announces more than 5\d(\.\d)? MB/);
  await refused(tarGzOf([{ name: "a" }, { name: "b" }]), /more than 1 entries/, { entries: 1 });
});

Deno.test("damaged and cut archives are refused", async () => {
  const data = new Uint8Array(randomBytes(100_000));
  const good = tarGzOf([{ name: "a", data }]);
  await refused(good.subarray(0, 50_000), /unexpected end of file/);
  await refused(good.subarray(0, -4), /unexpected end of file/);
  await refused(good.map((byte, k) => k === good.length - 8 ? byte ^ 1 : byte), /data check/);
  await refused(bytesOf("<html>Sorry</html>"), /header check/);
  await refused(new Uint8Array(), /./);
  await refused(tarGzOf([{ name: "a", data, size: 200_000 }], { end: false }), /truncated/);
  await refused(tarGzOf([{ name: "a", data }], { end: false }), /truncated/);
  const tar = gunzipSync(good);
  tar[0] ^= 1;
  await refused(gzipSync(tar), /checksum/);
});

const probe = SmallDisk.make(64);
probe?.[Symbol.dispose]();

Deno.test({
  name: "a disk that is full in the middle is named, and nothing is left on it",
  ignore: !probe,
  async fn() {
    using folder = new TemporaryFolder();
    using disk = SmallDisk.make(64)!;
    const archive = tarGzOf([{ name: "a", data: new Uint8Array(100_000) }]);
    const done = unpack(folder, archive, { to: disk.file("out") });
    await assert.rejects(done, /the disk of .* is full; make room/);
    assert.deepEqual([...Deno.readDirSync(disk.path)], []);
  },
});

Deno.test({
  name: "a disk with less room than the archive takes is named before",
  ignore: !probe,
  async fn() {
    using folder = new TemporaryFolder();
    using disk = SmallDisk.make(64)!;
    const archive = tarGzOf([{ name: "a", data: new Uint8Array(randomBytes(100_000)) }]);
    const done = unpack(folder, archive, { to: disk.file("out") });
    await assert.rejects(done, /1\d\d kB are needed on the disk of/);
  },
});
