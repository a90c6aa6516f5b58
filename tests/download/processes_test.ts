import assert from "node:assert/strict";
import { projectPath } from "lib/core/paths.ts";
import { download } from "lib/download/download.ts";
import { TemporaryFolder } from "../temporary_folder.ts";
import { fileAnswer, TestServer } from "./server.ts";

const CONTENT = crypto.getRandomValues(new Uint8Array(60_000));
const FILE = { content: CONTENT, etag: '"a"' };

/** Waits until something holds, half a minute at most. */
async function until(holds: () => boolean): Promise<void> {
  for (const begun = performance.now(); !holds();) {
    assert.ok(performance.now() - begun < 30_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function startDownloader(url: string, to: string): Deno.ChildProcess {
  const program = projectPath("tests", "download", "downloader.ts");
  const args = ["run", "--quiet", "--no-check", "--permission-set=lumen", program, url, to];
  return new Deno.Command(Deno.execPath(), {
    args,
    cwd: projectPath(),
    stdout: "null",
    stderr: "null",
  }).spawn();
}

Deno.test("of two that download the same file one does, the other waits and takes it", async () => {
  using folder = new TemporaryFolder();
  await using server = new TestServer((asked) => fileAnswer(FILE, asked));
  const said: string[] = [];
  const options = { url: server.url("a"), to: folder.file("a"), say: (s: string) => said.push(s) };
  const results = await Promise.all([download(options), download(options)]);
  assert.deepEqual(results.map(({ downloaded }) => downloaded).sort(), [false, true]);
  assert.equal(server.asked.length, 1);
  assert.deepEqual(said, ["a: another process is downloading it, waiting for that"]);
  assert.deepEqual(folder.names, ["a"]);
});

Deno.test("when a downloading process is killed, the one that waits goes on where it was", async () => {
  using folder = new TemporaryFolder();
  await using server = new TestServer((asked, before) => ({
    ...fileAnswer(FILE, asked),
    ...(before === 0 ? { cutAfter: 20_000, stall: true } : {}),
  }));
  const to = folder.file("a"), part = folder.file("a.part");
  const child = startDownloader(server.url("a"), to);
  await until(() => folder.names.includes("a.part") && Deno.statSync(part).size === 20_000);
  const said: string[] = [];
  const done = download({ url: server.url("a"), to, say: (line) => said.push(line) });
  await until(() => said.length === 1);
  assert.equal(server.asked.length, 1);
  child.kill("SIGKILL");
  await child.status;
  assert.equal((await done).downloaded, true);
  assert.deepEqual(Deno.readFileSync(to), CONTENT);
  assert.equal(server.asked[1].headers.get("range"), "bytes=20000-");
});
