/** Progress, wherever the program runs: a bar on a terminal, a line now and then in a log, a live cell output in a notebook. */
import { Presets, SingleBar } from "cli-progress";
import { type Jupyter, jupyter } from "./jupyter.ts";

/** A running task's progress. */
export interface Progress {
  /** Sets the number of finished units and a short note (loss, file name). */
  update(finished: number, note?: string): void;
  /** Ends the display, at the last number of finished units. */
  done(note?: string): void;
}

const clock = (seconds: number) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/**
 * The time that a task still needs, at the pace that it had.
 *
 * @param seconds that it has taken so far
 * @param units.start units that were finished when it was taken up; Infinity comes back where none was finished since
 */
export function secondsLeft(
  seconds: number,
  { start, finished, total }: { start: number; finished: number; total: number },
): number {
  return finished > start ? seconds / (finished - start) * (total - finished) : Infinity;
}

/**
 * Shows the progress of a task of `total` units.
 *
 * @param label what is being done, e.g. "rendering demo audio"
 * @param total undefined where nobody knows it: lines without a remaining time, on a terminal too
 * @param options.start units that are finished already, of a task that is taken up again. Default: 0
 * @param options.format how a number of units is written. Default: its digits
 */
export function showProgress(
  label: string,
  total: number | undefined,
  { start = 0, format = String }: { start?: number; format?: (units: number) => string } = {},
): Progress {
  const begun = performance.now();
  const line = (finished: number, note: string) => {
    const seconds = (performance.now() - begun) / 1000;
    const rest = total === undefined ? Infinity : secondsLeft(seconds, { start, finished, total });
    const left = rest < Infinity ? `, ${clock(rest)} left` : "";
    const all = total === undefined ? "" : `/${format(total)}`;
    return `${label}: ${format(finished)}${all} (${clock(seconds)}${left})${note && `  ${note}`}`;
  };
  const notebook = jupyter();
  if (notebook) return notebookProgress(notebook, { line, start });
  if (total !== undefined && Deno.stderr.isTerminal()) {
    return barProgress(label, { total, start, format });
  }
  return logProgress(line, start);
}

function barProgress(
  label: string,
  { total, start, format }: { total: number; start: number; format: (units: number) => string },
): Progress {
  const bar = new SingleBar({
    format: `${label} {bar} {finished}/${format(total)}  {eta_formatted} left  {note}`,
    hideCursor: true,
    etaBuffer: 50,
  }, Presets.shades_classic);
  bar.start(total, start, { finished: format(start), note: "" });
  return {
    update: (finished, note = "") => bar.update(finished, { finished: format(finished), note }),
    done(note = "") {
      bar.update({ note });
      bar.stop();
    },
  };
}

/** At most one line in ten seconds (or `LUMEN_PROGRESS_SECONDS`): logs are read afterwards. */
function logProgress(line: (finished: number, note: string) => string, start: number): Progress {
  const pause = 1000 * Number(Deno.env.get("LUMEN_PROGRESS_SECONDS") ?? 10);
  let last = performance.now(), latest = start;
  return {
    update(finished, note = "") {
      latest = finished;
      if (performance.now() - last < pause) return;
      last = performance.now();
      console.error(line(finished, note));
    },
    done: (note = "") => console.error(line(latest, note)),
  };
}

/** One output that is replaced in place, ten times a second at most. */
function notebookProgress(
  notebook: Jupyter,
  { line, start }: { line: (finished: number, note: string) => string; start: number },
): Progress {
  const id = crypto.randomUUID();
  let shown = 0, last = 0, latest = start;
  const show = (finished: number, note: string) => {
    const bundle = { "text/plain": line(finished, note) };
    notebook.display(bundle, { raw: true, display_id: id, update: shown++ > 0 });
  };
  return {
    update(finished, note = "") {
      latest = finished;
      if (performance.now() - last < 100) return;
      last = performance.now();
      show(finished, note);
    },
    done: (note = "") => show(latest, note),
  };
}
