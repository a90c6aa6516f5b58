/** The valid files that are damaged. */
import { createHash } from "node:crypto";
import { projectPath } from "../../lib/core/paths.ts";
import type { CorpusFile, Format } from "./mutate.ts";

const FOLDER = projectPath("tests", "fixtures", "audio");

/** The corpus of a format, by name. */
export function readCorpus(format: Format): CorpusFile[] {
  return [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort()
    .filter((name) => name.endsWith(`.${format}`))
    .map((name) => ({ name, bytes: Deno.readFileSync(`${FOLDER}/${name}`) }));
}

/** SHA-256 of a corpus: a result belongs to the files that it was made of. */
export function corpusHash(corpus: readonly CorpusFile[]): string {
  const hash = createHash("sha256");
  for (const { name, bytes } of corpus) hash.update(name).update(bytes);
  return hash.digest("hex");
}
