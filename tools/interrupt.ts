/** Ctrl-C, for commands whose work can be taken up again. */

/** Ends the process at the first signal, or, while something can stop properly, at the second one. */
export class Interrupts {
  readonly #advice: string;
  #stop?: AbortController;

  /** @param advice what to do to go on, e.g. "the same command goes on" */
  constructor(advice: string) {
    this.#advice = advice;
    Deno.addSignalListener("SIGINT", () => {
      if (!this.#stop || this.#stop.signal.aborted) this.exit();
      console.error("stopping after this step; Ctrl-C again ends at once");
      this.#stop.abort();
    });
  }

  /** Does some work that ends by itself when its signal comes. */
  async stoppable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#stop = new AbortController();
    try {
      return await work(this.#stop.signal);
    } finally {
      this.#stop = undefined;
    }
  }

  /** Says how to go on and ends with status 130. */
  exit(): never {
    console.error(`stopped; ${this.#advice}`);
    Deno.exit(130);
  }
}
