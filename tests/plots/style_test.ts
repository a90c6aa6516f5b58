import assert from "node:assert/strict";
import { INSTRUMENT_COLOUR_LIST, INSTRUMENT_SYMBOLS } from "lib/plots/style.ts";

type Three = [number, number, number];

/** Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB. */
const VISION: Record<string, Three[]> = {
  full: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.011820, 0.042940, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.303900],
  ],
};

const times = (m: Three[], v: Three) =>
  m.map((row) => row.reduce((sum, x, k) => sum + x * v[k], 0)) as Three;

function linear(hex: string): Three {
  return [1, 3, 5].map((at) => {
    const v = parseInt(hex.slice(at, at + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  }) as Three;
}

/** Ottosson's OKLab (2020). */
function oklab(rgb: Three): Three {
  const cones = times([
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
  ], rgb.map((v) => Math.min(1, Math.max(0, v))) as Three).map(Math.cbrt) as Three;
  return times([
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
  ], cones);
}

for (const [name, matrix] of Object.entries(VISION)) {
  Deno.test(`the instruments' colours can be told apart: ${name}`, () => {
    const colours = INSTRUMENT_COLOUR_LIST.map((hex) => oklab(times(matrix, linear(hex))));
    for (let i = 0; i < colours.length; i++) {
      for (let j = 0; j < i; j++) {
        const distance = Math.hypot(...colours[i].map((v, k) => v - colours[j][k]));
        // 0.02 is just noticeable side by side; small areas apart need several times that
        assert.ok(distance > 0.09, `${i} and ${j}: ${distance.toFixed(3)}`);
      }
    }
  });
}

Deno.test("every instrument has a symbol of its own", () => {
  assert.equal(new Set(Object.values(INSTRUMENT_SYMBOLS)).size, 11);
});
