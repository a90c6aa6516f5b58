import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { TemporaryFolder } from "../temporary_folder.ts";
import { CONTENT, ETAG, quick, ranges, SHA256 } from "./quick.ts";
import { fileAnswer, TestServer } from "./server.ts";

for (const [status, sentence] of [[404, "not there"], [403, "does not give"]] as const) {
  Deno.test(`${status} is final and says so, with what else can be done`, async () => {
    using folder = new TemporaryFolder();
    await using server = new TestServer(() => ({ status }));
    const { done } = quick(server, folder, { advice: "see the README", label: "the file" });
    await assert.rejects(done, (error: Error) => {
      assert.match(error.message, /^cannot download the file from http:.*; see the README$/);
      assert.match(
        error.message,
        new RegExp(`the server answered ${status} \\w+.*: .*${sentence}`),
      );
      return true;
    });
    assert.equal(server.asked.length, 1);
    assert.deepEqual(folder.names, []);
  });
}

Deno.test("a busy server is tried again after pauses that grow", async () => {
  using folder = new TemporaryFolder();
  await using server = new TestServer((asked, before) =>
    before < 3 ? { status: [500, 503, 429][before] } : fileAnswer({ content: CONTENT }, asked)
  );
  const { done, said } = quick(server, folder, { firstPause: 0.01 });
  await done;
  assert.deepEqual(said.map((line) => / in (.*) s$/.exec(line)?.[1]), ["0.01", "0.02", "0.04"]);
});

Deno.test("a server may ask to wait, within reason", async () => {
  using folder = new TemporaryFolder();
  await using server = new TestServer((asked, before) =>
    before === 0
      ? { status: 503, headers: { "retry-after": "1" } }
      : fileAnswer({ content: CONTENT }, asked)
  );
  const begun = performance.now();
  await quick(server, folder).done;
  assert.ok(performance.now() - begun >= 1000);
  await using closed = new TestServer(() => ({ status: 503, headers: { "retry-after": "3600" } }));
  const { done } = quick(closed, folder, { to: folder.file("other.bin") });
  await assert.rejects(done, /asks to come back in 3600 s; run the same command again then/);
  assert.equal(closed.asked.length, 1);
});

Deno.test("a connection on which nothing comes is given up and made anew", async () => {
  using folder = new TemporaryFolder();
  await using server = new TestServer((asked, before) => ({
    ...fileAnswer({ content: CONTENT, etag: ETAG }, asked),
    ...(before === 0 ? { cutAfter: 20_000, stall: true } : {}),
  }));
  const { done, said } = quick(server, folder, { stallSeconds: 0.3 });
  assert.equal((await done).sha256, SHA256);
  assert.match(said[0], /the connection was lost \(nothing came for 0\.3 s\)/);
  assert.deepEqual(ranges(server), [null, "bytes=20000-"]);
});

Deno.test("more or less than announced is never a file", async () => {
  using folder = new TemporaryFolder();
  const answered = (length: string) => () => ({
    body: CONTENT,
    headers: { "content-length": length },
  });
  // a client reads no further than announced: that it is too little, only size or checksum can tell
  await using less = new TestServer(answered("50000"));
  await assert.rejects(
    quick(less, folder, { sha256: SHA256 }).done,
    /its SHA-256 is .*it was removed/,
  );
  await assert.rejects(
    quick(less, folder, { size: 60_000 }).done,
    /announces 50000 bytes, .* has 60000/,
  );
  await using more = new TestServer(answered("70000"));
  await assert.rejects(quick(more, folder, { attempts: 2 }).done, /2 times in a row/);
  await using endless = new TestServer(() => ({ body: CONTENT, chunked: true }));
  await assert.rejects(
    quick(endless, folder, { size: 100 }).done,
    /more than the file's 100 bytes/,
  );
  assert.ok(!folder.names.includes("file.bin"));
});

Deno.test("a wrong checksum is said, and the file is gone", async () => {
  using folder = new TemporaryFolder();
  await using server = new TestServer((asked) => fileAnswer({ content: CONTENT }, asked));
  const { done } = quick(server, folder, { md5: "0".repeat(32) });
  await assert.rejects(
    done,
    /not the published file, its MD5 is [0-9a-f]{32}, not 0{32}; it was removed/,
  );
  assert.deepEqual(folder.names, []);
  assert.equal(server.asked.length, 1);
});

Deno.test("a web page is no file, whatever it says that it is", async () => {
  using folder = new TemporaryFolder();
  const body = new TextEncoder().encode("\n<!DOCTYPE html><html>Sorry</html>");
  for (const type of ["text/html; charset=utf-8", "application/zip"]) {
    await using server = new TestServer(() => ({ body, headers: { "content-type": type } }));
    await assert.rejects(quick(server, folder).done, /sent a web page and not the file/);
  }
  assert.deepEqual(folder.names, []);
});

Deno.test("a packed file that nobody asked for is refused", async () => {
  using folder = new TemporaryFolder();
  const headers = { "content-encoding": "gzip" };
  await using server = new TestServer(() => ({ body: gzipSync(CONTENT), headers }));
  await assert.rejects(quick(server, folder).done, /in the encoding "gzip" that nobody asked for/);
});

Deno.test("a server that is not there is tried a few times", async () => {
  using folder = new TemporaryFolder();
  const server = new TestServer(() => ({}));
  await server[Symbol.asyncDispose]();
  const { done, said } = quick(server, folder, { attempts: 3 });
  await assert.rejects(
    done,
    /cannot reach the server \([^/]*refused[^/]*\), 3 times in a row; run the same/,
  );
  assert.equal(said.length, 2);
  assert.deepEqual(folder.names, []);
});
