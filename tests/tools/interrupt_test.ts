import assert from "node:assert/strict";
import { projectPath } from "lib/core/paths.ts";

/** Runs interrupted.ts and interrupts it, once it is under way. */
async function interrupt(kind: string, times: number) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", projectPath("tests", "tools", "interrupted.ts"), kind],
    cwd: projectPath(),
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(60_000), // it ended by itself, and soon
  }).spawn();
  const stderr = new Response(child.stderr).text();
  let stdout = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    stdout += text;
    if (text.includes("ready")) {
      for (let k = 0; k < times; k++) {
        child.kill("SIGINT");
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    }
  }
  const { code } = await child.status;
  return { code, stdout, stderr: await stderr };
}

const GOES_ON = "stopped; the same command goes on\n";
const STOPPING = "stopping after this step; Ctrl-C again ends at once\n";

Deno.test("Ctrl-C lets a training step end, a second one does not", async () => {
  assert.deepEqual(await interrupt("training", 1), {
    code: 130,
    stdout: "ready\ncame to its end\n",
    stderr: STOPPING + GOES_ON,
  });
  assert.deepEqual(await interrupt("hanging", 2), {
    code: 130,
    stdout: "ready\n",
    stderr: STOPPING + GOES_ON,
  });
});

Deno.test("Ctrl-C ends at once what cannot stop by itself", async () => {
  assert.deepEqual(await interrupt("loading", 1), {
    code: 130,
    stdout: "ready\n",
    stderr: GOES_ON,
  });
});

Deno.test({
  name: "Ctrl-C ends what is being evaluated: the library that computes is not taken down under it",
  ignore: Deno.build.os !== "linux",
  async fn() {
    assert.deepEqual(await interrupt("evaluating", 1), {
      code: 130,
      stdout: "ready\ncame to its end\n",
      stderr: STOPPING + GOES_ON,
    });
  },
});
