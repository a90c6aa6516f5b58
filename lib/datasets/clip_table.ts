/** Clips as a Polars table. */
import pl, { type DataFrame } from "nodejs-polars";
import type { Clip, Tags } from "./clip.ts";
import type { Instrument } from "./labels.ts";

/** All tags, in the table's order. */
const TAGS = [
  "part",
  "genre",
  "drums",
  "key",
  "tone",
  "tempo",
  "fault",
  "fold",
  "category",
  "guitar",
  "guitarConfidence",
] as const satisfies (keyof Tags)[];

/**
 * Clips as a table: a row each; labels as words with blanks between them, `judged` too (null: all eleven), and a column
 * for every tag that any of them has.
 */
export function clipTable(clips: readonly Clip[]): DataFrame {
  const words = (codes: readonly Instrument[] | null) => codes?.join(" ") ?? null;
  const text = (name: string, value: (clip: Clip) => string | null) =>
    pl.Series(name, clips.map(value), pl.Utf8);
  const tags = TAGS.filter((tag) => clips.some((clip) => clip.tags[tag] !== undefined));
  return pl.DataFrame([
    text("name", ({ name }) => name),
    text("source", ({ source }) => source),
    text("labels", ({ labels }) => words(labels)),
    text("judged", ({ judged }) => words(judged)),
    text("group", ({ group }) => group),
    pl.Series("seconds", clips.map(({ seconds }) => seconds), pl.Float64),
    text("split", ({ split }) => split),
    ...tags.map((tag) => {
      const values = clips.map((clip) => clip.tags[tag] ?? null);
      const sample = values.find((value) => value !== null);
      const type = typeof sample === "string"
        ? pl.Utf8
        : typeof sample === "boolean"
        ? pl.Bool
        : pl.Float64;
      return pl.Series(tag, values, type);
    }),
    text("path", ({ path }) => path),
  ]);
}
