/** Things that are costly to make and hold working memory: made once, lent, and taken back. */

/** Lends things by key. Whoever asks while one is lent gets another: work inside work does no harm. */
export class Pool<Key, Item> {
  readonly #make: (key: Key) => Item;
  readonly #idle = new Map<Key, Item[]>();

  constructor(make: (key: Key) => Item) {
    this.#make = make;
  }

  /** Lends an item to some work and returns what the work gives. */
  with<T>(key: Key, work: (item: Item) => T): T {
    const idle = this.#idle.get(key) ?? [];
    this.#idle.set(key, idle);
    const item = idle.pop() ?? this.#make(key);
    try {
      return work(item);
    } finally {
      idle.push(item);
    }
  }
}
