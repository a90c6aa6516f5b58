/** Locks on folders, between processes and within one. They are the operating system's: they go when their owner dies, and leave no file. */

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
