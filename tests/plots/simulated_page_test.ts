import assert from "node:assert/strict";
import { parseTransform, transformed } from "lib/plots/simulated_page.ts";

const BOX = { x: 0, y: 0, width: 10, height: 4 };

function near(actual: typeof BOX, expected: typeof BOX) {
  for (const key of ["x", "y", "width", "height"] as const) {
    assert.ok(Math.abs(actual[key] - expected[key]) < 1e-9, `${key}: ${actual[key]}`);
  }
}

Deno.test("transforms apply from right to left", () => {
  near(transformed(BOX, parseTransform("translate(5,6) scale(2)")), {
    x: 5,
    y: 6,
    width: 20,
    height: 8,
  });
  near(transformed(BOX, parseTransform("scale(2) translate(5)")), {
    x: 10,
    y: 0,
    width: 20,
    height: 8,
  });
});

Deno.test("a quarter turn about a point", () => {
  // (x, y) -> (-y, x): the box lies left of the axis, upright
  near(transformed(BOX, parseTransform("rotate(90)")), { x: -4, y: 0, width: 4, height: 10 });
  near(transformed(BOX, parseTransform("rotate(-90,10,0)")), { x: 10, y: 0, width: 4, height: 10 });
});

Deno.test("no transform leaves a box as it is", () => {
  near(transformed(BOX, parseTransform(null)), BOX);
  near(transformed(BOX, parseTransform("rotate(360) matrix(1 0 0 1 0 0)")), BOX);
});
