/** A peer: a Python program that measures when it is told to, so that ours and its turns can alternate. */
import { projectPath } from "../lib/core/paths.ts";
import { type OutputLine, TextLineStream } from "../lib/notebook/lines.ts";

/** Runs `bench/peers/<script>`: it prints its name, then answers each line of its input with a JSON list of milliseconds. */
export class Peer {
  readonly name: string;
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<OutputLine>;

  private constructor(
    name: string,
    child: Deno.ChildProcess,
    lines: ReadableStreamDefaultReader<OutputLine>,
  ) {
    this.name = name;
    this.#child = child;
    this.#writer = child.stdin.getWriter();
    this.#lines = lines;
  }

  /** @throws Error when the peer does not start, e.g. because a package is missing */
  static async start(script: string, args: string[] = []): Promise<Peer> {
    // settings that are made for another OpenBLAS slow the peers down
    const { OPENBLAS_CORETYPE: _type, OPENBLAS_L2_SIZE: _size, ...env } = Deno.env.toObject();
    const child = new Deno.Command(await peerPython(), {
      args: [projectPath("bench", "peers", script), ...args],
      env,
      clearEnv: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const lines = child.stdout.pipeThrough(new TextLineStream())
      .getReader();
    const { value, done } = await lines.read();
    if (done) throw new Error(`the peer ${script} did not start`);
    return new Peer(value.text, child, lines);
  }

  /** Has the peer measure something. @returns milliseconds of its repetitions */
  measure(what: string): Promise<number[]> {
    return this.ask(what);
  }

  /** Sends a line. @returns what the peer's answer says, in JSON */
  async ask<T>(line: string): Promise<T> {
    await this.#writer.write(new TextEncoder().encode(line + "\n"));
    const { value, done } = await this.#lines.read();
    if (done) throw new Error(`the peer ${this.name} ended at "${line}"`);
    return JSON.parse(value.text);
  }

  async stop(): Promise<void> {
    await this.#writer.close();
    await this.#child.status;
  }
}

/** The peers' own Python: `LUMEN_BENCH_PYTHON`, or an environment that is made at the first benchmark. */
async function peerPython(): Promise<string> {
  const given = Deno.env.get("LUMEN_BENCH_PYTHON");
  if (given) return given;
  const folder = projectPath(".venv", "bench"), python = `${folder}/bin/python`;
  const stamp = `${folder}/installed.txt`;
  const requirements = projectPath("bench", "requirements.txt");
  const wanted = Deno.readTextFileSync(requirements);
  try {
    if (Deno.readTextFileSync(stamp) === wanted) return python;
  } catch { /* not made yet, or not to its end */ }
  console.error("installing the peers (PyTorch, librosa: about 5 GB, once) ...");
  const base = Deno.env.get("LUMEN_PYTHON") || projectPath(".venv", "bin", "python");
  await run(base, ["-m", "venv", "--clear", folder]);
  // the list is resolved, and pip would not accept what torchaudio says of PyTorch
  const options = ["--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"];
  await run(python, ["-m", "pip", "install", ...options, "--requirement", requirements]);
  Deno.writeTextFileSync(stamp, wanted);
  return python;
}

async function run(program: string, args: string[]): Promise<void> {
  const { success } = await new Deno.Command(program, {
    args,
    stdout: "inherit",
    stderr: "inherit",
  })
    .spawn().status;
  if (!success) throw new Error(`${program} ${args.join(" ")} failed`);
}

/** The middle one; the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b), half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
