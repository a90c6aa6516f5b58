/** What goes wrong on the way and may go right at the next attempt. */

/** A failure that passes: the connection was lost, the server is busy. Every other error is final. */
export class PassingFailure extends Error {
  /** Seconds that the server asks to wait, if it does. */
  readonly wait?: number;

  constructor(message: string, { wait, cause }: { wait?: number; cause?: unknown } = {}) {
    super(message, { cause });
    this.wait = wait;
  }
}

/** Statuses that a server gives for now and not for good (RFC 9110, RFC 6585). */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** What an answer other than the file means, as an error. */
export function refusal(response: Response): Error {
  const { status, statusText } = response;
  const answer = `the server answered ${`${status} ${statusText}`.trim()}`;
  if (PASSING.has(status) || status >= 500) {
    return new PassingFailure(answer, { wait: retryAfter(response.headers) });
  }
  if (status === 404 || status === 410) {
    return new Error(`${answer}: the file is not there (any more)`);
  }
  if (status === 401 || status === 403) {
    return new Error(`${answer}: it does not give the file away`);
  }
  return new Error(answer);
}

/**
 * Seconds that a `Retry-After` asks to wait: a number of seconds, or a date (RFC 9110, 10.2.3).
 *
 * @returns undefined where there is no such header, or nobody can read it
 */
export function retryAfter(headers: Headers, now = Date.now()): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}

/** The innermost message of an error, without the address that Deno's fetch puts before it. */
export function rootMessage(error: unknown): string {
  let inner = error as Error;
  while (inner.cause instanceof Error) inner = inner.cause;
  return inner.message.replace(/^error sending request for url \(\S*\): /, "");
}
