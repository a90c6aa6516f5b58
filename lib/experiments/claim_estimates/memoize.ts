/** A function without arguments that is evaluated once. */
export function memoize<T>(compute: () => T): () => T {
  let kept: { value: T } | undefined;
  return () => (kept ??= { value: compute() }).value;
}
