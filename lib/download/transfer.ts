/** One request for the rest of a file. */
import { dirname } from "node:path";
import type { Progress } from "../core/progress.ts";
import { formatBytes, showByteProgress } from "../core/byte_progress.ts";
import { requireSpace } from "../core/disk_space.ts";
import { PassingFailure, refusal } from "./failure.ts";
import { Line } from "./line.ts";
import type { PartFile, RemoteFile } from "./part_file.ts";

/** What a transfer needs to know. */
export interface TransferOptions {
  url: string;
  /** What the progress says. */
  label: string;
  /** Bytes of the whole file, where they are published. */
  size?: number;
  /** Whether a checksum will tell that a part is of another file. */
  checked: boolean;
  /** Seconds without a byte after which the connection counts as dead. */
  stallSeconds: number;
  say: (line: string) => void;
  signal?: AbortSignal;
}

/**
 * Asks for the bytes that a part file lacks and appends them.
 *
 * A server may answer with the rest (206), with the whole file (200: it cannot do ranges, or the file is
 * another one by now), or that there is no rest (416). The part begins anew wherever its bytes and the
 * server's may be of two different files.
 *
 * @throws PassingFailure where another attempt may go better: bytes that came are kept
 * @throws Error where it will not
 */
export async function transfer(part: PartFile, options: TransferOptions): Promise<void> {
  const { url, label, size, say } = options;
  if (size !== undefined && part.length > size) await part.restart();
  if (size !== undefined && part.length === size) return;
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (part.length > 0) {
    const condition = rangeCondition(part.remote, options);
    if (condition) Object.assign(headers, { range: `bytes=${part.length}-` }, condition);
    else await part.restart();
  }

  using line = new Line(options);
  const response = await line.open(url, headers);
  if (response.status === 416 && part.length > 0) return await judgeNoRest(part, response);
  if (response.status !== 200 && response.status !== 206) throw refusal(response);
  const remote = remoteFile(url, response);
  refuseOtherFiles(response, remote.length, size);
  if (response.status === 206) await checkRange(part, response, remote.length);
  else if (part.length > 0) {
    say(`${label}: ${whyAnew(part.remote, remote)}, it begins anew`);
    await part.restart();
  }
  part.remote = remote;
  const whole = size ?? remote.length;
  if (whole !== undefined) requireSpace(dirname(part.path), whole - part.length);
  const progress = showByteProgress(label, whole, { start: part.length });
  try {
    await receive(line, part, whole, progress);
  } finally {
    progress.done();
  }
}

/** Headers under which a range of the same file may be asked for; nothing where a change would stay unseen. */
function rangeCondition(
  remote: RemoteFile | undefined,
  { url, checked }: TransferOptions,
): Record<string, string> | undefined {
  const validator = remote?.url === url ? remote.etag ?? remote.lastModified : undefined;
  if (validator) return { "if-range": validator };
  return checked ? {} : undefined;
}

function remoteFile(url: string, { status, headers }: Response): RemoteFile {
  const length = status === 206
    ? contentRange(headers)?.whole
    : headers.has("content-length")
    ? Number(headers.get("content-length"))
    : undefined;
  const etag = headers.get("etag");
  return {
    url,
    length,
    // a weak validator promises no equal bytes (RFC 9110, 8.8.1)
    etag: etag && !etag.startsWith("W/") ? etag : undefined,
    lastModified: headers.get("last-modified") ?? undefined,
  };
}

/** What `Content-Range` says: `bytes 5-9/10`, `bytes 5-9/*`, `bytes *\/10` (RFC 9110, 14.4). */
function contentRange(headers: Headers): { start?: number; whole?: number } | undefined {
  const match = /^bytes (?:(\d+)-\d+|\*)\/(?:(\d+)|\*)$/.exec(headers.get("content-range") ?? "");
  if (!match) return undefined;
  const [start, whole] = match.slice(1).map((digits) => digits ? Number(digits) : undefined);
  return { start, whole };
}

function refuseOtherFiles({ headers }: Response, length?: number, size?: number): void {
  if (headers.get("content-type")?.startsWith("text/html")) throw webPage();
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity") {
    throw new Error(
      `the server sends the file in the encoding "${encoding}" that nobody asked for`,
    );
  }
  if (size !== undefined && length !== undefined && length !== size) {
    throw new Error(
      `the server announces ${length} bytes, the published file has ${size}: it is another file`,
    );
  }
}

const webPage = () => new Error("the server sent a web page and not the file");

const looksLikeWebPage = (bytes: Uint8Array) =>
  /^\s*<(!doctype html|html)/i.test(new TextDecoder().decode(bytes.subarray(0, 200)));

async function checkRange(part: PartFile, { headers }: Response, length?: number): Promise<void> {
  const before = part.remote?.length;
  const changed = before !== undefined && length !== undefined && before !== length;
  if (contentRange(headers)?.start === part.length && !changed) return;
  const range = headers.get("content-range");
  const asked = part.length;
  await part.restart();
  throw new PassingFailure(
    `the server sent the range "${range}" where the rest from byte ${asked} was asked for`,
  );
}

/** A range that begins where the file ends means that all of it is there. */
async function judgeNoRest(part: PartFile, { headers }: Response): Promise<void> {
  const whole = contentRange(headers)?.whole;
  if (whole === part.length) return;
  const there = part.length;
  await part.restart();
  throw new PassingFailure(
    `the server has no bytes after the ${there} that are there, and the file has ${
      whole ?? "another number"
    }`,
  );
}

function whyAnew(before: RemoteFile | undefined, now: RemoteFile): string {
  const known = before?.etag ?? before?.lastModified;
  if (known === undefined) return "the server sent the whole file";
  return known === now.etag || known === now.lastModified
    ? "the server cannot go on in the middle of a file"
    : "the file on the server has changed";
}

async function receive(
  line: Line,
  part: PartFile,
  whole: number | undefined,
  progress: Progress,
): Promise<void> {
  for (let bytes; (bytes = await line.read());) {
    if (part.length === 0 && looksLikeWebPage(bytes)) throw webPage();
    if (whole !== undefined && part.length + bytes.length > whole) {
      throw new Error(`the server sends more than the file's ${whole} bytes`);
    }
    await part.append(bytes);
    progress.update(part.length);
  }
  if (whole !== undefined && part.length < whole) {
    throw new PassingFailure(
      `the connection ended after ${formatBytes(part.length)} of ${formatBytes(whole)}`,
    );
  }
}
