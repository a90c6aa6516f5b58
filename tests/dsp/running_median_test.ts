import assert from "node:assert/strict";
import { runningMedian } from "lib/dsp/running_median.ts";
import { harmonyFixture } from "../harmony_signals.ts";

Deno.test("running medians are scipy's: odd and even windows, longer than the signal, both ways", async () => {
  const fixture = await harmonyFixture("medians"), { data, shape } = fixture.get("grid")!;
  const [rows, columns] = shape;
  for (const size of [1, 4, 7, 31, 80]) {
    for (const axis of [0, 1] as const) {
      const medians = runningMedian(data as Float32Array, { rows, columns, size, axis });
      // a median is one of the numbers: nothing is rounded
      assert.deepEqual(medians, fixture.get(`median_${size}_${axis}`)!.data, `${size} ${axis}`);
    }
  }
});

Deno.test("numbers that occur more than once leave the window one at a time", () => {
  const x = Float32Array.of(2, 2, 2, 0, 0, 2, 2, 0, 0, 0);
  const shape = { rows: 1, columns: 10, size: 3, axis: 1 } as const;
  assert.deepEqual(runningMedian(x, shape), Float32Array.of(2, 2, 2, 0, 0, 2, 2, 0, 0, 0));
});

Deno.test("a window of no numbers is refused", () => {
  for (const size of [0, 2.5, NaN]) {
    const options = { rows: 1, columns: 1, size, axis: 0 } as const;
    assert.throws(
      () => runningMedian(new Float32Array(1), options),
      new RegExp(`medians of ${size}`),
    );
  }
});
