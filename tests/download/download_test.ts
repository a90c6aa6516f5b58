import assert from "node:assert/strict";
import { TemporaryFolder } from "../temporary_folder.ts";
import { CONTENT, ETAG, quick, ranges, SHA256 } from "./quick.ts";
import { type Answer, type Asked, fileAnswer, type ServedFile, TestServer } from "./server.ts";

const LAST_MODIFIED = "Wed, 21 Oct 2015 07:28:00 GMT";

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
