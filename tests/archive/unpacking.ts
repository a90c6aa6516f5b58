/** Unpacking in tests: an archive in a folder of its own, and what came out; or that it was refused. */
import assert from "node:assert/strict";
import type { Unpacked, UnpackOptions } from "lib/archive/unpack.ts";
import { TemporaryFolder } from "../temporary_folder.ts";
import { filesBelow } from "./files_below.ts";

/**
 * @param name of the archive's file
 * @param refusal what every error says around its reason
 */
export function unpackingBy(
  unpackFile: (path: string, options: UnpackOptions) => Promise<Unpacked>,
  { name, refusal }: { name: string; refusal: RegExp },
) {
  /** Unpacks bytes as an archive into a folder, whose files come back by their path. */
  async function unpack(
    folder: TemporaryFolder,
    archive: Uint8Array,
    options: Partial<UnpackOptions> = {},
  ) {
    const path = folder.file(name), to = folder.file("out");
    Deno.writeFileSync(path, archive);
    const result = await unpackFile(path, { to, ...options });
    return { ...result, there: filesBelow(to) };
  }

  /** That an archive is refused, with a sentence, and nothing is left of it. */
  async function refused(
    archive: Uint8Array,
    sentence: RegExp,
    options: Partial<UnpackOptions> = {},
  ): Promise<void> {
    using folder = new TemporaryFolder();
    await assert.rejects(unpack(folder, archive, options), (error: Error) => {
      assert.match(error.message, refusal);
      assert.match(error.message, sentence);
      return true;
    });
    assert.deepEqual(folder.names, [name]);
  }

  return { unpack, refused };
}
