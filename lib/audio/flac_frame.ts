/** Frames of a FLAC file (RFC 9639, section 9). */
import { BitReader } from "./bit_reader.ts";
import { crc8 } from "./checksum.ts";
import type { FlacPredictor, Prediction } from "./flac_predictor.ts";

/** What the file's header says. */
export interface StreamInfo {
  sampleRate: number;
  channels: number;
  /** Of a sample. */
  bits: number;
  /** Samples of a channel; 0: unknown. */
  announced: number;
}

interface FrameHeader {
  /** Samples of a channel. */
  size: number;
  /** How channels are coded: fewer than 8 apart, else as a pair. */
  assignment: number;
}

const LEFT_SIDE = 8, SIDE_RIGHT = 9, MID_SIDE = 10;

/** Block sizes and sample rates by their codes; 0: they follow behind the frame's number. */
const BLOCK_SIZES = [NaN, 192, 576, 1152, 2304, 4608, 0, 0]
  .concat(Array.from({ length: 8 }, (_, k) => 256 << k));
const SAMPLE_RATES = [NaN, 88200, 176400, 192000, 8000, 16000, 22050, 24000]
  .concat(32000, 44100, 48000, 96000);
const BITS = [NaN, 8, 12, NaN, 16, 20, 24, 32];

const damaged = (what: string) => new RangeError(what);

/** Decodes one frame after the other. */
export class FlacFrameDecoder {
  readonly #info: StreamInfo;
  readonly #predictor: FlacPredictor;
  readonly #channels: Float32Array[];

  /** @param predictor with memory for as many channels */
  constructor(info: StreamInfo, predictor: FlacPredictor) {
    this.#info = info;
    this.#predictor = predictor;
    this.#channels = predictor.samples.map((samples) => new Float32Array(samples.length));
  }

  /**
   * Decodes the frame at a place, without a look at the checksum behind it.
   *
   * @returns samples, in memory that the next frame reuses, and where the next frame begins
   * @throws RangeError when it is damaged
   */
  decode(bytes: Uint8Array, at: number): { channels: Float32Array[]; next: number } {
    const reader = new BitReader(bytes, at);
    const { size, assignment } = this.#readHeader(reader, bytes, at);
    const { bits } = this.#info, predictor = this.#predictor;
    predictor.samples.forEach((all, c) => {
      const side = assignment === SIDE_RIGHT ? c === 0 : assignment >= LEFT_SIDE && c === 1;
      const samples = all.subarray(0, size);
      const { wasted, prediction } = readSubframe(reader, samples, side ? bits + 1 : bits);
      if (prediction) predictor.predict(c, { ...prediction, size });
      if (wasted > 0) { for (let t = 0; t < size; t++) samples[t] <<= wasted; }
    });
    reader.align();
    reader.unsigned(16); // the checksum
    restorePair(predictor.samples, size, assignment);
    const scale = 2 ** (1 - bits);
    const channels = predictor.samples.map((samples, c) => {
      const channel = this.#channels[c].subarray(0, size);
      for (let t = 0; t < size; t++) channel[t] = samples[t] * scale;
      return channel;
    });
    return { channels, next: reader.byte };
  }

  #readHeader(reader: BitReader, bytes: Uint8Array, at: number): FrameHeader {
    if (reader.unsigned(15) !== 0x7ffc) throw damaged("no frame begins there");
    reader.unsigned(1); // whether block sizes vary
    const sizeCode = reader.unsigned(4), rateCode = reader.unsigned(4);
    const assignment = reader.unsigned(4), bitsCode = reader.unsigned(3);
    reader.unsigned(1);
    // the frame's or its first sample's number, in UTF-8's manner
    const first = reader.unsigned(8);
    const more = first < 128 ? 0 : Math.clz32(~(first << 24)) - 1;
    for (let k = 0; k < more; k++) reader.unsigned(8);
    const size = BLOCK_SIZES[sizeCode] || 1 + reader.unsigned(sizeCode === 6 ? 8 : 16);
    const rate = rateCode < 12
      ? SAMPLE_RATES[rateCode]
      : reader.unsigned(rateCode === 12 ? 8 : 16) * [1000, 1, 10][rateCode - 12];
    const end = reader.byte;
    if (crc8(bytes, at, end) !== reader.unsigned(8)) {
      throw damaged("its header's checksum is wrong");
    }
    const { channels, bits, sampleRate } = this.#info;
    const said = assignment < LEFT_SIDE ? assignment + 1 : 2;
    if (
      sizeCode === 0 || assignment > MID_SIDE || said !== channels ||
      rateCode !== 0 && rate !== sampleRate || bitsCode !== 0 && BITS[bitsCode] !== bits
    ) throw damaged("its header contradicts the file's");
    return { size, assignment };
  }
}

