/** The cyclic redundancy checks of FLAC (RFC 9639, section 9) and Ogg (RFC 3533, section 6): no reflection, from 0. */

/** For each byte, what it leaves in a register of some bits. */
function tableOf(polynomial: number, bits: number): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let register = byte << 24;
    for (let k = 0; k < 8; k++) {
      register = register << 1 ^ (register < 0 ? polynomial << 32 - bits : 0);
    }
    return register >>> 32 - bits;
  });
}

const TABLE_8 = tableOf(0x07, 8),
  TABLE_16 = tableOf(0x8005, 16),
  TABLE_32 = tableOf(0x04c11db7, 32);

/** Of bytes from one place to before another, as {@link crc16}. */
export function crc8(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let k = from; k < to; k++) crc = TABLE_8[crc ^ bytes[k]];
  return crc;
}

/** What a byte leaves that one, two or three others follow: four are done at once ("slicing", Kounavis, 2005). */
const [TABLE_16_1, TABLE_16_2, TABLE_16_3] = [1, 2, 3].map((following) =>
  TABLE_16.map((left) => {
    for (let k = 0; k < following; k++) left = (left << 8 & 0xffff) ^ TABLE_16[left >> 8];
    return left;
  })
);

/** Of bytes from one place to before another. */
export function crc16(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0, k = from;
  for (; k + 3 < to; k += 4) {
    crc = TABLE_16_3[bytes[k] ^ crc >> 8] ^ TABLE_16_2[bytes[k + 1] ^ crc & 255] ^
      TABLE_16_1[bytes[k + 2]] ^ TABLE_16[bytes[k + 3]];
  }
  for (; k < to; k++) crc = (crc << 8 & 0xffff) ^ TABLE_16[crc >> 8 ^ bytes[k]];
  return crc;
}

/**
 * Of pieces that follow each other.
 *
 * @returns 0 to 2^32 - 1
 */
export function crc32(pieces: readonly Uint8Array[]): number {
  let crc = 0;
  for (const bytes of pieces) {
    for (let k = 0; k < bytes.length; k++) crc = crc << 8 ^ TABLE_32[crc >>> 24 ^ bytes[k]];
  }
  return crc >>> 0;
}
