/** Lengths of sound files from what their headers say, without decoding. */
import { decodeFile } from "./decode.ts";
import { readStreamInfo } from "./flac.ts";
import { findMpegFrame, skipId3, surveyMpeg } from "./mpeg_frames.ts";
import { checkIdentification } from "./ogg.ts";
import { duration } from "./sound.ts";
import { readWavLayout } from "./wav.ts";

/** Bytes at a file's start that hold its header as a rule, and at its end that hold the start of an Ogg page for certain. */
const HEAD = 4096, OGG_PAGE = 65307;

/** Bytes up to the end of FLAC's first metadata block, which is always the one that tells the length (RFC 9639, 8.2). */
const FLAC_HEADER = 42;

/**
 * The length of a WAV, FLAC, Ogg Vorbis or MP3 file in seconds, as it announces it: of WAV, FLAC and Ogg a few thousand
 * bytes are read, of MP3 all frame headers. Damage behind the header is not found; `decodeFile` finds it.
 *
 * @throws Error that names the file and says what is wrong with it
 */
export async function readDuration(path: string): Promise<number> {
  try {
    const { isFile, size } = await Deno.stat(path);
    // reading from a folder, a pipe or a device ends badly or never
    if (!isFile) throw new Error("it is no file");
    if (size === 0) throw new Error("it is empty");
    using file = await Deno.open(path);
    return await durationOf(file, { path, size });
  } catch (error) {
    const missing = error instanceof Deno.errors.NotFound;
    const what = missing ? "there is no such file" : (error as Error).message;
    throw new Error(`cannot read the length of ${path}: ${what}`, { cause: error });
  }
}

async function durationOf(
  file: Deno.FsFile,
  { path, size }: { path: string; size: number },
): Promise<number> {
  const head = await readPart(file, { from: 0, to: Math.min(HEAD, size) });
  const whole = () => readPart(file, { from: 0, to: size });
  const magic = (bytes: Uint8Array, at: number) =>
    String.fromCharCode(...bytes.subarray(at, at + 4));
  if (magic(head, 0) === "RIFF") {
    return wavDuration(head, size) ?? wavDuration(await whole(), size)!;
  }
  if (magic(head, 0) === "OggS") {
    return oggDuration(
      head,
      await readPart(file, { from: Math.max(0, size - OGG_PAGE), to: size }),
    );
  }
  const bytes = magic(head, 0) === "fLaC" ? head : await whole(), at = skipId3(bytes);
  if (magic(bytes, at) === "fLaC") {
    if (bytes.length < at + FLAC_HEADER) throw new Error("its header is cut short");
    const { announced, sampleRate } = readStreamInfo(bytes, at + 8);
    // an encoder that could not go back leaves the length open
    return announced > 0 ? announced / sampleRate : duration(decodeFile(path));
  }
  const frame = findMpegFrame(bytes);
  if (frame < 0) throw new Error("it is no WAV, MP3, Ogg Vorbis or FLAC file");
  const { announced, sampleRate } = surveyMpeg(bytes, frame);
  return announced / sampleRate;
}

async function readPart(
  file: Deno.FsFile,
  { from, to }: { from: number; to: number },
): Promise<Uint8Array> {
  const bytes = new Uint8Array(to - from);
  await file.seek(from, Deno.SeekMode.Start);
  for (let at = 0; at < bytes.length;) {
    const count = await file.read(bytes.subarray(at));
    if (count === null) return bytes.subarray(0, at);
    at += count;
  }
  return bytes;
}

/** Undefined where other chunks fill the head. */
function wavDuration(head: Uint8Array, size: number): number | undefined {
  try {
    const { frames, sampleRate } = readWavLayout(head, size);
    return frames / sampleRate;
  } catch (error) {
    if (head.length < size) return undefined;
    throw error;
  }
}

/** Where an Ogg page says its position and serial number, and where its body begins (RFC 3533). */
const POSITION = 6, SERIAL = 14, SEGMENTS = 26;

function oggDuration(head: Uint8Array, tail: Uint8Array): number {
  const sampleRate = checkIdentification(head.subarray(SEGMENTS + 1 + head[SEGMENTS]));
  const first = new DataView(head.buffer, head.byteOffset), last = new DataView(tail.buffer);
  for (let at = tail.length - SEGMENTS - 1; at >= 0; at--) {
    const begins = String.fromCharCode(...tail.subarray(at, at + 4)) === "OggS" &&
      last.getUint32(at + SERIAL, true) === first.getUint32(SERIAL, true);
    const position = begins ? Number(last.getBigInt64(at + POSITION, true)) : 0;
    if (position > 0) return position / sampleRate;
  }
  throw new Error("it holds no samples, only a header");
}
