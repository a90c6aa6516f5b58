/**
 * Work on all cores: a list of items, a module that handles one of them, a pool of workers.
 *
 * The worker's module calls `serveTasks(handle)`; the caller awaits `parallelMap(url, items)`.
 */

/** What became of one item: its value, or why there is none. */
export type Outcome<O> = { ok: true; value: O } | { ok: false; error: string };

/** An item, and what became of it, by its place among all. */
interface Task<I> {
  index: number;
  item: I;
}
interface Reply<O> {
  index: number;
  outcome: Outcome<O>;
}

/** Items that go into a message at the most, and milliseconds after which a worker tells what it has. */
const MOST_ITEMS = 16, TELL_AFTER = 50;

/** Options of {@link parallelMap}. */
export interface ParallelOptions {
  /** Workers at the most. Default: one a core. */
  workers?: number;
  /** Called as items are finished, not for each where they are quick. */
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
  /** Many at once while many are left, as messages take time; single ones at the end, so that all cores end together. */
  const share = () =>
    Math.max(1, Math.min(MOST_ITEMS, Math.floor((items.length - next) / (8 * workers))));
  const run = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(module, { type: "module" });
      pool.push(worker);
      let given = 0;
      const feed = () => {
        // while there are many, the next ones wait in the worker before the last are done: no core waits for us
        while (next < items.length && given < (share() > 1 ? 2 * share() : 1)) {
          const tasks = items.slice(next, next + share())
            .map((item, k): Task<I> => ({ index: next + k, item }));
          worker.postMessage(tasks);
          next += tasks.length;
          given += tasks.length;
        }
        if (given === 0) resolve();
      };
      worker.onmessage = ({ data }: MessageEvent<Reply<O>[]>) => {
        given -= data.length;
        for (const { index, outcome } of data) outcomes[index] = outcome;
        finished += data.length;
        onProgress?.(finished, items.length);
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
  const scope = self as unknown as Worker, queue: Task<I>[] = [];
  const outcomeOf = async (item: I, moved: Transferable[]): Promise<Outcome<O>> => {
    try {
      const { value, transfer = [] } = await handle(item);
      moved.push(...transfer);
      return { ok: true, value };
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error.message : String(error) };
    }
  };
  let working = false;
  scope.onmessage = async ({ data }: MessageEvent<Task<I>[]>) => {
    queue.push(...data);
    if (working) return;
    working = true;
    let replies: Reply<O>[] = [], moved: Transferable[] = [], told = performance.now();
    for (let task = queue.shift(); task; task = queue.shift()) {
      replies.push({ index: task.index, outcome: await outcomeOf(task.item, moved) });
      if (queue.length > 0 && performance.now() - told < TELL_AFTER) continue;
      scope.postMessage(replies, moved);
      [replies, moved, told] = [[], [], performance.now()];
    }
    working = false;
  };
}
