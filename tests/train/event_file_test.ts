import assert from "node:assert/strict";
import { readJson } from "lib/core/files.ts";
import { crc32c, decodeRecords, encodeScalar, EventFile } from "lib/train/event_file.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

const FIXTURES = "tests/fixtures/tensorboard";

Deno.test("CRC-32C of RFC 3720's examples", () => {
  const cases: [Uint8Array, number][] = [
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(255), 0x62a8ab43],
    [Uint8Array.from({ length: 32 }, (_, k) => k), 0x46dd794e],
    [Uint8Array.from({ length: 32 }, (_, k) => 31 - k), 0x113fdb5c],
  ];
  for (const [bytes, expected] of cases) assert.equal(crc32c(bytes), expected);
});

Deno.test("scalars are the bytes that TensorBoard's own writer makes of them", () => {
  const events = readJson<{ name: string; value: string; step: number; wallTime: number }[]>(
    `${FIXTURES}/events.json`,
  );
  const golden = Deno.readFileSync(`${FIXTURES}/events.tfevents`);
  const [, ...theirs] = decodeRecords(golden); // the first one says who wrote the file
  assert.equal(theirs.length, events.length);
  events.forEach(({ name, value, step, wallTime }, k) => {
    const number = value === "inf" ? Infinity : Number(value);
    const record = encodeScalar({ name, value: number, step }, wallTime);
    const [ours] = decodeRecords(record);
    assert.deepEqual(ours, theirs[k], name);
    const at = theirs[k].byteOffset - 12;
    assert.deepEqual(record, golden.subarray(at, at + record.length), `the frame of ${name}`);
  });
});

Deno.test("a resumed run's file has nothing of later steps, nor what was cut", () => {
  using folder = new TemporaryFolder();
  const path = folder.file("events.out.tfevents"), file = new EventFile(path);
  const sizes = [0, 1, 150, 20_000].map((step) => {
    file.append({ name: "x", value: step / 3, step });
    return Deno.statSync(path).size;
  });
  const whole = Deno.readFileSync(path);
  const after = (step: number) => {
    file.truncate(step);
    return Deno.readFileSync(path);
  };
  assert.deepEqual(after(20_000), whole);
  Deno.writeFileSync(path, whole.subarray(0, whole.length - 1));
  assert.deepEqual(after(20_000), whole.subarray(0, sizes[2]));
  assert.deepEqual(after(149), whole.subarray(0, sizes[1]));
  assert.deepEqual(after(0), whole.subarray(0, sizes[0]));
  const damaged = whole.slice();
  damaged[sizes[1] - 6] ^= 1;
  Deno.writeFileSync(path, damaged);
  assert.deepEqual(after(20_000), whole.subarray(0, sizes[0]));
});
