import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { download, type DownloadOptions } from "lib/download/download.ts";
import { TemporaryFolder } from "../temporary_folder.ts";
import { type Answer, type Asked, fileAnswer, type ServedFile, TestServer } from "./server.ts";

/** Bytes without a pattern: a part that is put in the wrong place does not go unnoticed. */
const CONTENT = crypto.getRandomValues(new Uint8Array(60_000));
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");
const ETAG = '"first"', LAST_MODIFIED = "Wed, 21 Oct 2015 07:28:00 GMT";

/** A download with pauses for tests, and what it says. */
function quick(
  server: TestServer,
  folder: TemporaryFolder,
  options: Partial<DownloadOptions> = {},
) {
  const said: string[] = [];
  const done = download({
    url: server.url("file.bin"),
    to: folder.file("file.bin"),
    firstPause: 0.001,
    stallSeconds: 10,
    say: (line) => said.push(line),
    ...options,
  });
  return { done, said };
}

const ranges = (server: TestServer) => server.asked.map(({ headers }) => headers.get("range"));

/** A server that cuts the first answers and then sends what is asked for. */
function cutting(cuts: readonly number[], file: ServedFile = { content: CONTENT, etag: ETAG }) {
  return new TestServer((asked, before) => ({
    ...fileAnswer(file, asked),
    ...(before < cuts.length ? { cutAfter: cuts[before] } : {}),
  }));
}

Deno.test("a file comes whole, with the checksums of its publisher, and nothing else is left", async () => {
  using folder = new TemporaryFolder();
  // RFC 1321, A.5; FIPS 180-4's example
  const abc = new TextEncoder().encode("abc");
  const md5 = "900150983CD24FB0D6963F7D28E17F72";
  const sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  await using server = new TestServer((asked) => fileAnswer({ content: abc }, asked));
  const { done } = quick(server, folder, { size: 3, md5, sha256 });
  const path = folder.file("file.bin");
  assert.deepEqual(await done, {
    path,
    downloaded: true,
    bytes: 3,
    md5: md5.toLowerCase(),
    sha256,
  });
  assert.deepEqual(Deno.readFileSync(path), abc);
  assert.deepEqual(folder.names, ["file.bin"]);
});

Deno.test("a cut connection goes on where it was", async () => {
  using folder = new TemporaryFolder();
  await using server = cutting([20_000, 15_000]);
  const { done, said } = quick(server, folder);
  assert.equal((await done).sha256, SHA256);
  assert.deepEqual(ranges(server), [null, "bytes=20000-", "bytes=35000-"]);
  assert.deepEqual(server.asked.map(({ headers }) => headers.get("if-range")), [null, ETAG, ETAG]);
  assert.match(said[0], /^file\.bin: .*attempt 2 of 6 in 0\.001 s$/);
  assert.deepEqual(folder.names, ["file.bin"]);
});

Deno.test("a body in chunks that is cut short is no whole file", async () => {
  using folder = new TemporaryFolder();
  await using server = new TestServer((asked, before) => ({
    ...fileAnswer({ content: CONTENT, etag: ETAG }, asked),
    chunked: true,
    ...(before === 0 ? { cutAfter: 7 } : {}),
  }));
  assert.equal((await quick(server, folder).done).sha256, SHA256);
  assert.deepEqual(ranges(server), [null, "bytes=7-"]);
});

Deno.test("a connection that is cut again and again is given up, and the next run goes on from there", async () => {
  using folder = new TemporaryFolder();
  await using server = cutting([10_000, 10_000, 10_000]);
  const { done } = quick(server, folder, { attempts: 3 });
  await assert.rejects(
    done,
    /3 times in a row; 30 kB are kept in .*file\.bin\.part: run the same command again/,
  );
  assert.deepEqual(folder.names, ["file.bin.part", "file.bin.part.json"]);
  assert.equal((await quick(server, folder).done).sha256, SHA256);
  assert.equal(ranges(server)[3], "bytes=30000-");
});

Deno.test("attempts that bring a lot do not count as failures in a row", async () => {
  using folder = new TemporaryFolder();
  const content = new Uint8Array(5_000_000).fill(7);
  await using server = cutting([1_100_000, 1_100_000, 1_100_000], { content, etag: ETAG });
  assert.equal((await quick(server, folder, { attempts: 2 }).done).bytes, content.length);
});

