/** Locks on folders, between processes and within one. They are the operating system's: they go when their owner dies, and leave no file. */
import { pause } from "./pause.ts";

function open(folder: string): Deno.FsFile {
  Deno.mkdirSync(folder, { recursive: true });
  return Deno.openSync(folder);
}

/** Waits until a folder is nobody else's, and holds it until the result is disposed of. The folder is made where it is not there. */
export function lockFolder(folder: string): Disposable {
  const handle = open(folder);
  handle.lockSync(true);
  return handle;
}

/** As {@link lockFolder}, but gives nothing where somebody else holds the folder. */
export function tryLockFolder(folder: string): Disposable | undefined {
  const handle = open(folder);
  if (handle.tryLockSync(true)) return handle;
  handle.close();
}

/**
 * Waits for a lock without holding up the rest of the process.
 *
 * @param attempt gives the lock, or nothing where somebody else has it
 * @param options.onWait called once, when the first attempt gave nothing
 * @throws the signal's reason, when it comes while waiting
 */
export async function waitForLock<Lock extends Disposable>(
  attempt: () => Lock | undefined,
  { onWait, signal }: { onWait?: () => void; signal?: AbortSignal } = {},
): Promise<Lock> {
  let lock = attempt();
  if (!lock) onWait?.();
  while (!lock) {
    await pause(0.2, signal);
    lock = attempt();
  }
  return lock;
}
