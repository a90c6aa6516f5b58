import assert from "node:assert/strict";
import { PassingFailure, refusal, retryAfter } from "lib/download/failure.ts";

const after = (value: string) => new Headers({ "retry-after": value });

Deno.test("a server asks to wait in seconds or until a date", () => {
  const now = Date.UTC(1994, 10, 6, 8, 49, 7);
  assert.equal(retryAfter(after("120"), now), 120);
  // RFC 9110, 5.6.7: the date of its example is 30 s after `now`
  assert.equal(retryAfter(after("Sun, 06 Nov 1994 08:49:37 GMT"), now), 30);
  assert.equal(retryAfter(after("Sun, 06 Nov 1994 08:00:00 GMT"), now), 0);
  assert.equal(retryAfter(after("soon"), now), undefined);
  assert.equal(retryAfter(new Headers(), now), undefined);
});

Deno.test("which answers pass and which are final", () => {
  const passes = (status: number) =>
    refusal(new Response(null, { status })) instanceof PassingFailure;
  assert.deepEqual([408, 425, 429, 500, 502, 503, 504, 599].filter((s) => !passes(s)), []);
  assert.deepEqual([400, 401, 403, 404, 410, 416, 451].filter(passes), []);
});