Deno.test("a file that has changed since begins anew", async () => {
  using folder = new TemporaryFolder();
  const next = CONTENT.map((byte) => byte ^ 1);
  await using server = new TestServer((asked, before) =>
    before === 0
      ? { ...fileAnswer({ content: CONTENT, etag: ETAG }, asked), cutAfter: 20_000 }
      : fileAnswer({ content: next, etag: '"second"' }, asked)
  );
  const { done, said } = quick(server, folder);
  await done;
  assert.deepEqual(Deno.readFileSync(folder.file("file.bin")), next);
  assert.match(said[1], /the file on the server has changed, it begins anew/);
});

Deno.test("without a strong ETag the date of the last change is the condition", async () => {
  using folder = new TemporaryFolder();
  await using server = new TestServer((asked, before) => ({
    ...fileAnswer({ content: CONTENT, etag: 'W/"weak"', lastModified: LAST_MODIFIED }, asked),
    ...(before === 0 ? { cutAfter: 20_000 } : {}),
  }));
  assert.equal((await quick(server, folder).done).sha256, SHA256);
  assert.equal(server.asked[1].headers.get("if-range"), LAST_MODIFIED);
});

Deno.test("a server that cannot send a range sends all of it again, which is said", async () => {
  using folder = new TemporaryFolder();
  await using server = cutting([20_000], { content: CONTENT, etag: ETAG, ranges: false });
  const { done, said } = quick(server, folder);
  assert.equal((await done).sha256, SHA256);
  assert.match(said[1], /cannot go on in the middle of a file, it begins anew/);
});

Deno.test("a server that cannot send a range and always breaks down is given up", async () => {
  using folder = new TemporaryFolder();
  const content = new Uint8Array(3_000_000);
  await using server = new TestServer((asked) => ({
    ...fileAnswer({ content, etag: ETAG, ranges: false }, asked),
    cutAfter: 2_000_000,
  }));
  await assert.rejects(quick(server, folder, { attempts: 3 }).done, /3 times in a row/);
  // the first attempt brought something new, the others did not
  assert.equal(server.asked.length, 3);
});

Deno.test("without a validator only a checksum allows to go on", async () => {
  using folder = new TemporaryFolder();
  await using server = cutting([20_000, 20_000], { content: CONTENT });
  await quick(server, folder).done;
  assert.deepEqual(ranges(server), [null, null, null]);
  Deno.removeSync(folder.file("file.bin"));
  await using again = cutting([20_000], { content: CONTENT });
  await quick(again, folder, { sha256: SHA256 }).done;
  assert.deepEqual(ranges(again), [null, "bytes=20000-"]);
});

Deno.test("pieces of two versions are found out by the checksum and fetched anew, once", async () => {
  using folder = new TemporaryFolder();
  const former = CONTENT.map((byte) => byte ^ 1);
  const answer = (asked: Asked, before: number): Answer =>
    before === 0
      ? { ...fileAnswer({ content: former }, asked), cutAfter: 20_000 }
      : fileAnswer({ content: CONTENT }, asked);
  await using server = new TestServer(answer);
  const { done, said } = quick(server, folder, { sha256: SHA256 });
  assert.equal((await done).sha256, SHA256);
  assert.deepEqual(ranges(server), [null, "bytes=20000-", null]);
  assert.match(said[1], /came in pieces is not the published file, its SHA-256 is/);
});

Deno.test("so is what an earlier run left of another version", async () => {
  using folder = new TemporaryFolder();
  Deno.writeFileSync(folder.file("file.bin.part"), new Uint8Array(20_000));
  await using server = new TestServer((asked) => fileAnswer({ content: CONTENT }, asked));
  assert.equal((await quick(server, folder, { sha256: SHA256 }).done).sha256, SHA256);
  assert.deepEqual(ranges(server), ["bytes=20000-", null]);
});

