/** Keeps C libraries from writing to the standard error where no setting of theirs does: libmpg123 in libsndfile. */

const cString = (text: string) => new TextEncoder().encode(`${text}\0`);

/**
 * The variable `stderr` of the C library, what it should point to, and a stream that leads nowhere; undefined where
 * they are not found, since nothing but quiet depends on them.
 */
function findStreams(): { variable: BigUint64Array; real: bigint; nowhere: bigint } | undefined {
  const mac = Deno.build.os === "darwin";
  try {
    const { dlsym } = Deno.dlopen(mac ? "libSystem.B.dylib" : "libdl.so.2", {
      dlsym: { parameters: ["pointer", "buffer"], result: "pointer" },
    }).symbols;
    const { fopen } = Deno.dlopen(mac ? "libSystem.B.dylib" : "libc.so.6", {
      fopen: { parameters: ["buffer", "buffer"], result: "pointer" },
    }).symbols;
    const address = dlsym(null, cString(mac ? "__stderrp" : "stderr"));
    const nowhere = fopen(cString("/dev/null"), cString("w"));
    if (address === null || nowhere === null) return undefined;
    const variable = new BigUint64Array(Deno.UnsafePointerView.getArrayBuffer(address, 8));
    // another thread may be keeping it quiet just now: where the C library names the stream itself, we go by that
    const stream = mac ? null : dlsym(null, cString("_IO_2_1_stderr_"));
    const real = stream === null ? variable[0] : BigInt(Deno.UnsafePointer.value(stream));
    return { variable, real, nowhere: BigInt(Deno.UnsafePointer.value(nowhere)) };
  } catch {
    return undefined;
  }
}

let streams: ReturnType<typeof findStreams>, searched = false;

/**
 * Runs an action during which C code's standard error leads nowhere, in this thread and, where they write at the same
 * time, in others. What we write ourselves does not go through it.
 */
export function silenced<T>(action: () => T): T {
  if (!searched) streams = findStreams();
  searched = true;
  if (!streams) return action();
  streams.variable[0] = streams.nowhere;
  try {
    return action();
  } finally {
    streams.variable[0] = streams.real;
  }
}
