import assert from "node:assert/strict";
import type { NpyArray } from "lib/core/npz.ts";
import {
  chroma,
  chromaBank,
  type Chromagram,
  constantQChroma,
  constantQFold,
} from "lib/dsp/chroma.ts";
import {
  assertNear,
  faded,
  harmonyFixture,
  music,
  SAMPLE_RATE as sampleRate,
} from "../harmony_signals.ts";
import { noise } from "../mel_signals.ts";

const SIGNALS = { noise: faded(noise(17000)), music: faded(music(17000)) };
const flat = (bank: Float64Array[]) => bank.flatMap((filter) => [...filter]);

Deno.test("filter banks are librosa's", async () => {
  const fixture = await harmonyFixture("chroma");
  const banks = {
    bank: chromaBank({ sampleRate, nFft: 2048 }),
    bank_tuned: chromaBank({ sampleRate: 16000, nFft: 801, tuning: 0.27, nChroma: 24 }),
    fold: constantQFold({ nBins: 84 }),
    fold_24: constantQFold({ nBins: 100, binsPerOctave: 24, fMin: 61 }),
    fold_36: constantQFold({ nBins: 252, binsPerOctave: 36, fMin: 55 }),
    fold_48_24: constantQFold({ nBins: 96, binsPerOctave: 48, nChroma: 24, fMin: 41.2 }),
  };
  for (const [name, bank] of Object.entries(banks)) {
    // the fixture is in single precision
    assertNear(flat(bank), fixture.get(name)!, { part: 1e-7, name });
  }
});

Deno.test("chroma of Fourier bins is librosa's", async () => {
  const fixture = await harmonyFixture("chroma");
  const fine = { nFft: 1500, hopLength: 400, tuning: 0.2, nChroma: 24 };
  for (const [signal, y] of Object.entries(SIGNALS)) {
    for (const [name, settings] of [["stft", {}], ["stft_fine", fine]] as const) {
      const { data } = chroma(y, { sampleRate, ...settings });
      assertNear(data, fixture.get(`${name}_${signal}`)!, {
        part: 2e-7,
        name: `${name} ${signal}`,
      });
    }
  }
});

/** The frames that are not in the silent ends, where nothing sounds but what the filters of the rates add. */
function sounding(
  data: Float32Array,
  { frames, hopLength }: { frames: number; hopLength: number },
) {
  return data.filter((_, k) => {
    const sample = k % frames * hopLength;
    return sample > 4000 && sample < 13000;
  });
}

function assertSoundingNear(
  { data, frames }: Chromagram,
  expected: NpyArray,
  { hopLength, name }: { hopLength: number; name: string },
) {
  const framing = { frames, hopLength };
  const values = sounding(expected.data as Float32Array, framing);
  // the filter that halves the rate is another one: see the constant-Q transform's test
  assertNear(sounding(data, framing), { ...expected, data: values }, { part: 1e-3, name });
}

Deno.test("chroma of constant-Q bins is librosa's", async () => {
  const fixture = await harmonyFixture("chroma");
  for (const [signal, y] of Object.entries(SIGNALS)) {
    for (const binsPerOctave of [12, 24, 36]) {
      const name = `cqt_${binsPerOctave}_${signal}`;
      const found = constantQChroma(y, { sampleRate, binsPerOctave });
      assertSoundingNear(found, fixture.get(name)!, { hopLength: 512, name });
    }
    const high = { binsPerOctave: 24, fMin: 110, nOctaves: 4, hopLength: 256, tuning: 0.1 };
    const name = `cqt_high_${signal}`, found = constantQChroma(y, { sampleRate, ...high });
    assertSoundingNear(found, fixture.get(name)!, { hopLength: 256, name });
  }
});

Deno.test("every tone is its own pitch class, in every octave, also of an instrument out of tune", () => {
  for (let note = 48; note < 84; note += 5) {
    for (const cents of [0, 30]) {
      const hz = 440 * 2 ** ((note - 69 + cents / 100) / 12);
      const y = Float32Array.from(
        { length: sampleRate },
        (_, t) => 0.5 * Math.sin(2 * Math.PI * hz * t / sampleRate),
      );
      for (const make of [chroma, constantQChroma]) {
        const { data, frames } = make(y, { sampleRate }), middle = frames >> 1;
        const column = Array.from({ length: 12 }, (_, c) => data[c * frames + middle]);
        assert.equal(column.indexOf(1), note % 12, `${make.name}, note ${note}, ${cents} cents`);
      }
    }
  }
});

Deno.test("silence has no chroma", () => {
  for (const make of [chroma, constantQChroma]) {
    const { data, nChroma, frames } = make(new Float32Array(5000), { sampleRate });
    assert.deepEqual([nChroma, frames], [12, 10]);
    assert.deepEqual(data, new Float32Array(120));
  }
});

Deno.test("refuses classes that do not come out even", () => {
  assert.throws(() => chromaBank({ sampleRate, nFft: 512, nChroma: 10 }), /10 pitch classes/);
  assert.throws(() => constantQFold({ nBins: 60, binsPerOctave: 30 }), /30 bins an octave into 12/);
  assert.throws(() => chroma(new Float32Array(0), { sampleRate }), /empty signal/);
});
