import assert from "node:assert/strict";
import { randomFrom } from "lib/core/random.ts";
import { Banks, pitchOfFile } from "lib/datasets/demo/banks.ts";
import { planDemo } from "lib/datasets/demo/plan.ts";
import { finish, mixStems, rms } from "lib/datasets/demo/room.ts";
import { scoreJob } from "lib/datasets/demo/score.ts";
import { SAMPLE_RATE, silence, type Stereo, synthesize } from "lib/datasets/demo/synthesize.ts";
import { BANKS, BASS_PROGRAMS, type Domain, KITS, voicesOf } from "lib/datasets/demo/voices.ts";
import { type Instrument, INSTRUMENTS } from "lib/datasets/labels.ts";
import { fingerprints, type Sample, sharedSamples } from "./fingerprints.ts";

const banks = new Banks();
const DOMAINS: readonly Domain[] = ["train", "songs"];

/** What the libraries themselves call such a sound. */
const NAMES: Record<Instrument, RegExp> = {
  cel: /cello|celli/i,
  cla: /clarinet/i,
  flu: /flute/i,
  gac: /(nylon|steel).*guitar|guitar-(acoustic|nylon)/i,
  gel: /(jazz|clean|muted?|overdrive|distortion).*guitar|guitar.*(mute|electric)|DistortionGuitar/i,
  org: /organ|harmonium/i,
  pia: /piano|grand|honky/i,
  sax: /sax/i,
  tru: /trumpet/i,
  vio: /violin/i,
  voi: /choir|voice|oohs/i,
};

Deno.test("voices: every preset exists and is the instrument that its label says", async () => {
  for (const domain of DOMAINS) {
    for (const code of INSTRUMENTS) {
      for (const [{ library, program, bank }] of voicesOf(code, domain)) {
        const preset = (await banks.get(library)).presets.find((preset) =>
          preset.program === program && preset.bankMSB === bank && !preset.isGMGSDrum
        );
        assert(preset, `${library} ${bank}:${program}`);
        assert.match(preset.name, NAMES[code]);
      }
    }
  }
});

Deno.test("recorded notes: file names are pitches", () => {
  assert.equal(pitchOfFile("A4.mp3"), 69);
  assert.equal(pitchOfFile("C4.mp3"), 60);
  assert.equal(pitchOfFile("As2.mp3"), 46);
  assert.equal(pitchOfFile("F2 v2.mp3"), undefined);
  assert.equal(pitchOfFile("index.js"), undefined);
});

/** Strength of a period in a signal: autocorrelation at that lag over that at zero. */
function periodicity(y: Float32Array, lag: number): number {
  let at = 0, zero = 0;
  for (let n = 0; n + lag < y.length; n++) {
    at += y[n] * y[n + lag];
    zero += y[n] * y[n];
  }
  return at / zero;
}

Deno.test("synthesis: a note sounds at its pitch, in time, whatever library it comes from", async () => {
  for (const domain of DOMAINS) {
    for (
      const [code, pitch] of [["flu", 72], ["cla", 62], ["tru", 67], ["vio", 69], [
        "cel",
        48,
      ]] as const
    ) {
      for (const [voice] of voicesOf(code, domain)) {
        const [{ left }] = await synthesize([{
          voice,
          drums: false,
          pan: 0,
          events: [{ time: 0.25, kind: "on", pitch, velocity: 90 }, {
            time: 1.2,
            kind: "off",
            pitch,
          }],
        }], { seconds: 1.5, banks });
        const before = left.subarray(0, Math.round(0.249 * SAMPLE_RATE));
        assert(before.every((x) => x === 0), `${voice.library} sounds before its note`);
        const held = left.slice(Math.round(0.6 * SAMPLE_RATE), Math.round(0.9 * SAMPLE_RATE));
        const lag = SAMPLE_RATE / (440 * 2 ** ((pitch - 69) / 12));
        // 30 cents either way: vibrato and the libraries' own tuning. A semitone off would not be periodic there.
        const near = [];
        for (let k = Math.floor(lag * 0.983); k <= Math.ceil(lag * 1.017); k++) {
          near.push(periodicity(held, k));
        }
        assert(Math.max(...near) > 0.75, `${code} of ${voice.library}: ${Math.max(...near)}`);
      }
    }
  }
});

Deno.test("synthesis: the same call gives the same samples, other calls between", async () => {
  const [job, other] = planDemo({ size: "mini", seed: 3 }).slice(1);
  const render = async (which = job) =>
    (await synthesize(scoreJob(which, randomFrom("again", which.id)), { seconds: 2, banks }))[0]
      .left;
  const first = await render();
  await render(other);
  assert.deepEqual(await render(), first);
});

