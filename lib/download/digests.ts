/** Checksums of a file that is read or written piece by piece. */
import { createHash } from "node:crypto";
import { showByteProgress } from "../core/byte_progress.ts";

/** A file's size in bytes and its checksums in lower-case hex. */
export interface Digests {
  bytes: number;
  md5: string;
  sha256: string;
}

/** What is known of a file before it is there: each of it is checked. */
export interface Expected {
  /** Bytes. */
  size?: number;
  /** Hex, upper or lower case. */
  md5?: string;
  sha256?: string;
}

/** Bytes that are read and summed in well under two seconds, so that nobody waits for a sign of life. */
const SOON_READ = 2e8;

/** Takes bytes in their order and gives the checksums of all so far. */
export class Digester {
  #bytes = 0;
  #md5 = createHash("md5");
  #sha256 = createHash("sha256");

  update(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    this.#md5.update(bytes);
    this.#sha256.update(bytes);
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Checksums so far. */
  get digests(): Digests {
    return {
      bytes: this.#bytes,
      md5: this.#md5.copy().digest("hex"),
      sha256: this.#sha256.copy().digest("hex"),
    };
  }
}

/**
 * Reads an open file from where it stands to its end.
 *
 * @param label what the progress says
 * @returns the checksums, ready to take more
 */
export async function digestRest(
  file: Deno.FsFile,
  { label, signal }: { label: string; signal?: AbortSignal },
): Promise<Digester> {
  const digester = new Digester(), buffer = new Uint8Array(1 << 20);
  const { size } = await file.stat();
  const progress = size > SOON_READ ? showByteProgress(label, size) : undefined;
  for (let read; (read = await file.read(buffer)) !== null;) {
    signal?.throwIfAborted();
    digester.update(buffer.subarray(0, read));
    progress?.update(digester.bytes);
  }
  progress?.done();
  return digester;
}

/** What differs from what was expected, as half a sentence; nothing where all is as it should be. */
export function difference(found: Digests, expected: Expected): string | undefined {
  if (expected.size !== undefined && found.bytes !== expected.size) {
    return `it has ${found.bytes} bytes, not ${expected.size}`;
  }
  for (const [name, kind] of [["MD5", "md5"], ["SHA-256", "sha256"]] as const) {
    const wanted = expected[kind]?.toLowerCase();
    if (wanted !== undefined && found[kind] !== wanted) {
      return `its ${name} is ${found[kind]}, not ${wanted}`;
    }
  }
}
