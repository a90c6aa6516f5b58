/** A connection that is given up when nothing comes. */
import { PassingFailure, rootMessage } from "./failure.ts";

/** One request and its answer, each step of which may take some seconds and no more. */
export class Line implements Disposable {
  readonly #abort = new AbortController();
  readonly #stallSeconds: number;
  readonly #signal: AbortSignal;
  readonly #caller?: AbortSignal;
  #body?: ReadableStreamDefaultReader<Uint8Array>;

  constructor({ stallSeconds, signal }: { stallSeconds: number; signal?: AbortSignal }) {
    this.#stallSeconds = stallSeconds;
    this.#caller = signal;
    this.#signal = signal ? AbortSignal.any([signal, this.#abort.signal]) : this.#abort.signal;
  }

  /** Sends the request and waits for the head of the answer. */
  async open(url: string, headers: Record<string, string>): Promise<Response> {
    const response = await this.#wait(
      "cannot reach the server",
      () => fetch(url, { headers, signal: this.#signal }),
    );
    this.#body = response.body?.getReader();
    return response;
  }

  /** The next bytes; nothing at the end. */
  async read(): Promise<Uint8Array | undefined> {
    const body = this.#body;
    return body && (await this.#wait("the connection was lost", () => body.read())).value;
  }

  async #wait<T>(failure: string, work: () => Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.#abort.abort(), this.#stallSeconds * 1000);
    try {
      return await work();
    } catch (error) {
      this.#caller?.throwIfAborted();
      const reason = this.#abort.signal.aborted
        ? `nothing came for ${this.#stallSeconds} s`
        : rootMessage(error);
      throw new PassingFailure(`${failure} (${reason})`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  [Symbol.dispose](): void {
    this.#abort.abort();
  }
}