Deno.test("songs: every labelled instrument sounds throughout its excerpt", async () => {
  const jobs = planDemo({ size: "mini", seed: 5 }).filter((job) => job.domain === "songs");
  for (const job of jobs) {
    const parts = scoreJob(job, randomFrom("throughout", job.id));
    const stems = await synthesize(parts, { seconds: job.seconds, banks });
    parts.forEach(({ instrument }, k) => {
      if (!instrument) return;
      const overall = rms(stems[k]);
      assert(overall > 1e-4);
      for (let at = 0; at + 2 * SAMPLE_RATE <= stems[k].left.length; at += SAMPLE_RATE / 2) {
        const part: Stereo = {
          left: stems[k].left.subarray(at, at + 2 * SAMPLE_RATE),
          right: stems[k].right.subarray(at, at + 2 * SAMPLE_RATE),
        };
        // Two seconds hold at least a beat of the slowest piece; 25 dB is below any dying note's mean.
        const level = 20 * Math.log10(rms(part) / overall);
        assert(level > -25, `${job.id}: ${instrument} at ${at / SAMPLE_RATE} s: ${level} dB`);
      }
    });
  }
});

Deno.test("mixing: stems come to their levels", () => {
  const random = randomFrom("mix");
  const noise = () => {
    const stem = silence(SAMPLE_RATE);
    for (const y of [stem.left, stem.right]) {
      for (let n = 0; n < y.length; n++) y[n] = random.uniform(-1, 1);
    }
    return stem;
  };
  const alone = mixStems([noise()], [-23]);
  assert(Math.abs(20 * Math.log10(rms(alone)) + 23) < 1e-3);
  // Powers of independent noises add: -20 dB twice is -17 dB, within the noise's own randomness.
  const both = mixStems([noise(), noise()], [-20, -20]);
  assert(Math.abs(20 * Math.log10(rms(both)) + 16.99) < 0.1);
  assert.equal(rms(mixStems([silence(100)], [-20])), 0);
});

Deno.test("room: level, ceiling, and a reverberation that dies as told", () => {
  const dry = { wet: -200, decay: 1, tilt: 0, lowPass: 0, noise: -200, noiseColour: 0 };
  const random = randomFrom("room");
  const tone = silence(SAMPLE_RATE);
  for (let n = 0; n < SAMPLE_RATE; n++) tone.left[n] = tone.right[n] = 0.3 * Math.sin(n / 20);
  finish(tone, dry, { level: -20, random });
  assert(Math.abs(20 * Math.log10(rms(tone)) + 20) < 0.01);
  const loud = silence(SAMPLE_RATE);
  for (let n = 0; n < SAMPLE_RATE; n += 4410) loud.left[n] = loud.right[n] = 1;
  finish(loud, dry, { level: -3, random });
  assert(loud.left.every((x) => Math.abs(x) <= 0.94));
  // An impulse's tail falls by 60 dB in `decay` seconds or sooner: the damping takes from the high notes.
  const impulse = silence(4 * SAMPLE_RATE);
  impulse.left[0] = impulse.right[0] = 1;
  finish(impulse, { ...dry, wet: 0, decay: 1.5 }, { level: -40, random });
  const energy = (from: number) => {
    const part = impulse.left.subarray(from * SAMPLE_RATE, (from + 0.2) * SAMPLE_RATE);
    return 10 * Math.log10(part.reduce((sum, x) => sum + x * x, 0));
  };
  const fall = energy(0.3) - energy(1.05);
  assert(fall >= 28 && fall < 60, `${fall} dB in half of the decay`);
});

async function samplesOf(domain: Domain): Promise<Sample[]> {
  const found = new Map<unknown, Sample>();
  const add = async (library: string, program: number, { bank = 0, drums = false } = {}) => {
    for (const preset of (await banks.get(library)).presets) {
      if (preset.program !== program || preset.bankMSB !== bank || preset.isGMGSDrum !== drums) {
        continue;
      }
      for (const { instrument } of preset.zones) {
        for (const { sample } of instrument?.zones ?? []) {
          if (found.has(sample)) continue;
          const name = `${library}: ${sample.name}`;
          found.set(sample, { name, sound: sample.getAudioData(), sampleRate: sample.sampleRate });
        }
      }
    }
  };
  for (const code of INSTRUMENTS) {
    for (const [{ library, program, bank }] of voicesOf(code, domain)) {
      await add(library, program, { bank });
    }
  }
  for (const library of BANKS[domain]) {
    for (const program of BASS_PROGRAMS) await add(library, program);
    for (const kit of Object.values(KITS)) await add(library, kit, { drums: true });
  }
  return [...found.values()];
}

Deno.test("libraries: no sample is in training and in the songs", async () => {
  const training = fingerprints(await samplesOf("train"));
  const songs = fingerprints(await samplesOf("songs"));
  assert(training.length > 700 && songs.length > 300);
  assert.deepEqual(sharedSamples(training, songs, 0.8), []);

  // The fingerprint is no formality: MuseScore_General is made from FluidR3 and is found out, and so is TimGM6mb's choir.
  const [museScore, fluid] = ["MuseScore_General_Lite", "FluidR3Mono_GM"].map((library) =>
    training.filter(({ name }) => name.startsWith(library))
  );
  assert(sharedSamples(museScore, fluid, 0.8).length > 200);
  const choir = (await banks.get("TimGM6mb")).samples.filter(({ name }) => name === "Choir-A51")
    .map((sample) => ({
      name: sample.name,
      sound: sample.getAudioData(),
      sampleRate: sample.sampleRate,
    }));
  assert.equal(sharedSamples(training, fingerprints(choir), 0.8).length, 1);
});
