/** Files from the network: whole and checked under their name, or not at all. */
import { basename } from "node:path";
import { formatBytes } from "../core/byte_progress.ts";
import { exists } from "../core/files.ts";
import { pause } from "../core/pause.ts";
import { difference, digestRest, type Digests, type Expected } from "./digests.ts";
import { PassingFailure } from "./failure.ts";
import { PartFile } from "./part_file.ts";
import { transfer } from "./transfer.ts";

/** How patient a download is. */
export interface Patience {
  /** Attempts in a row that brought less than a megabyte, after which it gives up. Default: 6 */
  attempts?: number;
  /** Seconds before the second attempt; every further pause is twice as long. Default: 1 */
  firstPause?: number;
  /** Seconds that a pause has at most; a server that asks for a longer one is not waited for. Default: 120 */
  longestPause?: number;
  /** Seconds without a byte after which a connection counts as dead. Default: 60 */
  stallSeconds?: number;
}

/** Where a file comes from and goes to. */
export interface DownloadOptions extends Expected, Patience {
  url: string;
  /** The file; while it is incomplete, what there is of it lies in `to.part`. */
  to: string;
  /** What messages call it. Default: the file's name */
  label?: string;
  /** What else can be done when it does not go, as half a sentence at the end of an error. */
  advice?: string;
  /** Hears what happens: retries, beginning anew, waiting. Default: the error output */
  say?: (line: string) => void;
  signal?: AbortSignal;
}

/** What is there now. */
export interface Downloaded extends Digests {
  path: string;
  /** Whether it came from the network, not from an earlier run or by hand. */
  downloaded: boolean;
}

/** More than this in one attempt is progress: the count of failures begins anew. */
const WORTHWHILE = 1e6;

/**
 * Downloads a file.
 *
 * What an earlier run got is gone on with, unless the remote file has changed since (`ETag`,
 * `Last-Modified`), or nobody could tell and there is no checksum to tell it. Lost and stalled
 * connections and busy servers are tried again, with growing pauses. A file whose size or checksum is
 * not the expected one is removed: it is of no use to anybody, and the next run begins anew. When several processes
 * download the same file, one does and the others wait for it.
 *
 * A file that is there already is checked and kept; when it is not as expected, it is not touched.
 *
 * @throws Error that says what was attempted, why it failed, and what to do
 */
export async function download(options: DownloadOptions): Promise<Downloaded> {
  const { url, to, label = basename(to), advice, say = console.error, signal } = options;
  try {
    if (!exists(to)) {
      using part = await PartFile.open(`${to}.part`, { label, say, signal });
      try {
        // another process may have made it while this one waited
        if (!exists(to)) return await complete(part, { ...options, label, say });
      } finally {
        if (part.length === 0) part.discard();
      }
    }
    return { path: to, downloaded: false, ...await checkFile(to, { ...options, label }) };
  } catch (error) {
    signal?.throwIfAborted();
    const more = advice === undefined ? "" : `; ${advice}`;
    throw new Error(`cannot download ${label} from ${url}: ${(error as Error).message}${more}`, {
      cause: error,
    });
  }
}

/** Checks a file that is there. @throws Error that says in what it differs */
async function checkFile(
  path: string,
  { label, signal, ...expected }: Expected & { label: string; signal?: AbortSignal },
): Promise<Digests> {
  using file = await Deno.open(path);
  const { digests } = await digestRest(file, { label: `${label}: checking`, signal });
  const wrong = difference(digests, expected);
  if (wrong) throw new Error(`${path} is there, but ${wrong}: remove it, then it is downloaded`);
  return digests;
}

async function complete(
  part: PartFile,
  options: DownloadOptions & { label: string; say: (line: string) => void },
): Promise<Downloaded> {
  const { to, label, say } = options;
  const begun = part.length > 0;
  const inPieces = await gather(part, options) || begun;
  let wrong = difference(part.digests, options);
  if (wrong && inPieces) {
    // bytes of an earlier run, or of several answers, may be of two versions of a file
    say(`${label}: what came in pieces is not the published file, ${wrong}: it begins anew`);
    await part.restart();
    await gather(part, options);
    wrong = difference(part.digests, options);
  }
  if (wrong) {
    await part.restart();
    throw new Error(`what came is not the published file, ${wrong}; it was removed`);
  }
  await part.finish(to);
  return { path: to, downloaded: true, ...part.digests };
}

/** Goes on until the file is whole. @returns whether it took more than one answer */
async function gather(
  part: PartFile,
  options: DownloadOptions & { label: string; say: (line: string) => void },
): Promise<boolean> {
  const { label, say, signal } = options;
  const { attempts = 6, firstPause = 1, longestPause = 120, stallSeconds = 60 } = options;
  const checked = (options.md5 ?? options.sha256) !== undefined;
  let reached = part.length;
  for (let failures = 0, transfers = 1;; transfers++) {
    try {
      await transfer(part, { ...options, label, say, checked, stallSeconds });
      return transfers > 1;
    } catch (error) {
      if (!(error instanceof PassingFailure)) throw error;
      // measured from the furthest point: a server that cannot go on in the middle makes no progress by beginning anew
      if (part.length - reached >= WORTHWHILE) failures = 0;
      reached = Math.max(reached, part.length);
      failures++;
      const wait = error.wait ?? Math.min(longestPause, firstPause * 2 ** (failures - 1));
      if (failures >= attempts || wait > longestPause) throw givingUp(error, part, failures);
      say(`${label}: ${error.message}; attempt ${failures + 1} of ${attempts} in ${wait} s`);
      await pause(wait, signal);
    }
  }
}

function givingUp({ message, wait }: PassingFailure, part: PartFile, failures: number): Error {
  const kept = part.length > 0 ? `${formatBytes(part.length)} are kept in ${part.path}: ` : "";
  const why = wait === undefined
    ? `${message}, ${failures} times in a row; ${kept}run the same command again`
    : `${message} and asks to come back in ${
      Math.ceil(wait)
    } s; ${kept}run the same command again then`;
  return new Error(kept ? `${why}, it goes on from there` : why);
}
