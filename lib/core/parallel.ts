/**
 * Work on all cores: a list of items, a module that handles one of them, a pool of workers.
 *
 * The worker's module calls `serveTasks(handle)`; the caller awaits `parallelMap(url, items)`.
 */

/** What became of one item: its value, or why there is none. */
export type Outcome<O> = { ok: true; value: O } | { ok: false; error: string };

interface Reply<O> {
  index: number;
  outcome: Outcome<O>;
}

/** Options of {@link parallelMap}. */
export interface ParallelOptions {
  /** Workers at the most. Default: one a core. */
  workers?: number;
  /** Called after every finished item. */
  onProgress?: (finished: number, total: number) => void;
}

/**
 * Handles every item in a pool of workers and returns the outcomes in the order of the items. An item
 * that throws is an outcome, not an end: the caller skips, counts and names it.
 *
 * @param module the worker's module, e.g. `new URL("./mel_worker.ts", import.meta.url)`
 * @throws Error when a worker itself dies (its module does not load, it runs out of memory)
 */
export async function parallelMap<I, O>(
  module: URL,
  items: readonly I[],
  { workers = navigator.hardwareConcurrency, onProgress }: ParallelOptions = {},
): Promise<Outcome<O>[]> {
  const outcomes = new Array<Outcome<O>>(items.length);
  let next = 0, finished = 0;
  const pool: Worker[] = [];
  const run = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(module, { type: "module" });
      pool.push(worker);
      let given = 0;
      const feed = () => {
        // an item waits in the worker while another is handled, so that no core waits for us; not the last ones, which
        // whoever is free first should have
        while (next < items.length && given < (items.length - next > workers ? 2 : 1)) {
          const index = next++;
          worker.postMessage({ index, item: items[index] });
          given++;
        }
        if (given === 0) resolve();
      };
      worker.onmessage = ({ data }: MessageEvent<Reply<O>>) => {
        given--;
        outcomes[data.index] = data.outcome;
        onProgress?.(++finished, items.length);
        feed();
      };
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(`worker ${module.pathname.split("/").at(-1)} died: ${event.message}`));
      };
      feed();
    });
  try {
    await Promise.all(Array.from({ length: Math.min(workers, items.length) }, run));
  } finally {
    for (const worker of pool) worker.terminate();
  }
  return outcomes;
}

/** An item's value, and the buffers that may be moved rather than copied. */
interface Answer<O> {
  value: O;
  transfer?: Transferable[];
}

/** The worker's side of {@link parallelMap}: handles items one after the other. */
export function serveTasks<I, O>(
  handle: (item: I) => Answer<O> | Promise<Answer<O>>,
): void {
  const scope = self as unknown as Worker;
  const answer = async ({ index, item }: { index: number; item: I }) => {
    try {
      const { value, transfer = [] } = await handle(item);
      scope.postMessage({ index, outcome: { ok: true, value } }, transfer);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      scope.postMessage({ index, outcome: { ok: false, error: message } });
    }
  };
  let turn = Promise.resolve();
  scope.onmessage = ({ data }: MessageEvent<{ index: number; item: I }>) => {
    turn = turn.then(() => answer(data));
  };
}
