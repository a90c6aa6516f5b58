import assert from "node:assert/strict";
import { projectPath } from "lib/core/paths.ts";
import { progressBundle, runWithProgress, shareDone } from "lib/notebook/child.ts";
import { TextLineStream } from "lib/notebook/lines.ts";

const script = (code: string) => ["eval", code] as const;

Deno.test("a child's lines come back, those of both streams", async () => {
  const { lines, stopped } = await runWithProgress(
    Deno.execPath(),
    script(`console.log("one"); console.error("two: 1/2"); console.log(Deno.env.get("COLOUR"))`),
    { env: { COLOUR: "blue" } },
  );
  assert.deepEqual([lines.toSorted(), stopped], [["blue", "one", "two: 1/2"], false]);
});

Deno.test("a child that fails is an error with its command, code and last lines", async () => {
  const run = runWithProgress(
    Deno.execPath(),
    script(`console.error("no such file: x.wav"); Deno.exit(3)`),
    { label: "training" },
  );
  await assert.rejects(run, /training failed \(code 3\): .*eval[^]*no such file: x\.wav/);
});

Deno.test("an interrupt of which the child ends first does not end this process", async () => {
  const { signal, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", projectPath("tests", "notebook", "told_late.ts")],
    cwd: projectPath(),
  }).output();
  assert.equal(signal, null);
  assert.match(new TextDecoder().decode(stdout), /^stopped true$/m);
});

Deno.test("a command that does not exist is an error, and leaves no timer behind", async () => {
  await assert.rejects(runWithProgress("no-such-program", []), /no-such-program/);
});

async function linesOf(...chunks: string[]): Promise<string[]> {
  const bytes = chunks.map((chunk) => new TextEncoder().encode(chunk));
  const lines: string[] = [];
  for await (const line of ReadableStream.from(bytes).pipeThrough(new TextLineStream())) {
    if (line.replaces) lines.pop();
    lines.push(line.text);
  }
  return lines;
}

Deno.test("lines are split wherever the chunks are cut", async () => {
  assert.deepEqual(await linesOf("a", "b\nc\r", "\nd"), ["ab", "c", "d"]);
  const [first, second] = ["épo", "que\n"].map((t) => t);
  assert.deepEqual(await linesOf(first, second), ["époque"]);
});

Deno.test("progress that rewrites its line stays one line, in its last state", async () => {
  assert.deepEqual(
    await linesOf("start\n", "\r\u001b[K1/3", "\r\u001b[K2/3", "\r\u001b[K3/3\n", "end\n"),
    ["start", "3/3", "end"],
  );
});

Deno.test("the share done is that of the last line that counts", () => {
  assert.equal(shareDone(["a: 1/4", "b: 3/4 (0:10)", "loss 0.5"]), 0.75);
  assert.equal(shareDone(["lr 1/4", "a: 3/0"]), undefined);
});

Deno.test("progress is shown as text and as HTML that shows lines as they are", () => {
  const { data } = progressBundle(["a: 1/2", "<b>"], "training: running");
  assert.equal(data["text/plain"], "training: running\na: 1/2\n<b>");
  assert.match(String(data["text/html"]), /value="0\.500"[^]*&lt;b&gt;/);
});