/** Undoes the coding of left and right as one of them, or their mean, and their difference. */
function restorePair([a, b]: readonly Int32Array[], size: number, assignment: number): void {
  if (assignment === LEFT_SIDE) { for (let t = 0; t < size; t++) b[t] = a[t] - b[t]; }
  if (assignment === SIDE_RIGHT) { for (let t = 0; t < size; t++) a[t] += b[t]; }
  if (assignment === MID_SIDE) {
    for (let t = 0; t < size; t++) {
      // the bit that the mean lost is the difference's lowest
      const right = a[t] - (b[t] >> 1);
      a[t] = right + b[t];
      b[t] = right;
    }
  }
}

/** A channel of a frame. */
interface Subframe {
  /** What is to be added to the samples; none where they are there. */
  prediction?: Prediction;
  /** Lowest bits that all samples lack. */
  wasted: number;
}

function readSubframe(reader: BitReader, samples: Int32Array, bits: number): Subframe {
  if (reader.unsigned(1) !== 0) throw damaged("a channel does not begin where it should");
  const type = reader.unsigned(6);
  const wasted = reader.unsigned(1) === 0 ? 0 : 1 + reader.unary();
  const width = bits - wasted;
  if (width < 1) throw damaged("a channel has no bits left");
  if (type >= 8 && type <= 12) {
    return { wasted, prediction: readFixed(reader, { samples, order: type - 8, width }) };
  }
  if (type >= 32) {
    return { wasted, prediction: readPredicted(reader, { samples, order: type - 31, width }) };
  }
  if (type === 0) samples.fill(reader.signed(width));
  else if (type === 1) readVerbatim(reader, samples, width);
  else throw damaged("a channel is coded in an unknown way");
  return { wasted };
}

function readVerbatim(reader: BitReader, samples: Int32Array, width: number): void {
  for (let t = 0; t < samples.length; t++) samples[t] = reader.signed(width);
}

interface Predicted {
  samples: Int32Array;
  /** Samples that a prediction looks back on. */
  order: number;
  /** Bits of a sample. */
  width: number;
}

/** Coefficients of the predictors that need none in the file: differences of order 0 to 4 vanish. */
const FIXED = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];

function readFixed(reader: BitReader, predicted: Predicted): Prediction {
  readWarmUp(reader, predicted);
  readResidual(reader, predicted);
  return { coefficients: FIXED[predicted.order], shift: 0 };
}

function readPredicted(reader: BitReader, predicted: Predicted): Prediction {
  readWarmUp(reader, predicted);
  const precision = reader.unsigned(4) + 1, shift = reader.signed(5);
  if (precision === 16 || shift < 0) throw damaged("a predictor is not allowed");
  const coefficients = Array.from({ length: predicted.order }, () => reader.signed(precision));
  readResidual(reader, predicted);
  return { coefficients, shift };
}

function readWarmUp(reader: BitReader, { samples, order, width }: Predicted): void {
  if (order > samples.length) throw damaged("a predictor is longer than the frame");
  readVerbatim(reader, samples.subarray(0, order), width);
}

/** What the predictions miss, in 2^n parts with a Rice parameter each. */
function readResidual(reader: BitReader, { samples, order }: Predicted): void {
  const method = reader.unsigned(2);
  if (method > 1) throw damaged("a residual is coded in an unknown way");
  const parts = 1 << reader.unsigned(4), size = samples.length / parts;
  if (!Number.isInteger(size) || size < order) throw damaged("a residual's parts do not fit");
  const parameterBits = method === 0 ? 4 : 5, escape = method === 0 ? 15 : 31;
  for (let part = 0; part < parts; part++) {
    const from = part === 0 ? order : part * size, to = (part + 1) * size;
    const parameter = reader.unsigned(parameterBits);
    if (parameter < escape) reader.rice(samples, { from, to, parameter });
    else {
      const bits = reader.unsigned(5);
      if (bits > 25) throw damaged("a residual has too many bits");
      readVerbatim(reader, samples.subarray(from, to), bits);
    }
  }
}
