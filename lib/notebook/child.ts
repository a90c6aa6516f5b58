/**
 * A long task as a child process whose progress is seen live in the cell.
 *
 * Long work does not run in the kernel: there an interrupt ends everything, and an error in a callback
 * hangs it. As a child it can be stopped (the notebook's stop button), and what it wrote stays.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parentEnvironment } from "../core/parent.ts";
import { TextLineStream } from "./lines.ts";
import { type Bundle, inNotebook, replace, send } from "./kernel.ts";
import { escapeHtml } from "../plots/table.ts";

/** Options of {@link runWithProgress}. */
export interface ChildOptions {
  /** What is being done, e.g. "training on demo audio". Default: the command. */
  label?: string;
  /** Working directory. */
  cwd?: string;
  /** Added to this process's environment. */
  env?: Record<string, string>;
  /** Last lines of the child that are shown. Default 6. */
  tail?: number;
}

/** How a child process ended. */
export interface ChildResult {
  /** Whether it was stopped by the notebook's stop button. */
  stopped: boolean;
  seconds: number;
  /** Everything it wrote, line by line; of a line that was rewritten in place, the last state. */
  lines: string[];
}

/**
 * Runs a command and shows the last lines it writes, and a bar where they count "label: 3/10", in one
 * output of the cell that is replaced in place. The notebook's stop button (an interrupt) stops the child
 * and leaves the kernel alive.
 *
 * @throws Error when the child ends with another code than 0 and was not stopped, with its last lines
 */
export async function runWithProgress(
  command: string,
  args: readonly string[],
  { label = command, cwd, env, tail = 6 }: ChildOptions = {},
): Promise<ChildResult> {
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  const lines: string[] = [];
  let dirty = true;
  const interrupted = new AbortController();
  // the terminal's or the kernel's process group gets the signal, so the child has it already
  const onInterrupt = () => interrupted.abort();
  Deno.addSignalListener("SIGINT", onInterrupt);
  const id = crypto.randomUUID();
  const picture = (state: string) => progressBundle(lines.slice(-tail), `${label}: ${state}`);
  let timer: ReturnType<typeof setInterval> | undefined;
  try {
    const child = new Deno.Command(command, {
      args: [...args],
      cwd,
      env: { LUMEN_PROGRESS_SECONDS: "1", NO_COLOR: "1", ...parentEnvironment(), ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await send(picture("started"), id);
    timer = setInterval(() => {
      if (!dirty) return;
      dirty = false;
      // an error in a timer would hang the kernel; a lost picture is replaced by the next one
      replace(picture(`running, ${clock(elapsed())}`), id).catch(() => {});
    }, 250);
    const read = async (stream: ReadableStream<Uint8Array>) => {
      let own = 0; // where this stream's last line stands among those of both
      for await (const { text, replaces } of stream.pipeThrough(new TextLineStream())) {
        if (replaces) lines[own] = text;
        else own = lines.push(text) - 1;
        dirty = true;
        if (!inNotebook() && !replaces) console.log(text);
      }
    };
    const [status] = await Promise.all([child.status, read(child.stdout), read(child.stderr)]);
    clearInterval(timer);
    const seconds = elapsed();
    // the child may have ended of an interrupt before this process was told of it, which would end of it without its listener
    const byInterrupt = status.signal === "SIGINT", patience = byInterrupt ? 2000 : 200;
    if (!status.success) {
      await sleep(patience, undefined, { signal: interrupted.signal }).catch(() => {});
    }
    const stopped = byInterrupt || interrupted.signal.aborted;
    if (status.success || stopped) {
      await replace(picture(stopped ? "stopped" : `done in ${clock(seconds)}`), id);
      return { stopped, seconds, lines };
    }
    await replace(picture("failed"), id);
    const reason = status.signal ?? `code ${status.code}`;
    throw new Error(
      `${label} failed (${reason}): ${[command, ...args].join(" ")}\n${
        lines.slice(-tail).join("\n")
      }`,
    );
  } finally {
    clearInterval(timer);
    Deno.removeSignalListener("SIGINT", onInterrupt);
  }
}

const clock = (seconds: number) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** The share that the last line counting "label: 3/10" gives, if any does. */
export function shareDone(lines: readonly string[]): number | undefined {
  for (const line of [...lines].reverse()) {
    const [, done, total] = line.match(/: (\d+)\/(\d+)\b/) ?? [];
    if (total && Number(total) > 0) return Math.min(1, Number(done) / Number(total));
  }
}

/** The state of a task as HTML with a bar, and as text. */
export function progressBundle(lines: readonly string[], headline: string): Bundle {
  const share = shareDone(lines);
  const bar = share === undefined
    ? ""
    : `<progress max="1" value="${share.toFixed(3)}"></progress>`;
  return {
    data: {
      "text/html": `<div><b>${escapeHtml(headline)}</b> ${bar}` +
        `<pre style="margin:0.3em 0">${escapeHtml(lines.join("\n"))}</pre></div>`,
      "text/plain": [headline, ...lines].join("\n"),
    },
  };
}
