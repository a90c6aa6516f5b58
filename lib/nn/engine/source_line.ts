/** Which line of ours asked for an operation. */

/** A place in the code, found only when somebody asks: taking it is cheap, reading it is not. */
export class SourceLine {
  readonly #trace = new Error();

  /** The first line that is neither the engine's nor a library's, as "file:line". */
  toString(): string {
    for (const line of (this.#trace.stack ?? "").split("\n").slice(1)) {
      if (/node_modules|\/lib\/nn\/engine\/|\b(ext|node|npm):/.test(line)) continue;
      const place = line.match(/(?:file:\/\/)?([^\s()]+):(\d+):\d+\)?$/);
      if (place) return `${place[1]}:${place[2]}`;
    }
    return "an unknown line";
  }
}

/** Stack traces reach from a kernel through tfjs's own dozen frames to our code. */
export function allowDeepTraces(): void {
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit, 40);
}
