/** What tests download, and how: without waiting. */
import { createHash } from "node:crypto";
import { download, type DownloadOptions } from "lib/download/download.ts";
import type { TemporaryFolder } from "../temporary_folder.ts";
import type { TestServer } from "./server.ts";

/** Bytes without a pattern: a part that is put in the wrong place does not go unnoticed. */
export const CONTENT = crypto.getRandomValues(new Uint8Array(60_000));
/** Its checksum. */
export const SHA256 = createHash("sha256").update(CONTENT).digest("hex");
/** What a server may call it. */
export const ETAG = '"first"';

/** A download with pauses for tests, and what it says. */
export function quick(
  server: TestServer,
  folder: TemporaryFolder,
  options: Partial<DownloadOptions> = {},
) {
  const said: string[] = [];
  const done = download({
    url: server.url("file.bin"),
    to: folder.file("file.bin"),
    firstPause: 0.001,
    stallSeconds: 10,
    say: (line) => said.push(line),
    ...options,
  });
  return { done, said };
}

/** The ranges that a server was asked for, null where all was. */
export const ranges = (server: TestServer) =>
  server.asked.map(({ headers }) => headers.get("range"));
