/** Calls of the decoders that are WebAssembly. */

/**
 * Calls a decoder: what it throws, and what it tells the console, becomes one clear error. The console because that is
 * where mpg123's wrapper puts an error before it goes on with the data.
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
