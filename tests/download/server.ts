/** A web server on this machine that answers as it is told: rightly, wrongly, in part, or not at all. */
import { concatBytes } from "lib/core/bytes.ts";

/** What a client asked for. */
export interface Asked {
  method: string;
  path: string;
  headers: Headers;
}

/** What it gets. Nothing is checked: a head may say what the body does not keep. */
export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: Uint8Array;
  /** Bytes of the body after which the connection ends. Default: all */
  cutAfter?: number;
  /** Whether the connection then stays open, and nothing more comes. */
  stall?: boolean;
  /** Whether the body comes in chunks, its length not announced. */
  chunked?: boolean;
}

/** A server at work; disposed of, its connections end. */
export class TestServer implements AsyncDisposable {
  /** Everything that was asked so far. */
  readonly asked: Asked[] = [];
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections = new Set<Deno.Conn>();
  readonly #work: Promise<void>;

  /** @param answer given what is asked, and how many times something was asked before */
  constructor(answer: (asked: Asked, before: number) => Answer) {
    this.#work = this.#serve(answer);
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#listener.addr as Deno.NetAddr).port}/${path}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#connections) close(connection);
    await this.#work;
  }

  async #serve(answer: (asked: Asked, before: number) => Answer): Promise<void> {
    const talks: Promise<void>[] = [];
    for await (const connection of this.#listener) {
      this.#connections.add(connection);
      talks.push(this.#talk(connection, answer));
    }
    await Promise.all(talks);
  }

  async #talk(
    connection: Deno.Conn,
    answer: (asked: Asked, before: number) => Answer,
  ): Promise<void> {
    try {
      const asked = await readHead(connection);
      if (asked) {
        const reply = answer(asked, this.asked.length);
        this.asked.push(asked);
        await write(connection, asked.method === "HEAD" ? { ...reply, body: undefined } : reply);
        // held open until the client gives up, or the server is disposed of
        if (reply.stall) await connection.read(new Uint8Array(1));
      }
    } catch {
      // the client went away, as clients in these tests do
    } finally {
      close(connection);
    }
  }
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch { /* it is closed */ }
}

async function readHead(connection: Deno.Conn): Promise<Asked | undefined> {
  let head = "";
  const buffer = new Uint8Array(4096);
  while (!head.includes("\r\n\r\n")) {
    const read = await connection.read(buffer);
    if (read === null) return undefined;
    head += new TextDecoder().decode(buffer.subarray(0, read));
  }
  const [request, ...lines] = head.trim().split("\r\n");
  const headers = new Headers(lines.map((line) => line.split(/:\s*(.*)/s, 2) as [string, string]));
  const [method, path] = request.split(" ");
  return { method, path: path.slice(1), headers };
}

async function write(
  connection: Deno.Conn,
  { status = 200, headers = {}, body = new Uint8Array(), cutAfter = body.length, chunked }: Answer,
): Promise<void> {
  const length = chunked ? { "transfer-encoding": "chunked" } : { "content-length": body.length };
  const lines = Object.entries({ ...length, connection: "close", ...headers });
  const head = [`HTTP/1.1 ${status} Reason`, ...lines.map(([k, v]) => `${k}: ${v}`), "", ""];
  const sent = body.subarray(0, cutAfter), text = new TextEncoder();
  const pieces: Uint8Array[] = [text.encode(head.join("\r\n"))];
  if (chunked) pieces.push(text.encode(`${sent.length.toString(16)}\r\n`));
  pieces.push(sent);
  if (chunked) pieces.push(text.encode(cutAfter < body.length ? "\r\n" : "\r\n0\r\n\r\n"));
  const bytes = concatBytes(pieces);
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** What a server of files tells of one. */
export interface ServedFile {
  content: Uint8Array;
  etag?: string;
  lastModified?: string;
  /** Whether it can send ranges. Default: yes */
  ranges?: boolean;
}

/** The right answer to a request for a file (RFC 9110, 13 and 14): `bytes=N-` under `If-Range`. */
export function fileAnswer(
  { content, etag, lastModified, ranges = true }: ServedFile,
  { headers }: Asked,
): Answer {
  const tags: Record<string, string> = {};
  if (etag) tags.etag = etag;
  if (lastModified) tags["last-modified"] = lastModified;
  const condition = headers.get("if-range");
  const start = /^bytes=(\d+)-$/.exec(headers.get("range") ?? "")?.[1];
  const same = condition === null || condition === etag || condition === lastModified;
  if (!ranges || start === undefined || !same) return { headers: tags, body: content };
  const all = content.length, from = Number(start);
  if (from >= all) return { status: 416, headers: { "content-range": `bytes */${all}` } };
  return {
    status: 206,
    headers: { ...tags, "content-range": `bytes ${from}-${all - 1}/${all}` },
    body: content.subarray(from),
  };
}