Deno.test("a wrong file in pieces is fetched twice and no third time", async () => {
  using folder = new TemporaryFolder();
  await using server = new TestServer((asked, before) => ({
    ...fileAnswer({ content: CONTENT, etag: ETAG }, asked),
    ...(before % 2 === 0 ? { cutAfter: 20_000 } : {}),
  }));
  const { done } = quick(server, folder, { sha256: "0".repeat(64) });
  await assert.rejects(done, /not the published file, .*it was removed/);
  assert.deepEqual(ranges(server), [null, "bytes=20000-", null, "bytes=20000-"]);
  assert.deepEqual(folder.names, []);
});

Deno.test("a server may send less of a range than was asked for", async () => {
  using folder = new TemporaryFolder();
  await using server = new TestServer(({ headers }) => {
    const from = Number(/\d+/.exec(headers.get("range") ?? "0")![0]);
    const body = CONTENT.subarray(from, from + 25_000), to = from + body.length - 1;
    return {
      status: 206,
      headers: { etag: ETAG, "content-range": `bytes ${from}-${to}/60000` },
      body,
    };
  });
  assert.equal((await quick(server, folder).done).sha256, SHA256);
  assert.deepEqual(ranges(server), [null, "bytes=25000-", "bytes=50000-"]);
});

Deno.test("another range than was asked for is not taken", async () => {
  using folder = new TemporaryFolder();
  await using server = new TestServer((asked, before) => {
    const answer = fileAnswer({ content: CONTENT, etag: ETAG }, asked);
    if (before === 0) return { ...answer, cutAfter: 20_000 };
    const range = { etag: ETAG, "content-range": "bytes 10000-59999/60000" };
    return before === 1 ? { ...answer, headers: range, body: CONTENT.subarray(10_000) } : answer;
  });
  const { done, said } = quick(server, folder);
  assert.equal((await done).sha256, SHA256);
  assert.match(said[1], /sent the range "bytes 10000-59999\/60000" where the rest from byte 20000/);
  assert.deepEqual(ranges(server), [null, "bytes=20000-", null]);
});

Deno.test("a part that is whole already is asked for and taken", async () => {
  using folder = new TemporaryFolder();
  await using server = cutting([20_000], { content: CONTENT, etag: ETAG });
  await assert.rejects(quick(server, folder, { attempts: 1 }).done);
  Deno.writeFileSync(folder.file("file.bin.part"), CONTENT);
  assert.equal((await quick(server, folder).done).sha256, SHA256);
  assert.deepEqual(ranges(server), [null, "bytes=60000-"]);
});

Deno.test("a part that is longer than the file begins anew", async () => {
  using folder = new TemporaryFolder();
  await using server = cutting([20_000], { content: CONTENT, etag: ETAG });
  await assert.rejects(quick(server, folder, { attempts: 1 }).done);
  Deno.writeFileSync(folder.file("file.bin.part"), new Uint8Array(70_000));
  assert.equal((await quick(server, folder).done).sha256, SHA256);
  assert.deepEqual(ranges(server), [null, "bytes=70000-", null]);
});

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

Deno.test("a file that is there is checked and kept, a wrong one not touched", async () => {
  using folder = new TemporaryFolder();
  await using server = new TestServer(() => ({ status: 500 }));
  Deno.writeFileSync(folder.file("file.bin"), CONTENT);
  assert.equal((await quick(server, folder, { sha256: SHA256 }).done).downloaded, false);
  const { done } = quick(server, folder, { sha256: "f".repeat(64) });
  await assert.rejects(done, /is there, but its SHA-256 .*: remove it, then it is downloaded/);
  assert.deepEqual(Deno.readFileSync(folder.file("file.bin")), CONTENT);
  assert.equal(server.asked.length, 0);
});

Deno.test("a download can be stopped, and goes on another time", async () => {
  using folder = new TemporaryFolder();
  const stop = new AbortController();
  await using server = new TestServer((asked, before) => ({
    ...fileAnswer({ content: CONTENT, etag: ETAG }, asked),
    ...(before === 0 ? { cutAfter: 20_000, stall: true } : {}),
  }));
  const { done } = quick(server, folder, { signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 300);
  await assert.rejects(done, /^Error: enough$/);
  await quick(server, folder).done;
  assert.deepEqual(ranges(server), [null, "bytes=20000-"]);
});
