/** Calls of the decoders that are WebAssembly. */

/**
 * Calls a decoder: what it throws, and what it tells the console, becomes one clear error. The console because that is
 * all that mpg123's wrapper does with an error before it goes on, for some errors without end.
 *
 * @throws Error when the decoder gives up; its instance is not to be used again
 */
export function callDecoder<T>(call: () => T): T {
  const { error } = console;
  console.error = (...message: unknown[]) => {
    throw new Error(message.join(" "));
  };
  try {
    return call();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`it is damaged: its decoder gives up (${reason.trim()})`, { cause });
  } finally {
    console.error = error;
  }
}
