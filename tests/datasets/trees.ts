/** Folders in the layouts of archives, with sounds of a tenth of a second, for tests that read them. */
import { dirname, join } from "node:path";
import { encodeWav } from "lib/audio/wav.ts";
import { projectPath } from "lib/core/paths.ts";

/** A tenth of a second of a tone at 8 kHz. */
export const WAV = encodeWav({
  sampleRate: 8000,
  channels: [Float32Array.from({ length: 800 }, (_, t) => Math.sin(t / 5) / 2)],
});

/** A tenth of a second, as Ogg Vorbis. */
export const OGG = Deno.readFileSync(projectPath("tests", "fixtures", "audio", "mono.ogg"));

/** Files by their path below the tree. */
export type Tree = Readonly<Record<string, string | Uint8Array>>;

/** Runs a test in a folder with these files. */
export async function withTree(
  files: Tree,
  test: (folder: string) => unknown,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      Deno.mkdirSync(dirname(path), { recursive: true });
      if (typeof content === "string") Deno.writeTextFileSync(path, content);
      else Deno.writeFileSync(path, content);
    }
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Each of the problems, as text. */
export function told(
  { problems }: { problems: readonly { where: string; what: string }[] },
): string[] {
  return problems.map(({ where, what }) => `${where}: ${what}`);
}

/** IRMAS: names with brackets, commas, quotes and umlauts, and the `cla` that is both an instrument and a genre. */
export const IRMAS_TREE: Tree = {
  "IRMAS-TrainingData/README.txt": "",
  "IRMAS-TrainingData/cel/008__[cel][nod][cla]0058__1.wav": WAV,
  "IRMAS-TrainingData/cel/008__[cel][nod][cla]0058__2.wav": WAV,
  "IRMAS-TrainingData/cla/[cla][cla]0150__1.wav": WAV,
  "IRMAS-TrainingData/gel/014__[gel][---][pop_roc]0978__2.wav": WAV,
  "IRMAS-TrainingData/voi/001__[voi][dru][lat_sou]2547__3.wav": WAV,
  'IRMAS-TestingData-Part1/Part1/(02) don\'t kill, "the" whale-1.wav': WAV,
  'IRMAS-TestingData-Part1/Part1/(02) don\'t kill, "the" whale-1.txt': "\ufeffgel\t\r\nvoi\t\r\n",
  'IRMAS-TestingData-Part1/Part1/(02) don\'t kill, "the" whale-2.wav': WAV,
  'IRMAS-TestingData-Part1/Part1/(02) don\'t kill, "the" whale-2.txt': "gel\t\n",
  // one song in both of Unicode's spellings, and a label file in the other one than its sound
  "IRMAS-TestingData-Part2/Part2/F\u00fcr Elise [live] - 3.wav": WAV,
  "IRMAS-TestingData-Part2/Part2/Fu\u0308r Elise [live] - 3.txt": "pia\t\n",
  "IRMAS-TestingData-Part3/Part3/Fu\u0308r Elise [live] - 4.wav": WAV,
  "IRMAS-TestingData-Part3/Part3/Fu\u0308r Elise [live] - 4.txt": "pia\t\ncla\t\n",
  "IRMAS-TestingData-Part3/Part3/._hidden-1.wav": "macOS",
};
