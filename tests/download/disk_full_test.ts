import assert from "node:assert/strict";
import { download } from "lib/download/download.ts";
import { SmallDisk } from "../small_disk.ts";
import { TemporaryFolder } from "../temporary_folder.ts";
import { fileAnswer, TestServer } from "./server.ts";

const probe = SmallDisk.make(64);
probe?.[Symbol.dispose]();

Deno.test("room is looked for before the first byte, where the length is known", async () => {
  using folder = new TemporaryFolder();
  const headers = { "content-length": "2000000000000000" };
  await using server = new TestServer(() => ({ headers, stall: true }));
  const done = download({ url: server.url("a"), to: folder.file("a"), say: () => {} });
  await assert.rejects(done, /2000 TB are needed on the disk of .*, .* are free; make room/);
  assert.deepEqual(folder.names, []);
});

Deno.test({
  name: "a disk that is full in the middle is named, and what is there is gone on with",
  ignore: !probe,
  async fn() {
    const content = crypto.getRandomValues(new Uint8Array(60_000));
    const file = { content, etag: '"a"' };
    using disk = SmallDisk.make(64)!;
    // something else takes the room while the file comes; without a length nobody can foresee it
    await using server = new TestServer((asked, before) => {
      if (before === 0) Deno.writeFileSync(disk.file("other"), new Uint8Array(40_000));
      return { ...fileAnswer(file, asked), chunked: before === 0 };
    });
    const options = { url: server.url("a"), to: disk.file("a"), say: () => {} };
    await assert.rejects(download(options), /the disk of .* is full; make room, then run the same/);
    assert.throws(() => Deno.statSync(disk.file("a")), Deno.errors.NotFound);

    Deno.removeSync(disk.file("other"));
    await download(options);
    assert.deepEqual(Deno.readFileSync(disk.file("a")), content);
    assert.match(server.asked[1].headers.get("range")!, /^bytes=[1-9]\d*-$/);
  },
});
