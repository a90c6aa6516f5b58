/** Bits, the most significant first. */

/** Reads a file bit by bit from any byte on. Beyond the end it throws a RangeError. */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Where the next bit is: its byte, and its place in it, 0 to 7. */
  #byte: number;
  #bit = 0;

  /** @param start the byte to begin with */
  constructor(bytes: Uint8Array, start = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#byte = start;
  }

  /** The byte that the next bit is in. */
  get byte(): number {
    return this.#byte;
  }

  /** Goes on to the next byte, unless at the beginning of one. */
  align(): void {
    this.#advance(-this.#bit & 7);
  }

  /** The next bits, 25 at least, at the top of 32; beyond the end there are zeros. */
  #word(): number {
    return wordAt(this.#view, this.#byte) << this.#bit;
  }

  #advance(bits: number): void {
    const end = this.#bit + bits;
    this.#byte += end >> 3;
    this.#bit = end & 7;
    if (this.#byte + (this.#bit > 0 ? 1 : 0) > this.#bytes.length) {
      throw new RangeError("it ends too early");
    }
  }

  /** An unsigned number of 0 to 25 bits. */
  unsigned(bits: number): number {
    if (bits === 0) return 0;
    const word = this.#word();
    this.#advance(bits);
    return word >>> 32 - bits;
  }

  /** A number of 0 to 25 bits in two's complement. */
  signed(bits: number): number {
    const unused = 32 - bits;
    return this.unsigned(bits) << unused >> unused;
  }

  /** How many zeros come before the next one, which is read too. */
  unary(): number {
    for (let zeros = 0;; zeros += 25) {
      const here = Math.clz32(this.#word());
      if (here < 25) {
        this.#advance(here + 1);
        return zeros + here;
      }
      this.#advance(25);
    }
  }

  /**
   * Numbers in Rice's code (1979): what is above the lowest `parameter` bits in unary, then those bits. Even numbers
   * stand for 0, 1, 2 ..., odd ones for -1, -2, -3 ...
   */
  rice(
    into: Int32Array,
    { from, to, parameter }: { from: number; to: number; parameter: number },
  ): void {
    const view = this.#view;
    let byte = this.#byte, bit = this.#bit;
    for (let k = from; k < to; k++) {
      const word = wordAt(view, byte) << bit;
      const zeros = Math.clz32(word), used = zeros + 1 + parameter;
      let folded: number;
      if (used <= 25) {
        folded = zeros << parameter | word << zeros + 1 >>> 1 >>> 31 - parameter;
        bit += used;
        byte += bit >> 3;
        bit &= 7;
      } else {
        this.#byte = byte;
        this.#bit = bit;
        const high = this.unary(), middle = Math.max(0, parameter - 16);
        folded = (high << middle | this.unsigned(middle)) << parameter - middle |
          this.unsigned(parameter - middle);
        byte = this.#byte;
        bit = this.#bit;
      }
      into[k] = folded >>> 1 ^ -(folded & 1);
    }
    this.#byte = byte;
    this.#bit = bit;
    this.#advance(0);
  }
}

/** Four bytes from one on, the first as the most significant; beyond the end there are zeros. */
function wordAt(view: DataView, byte: number): number {
  if (byte <= view.byteLength - 4) return view.getInt32(byte);
  let word = 0;
  for (let k = byte; k < byte + 4; k++) {
    word = word << 8 | (k < view.byteLength ? view.getUint8(k) : 0);
  }
  return word;
}
