import assert from "node:assert/strict";
import { unpackTarGz } from "lib/archive/unpack_tar_gz.ts";
import { unpackZip } from "lib/archive/unpack_zip.ts";
import { projectPath } from "lib/core/paths.ts";
import { TemporaryFolder } from "../temporary_folder.ts";
import { bytesOf } from "./build.ts";
import { filesBelow } from "./files_below.ts";

/** As in make_archives.py. */
const fixture = (name: string) => projectPath("tests", "fixtures", "archives", name);
const LONG_FOLDER = ["0", "1", "2", "3", "4"].map((digit) => digit.repeat(60)).join("/");
const FILES = {
  "plain.txt": bytesOf("plain"),
  [`${LONG_FOLDER}/long.txt`]: bytesOf("long"),
  // decomposed in the archive
  ["F\u00fcr \u00c9lise-1.wav"]: bytesOf("song"),
};

for (
  const [name, unpack] of [
    ["zip64.zip", unpackZip],
    ["gnu.tgz", unpackTarGz],
    ["pax.tgz", unpackTarGz],
  ] as const
) {
  Deno.test(`what Python wrote is unpacked: ${name}`, async () => {
    using folder = new TemporaryFolder();
    const to = folder.file("out");
    assert.equal((await unpack(fixture(name), { to })).files, 3);
    assert.deepEqual(filesBelow(to), FILES);
  });
}

Deno.test("entries beyond 4 GiB are found", async () => {
  using folder = new TemporaryFolder();
  const archive = folder.file("far.zip"), to = folder.file("out");
  {
    // the 4 GiB are a hole that takes no room on the disk
    using file = Deno.openSync(archive, { write: true, create: true });
    file.seekSync(2 ** 32 + 1000, Deno.SeekMode.Start);
    file.writeSync(Deno.readFileSync(fixture("beyond_4_gib.tail")));
  }
  await unpackZip(archive, { to });
  assert.deepEqual(filesBelow(to), FILES);
});
