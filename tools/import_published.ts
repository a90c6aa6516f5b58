/**
 * Makes the tables of data/published/ from the files as their authors published them.
 *
 *     deno run -A tools/import_published.ts AUTHORS_TABLES FEATURE_TABLES
 *
 * AUTHORS_TABLES holds the label, key and tempo tables and the annotation export of the original study,
 * FEATURE_TABLES the feature tables and published_svm.json (data/published/README.md names the sources).
 * The values are not touched. What changes: folders go from the names, names become NFC, lists of labels
 * become words with blanks between them, rows are sorted, wide tables become Parquet.
 */
import { basename, join } from "node:path";
import pl, { type DataFrame } from "nodejs-polars";
import { writeAtomically } from "../lib/core/files.ts";
import { projectPath } from "../lib/core/paths.ts";
import { INSTRUMENTS } from "../lib/datasets/labels.ts";

type Row = Record<string, string | number | null>;

const [authors, features] = Deno.args;
if (!features) {
  console.error("usage: deno run -A tools/import_published.ts AUTHORS_TABLES FEATURE_TABLES");
  Deno.exit(2);
}

const fileName = (path: string) => basename(path).normalize("NFC");
const byText = (a: string, b: string) => a < b ? -1 : a > b ? 1 : 0;

function readRows(path: string): Row[] {
  return readTable(path).toRecords() as Row[];
}

/**
 * Types are taken from all rows (the partial labels of OpenMIC begin with hundreds of empty cells);
 * `inferSchemaLength: null` would not infer at all and make everything text.
 */
function readTable(path: string): DataFrame {
  return pl.readCSV(path, { inferSchemaLength: 1_000_000 });
}

function cell(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function write(name: string, data: string | Uint8Array, rows: number): void {
  const path = projectPath("data", "published", name);
  writeAtomically(path, data);
  console.log(`${name}: ${rows} rows, ${Math.ceil(Deno.statSync(path).size / 1024)} KiB`);
}

function writeCsv(name: string, columns: string[], rows: Row[]): void {
  const lines = rows.map((row) => columns.map((column) => cell(row[column])).join(","));
  write(name, [columns.join(","), ...lines].join("\n") + "\n", rows.length);
}

function writeParquet(name: string, table: DataFrame): void {
  write(name, table.writeParquet({ compression: "zstd" }), table.height);
}

/** The single-instrument part: drums, genre, key, most frequent tone and tempo of every clip. */
function importSingleClips(): void {
  const rows = readRows(join(authors, "train_with_tonality.csv")).map((row) => ({
    file: fileName(row.path as string),
    instrument: row.predominant_instrument,
    drums: row.drums,
    genre: row.genres,
    key: row.tonality,
    tone: row.most_frequent_tone,
    tempo: row.tempo,
  })).sort((a, b) => byText(`${a.instrument}/${a.file}`, `${b.instrument}/${b.file}`));
  writeCsv("irmas_single.csv", Object.keys(rows[0]), rows);
}

/** The multi-instrument part, with the half of the authors' split each clip fell in. */
function importMultiClips(): void {
  const half = new Map<string, string>();
  for (
    const [table, name] of [
      ["irmas_train_from_test_n_1544.csv", "train"],
      ["irmas_test_from_test_n_1330.csv", "validation"],
    ]
  ) {
    for (const row of readRows(join(authors, table))) half.set(fileName(row.file as string), name);
  }
  const part = new Map(
    readRows(join(features, "irmas_test_features_25.csv")).map((row) => [
      `${fileName(row.clip as string)}.wav`,
      (row.part as string).replace(/^.*Part/, ""),
    ]),
  );
  const rows = readRows(join(authors, "test_with_tonality.csv")).map((row) => {
    const file = fileName(row.path as string);
    const labels: string[] = (row.instruments as string).match(/\w+/g) ?? [];
    return {
      file,
      song: fileName(row.song_name as string),
      part: part.get(file) ?? null,
      labels: INSTRUMENTS.filter((code) => labels.includes(code)).join(" "),
      half: half.get(file) ?? null,
      key: row.tonality,
      tone: row.most_frequent_tone,
      tempo: row.tempo,
    };
  }).sort((a, b) => byText(a.file, b.file));
  writeCsv("irmas_multi.csv", Object.keys(rows[0]), rows);
}

function importOpenmicLabels(): void {
  const rows = readRows(join(authors, "openmic_r0.8_n_7440.csv")).map((row) => ({
    key: fileName(row.file as string).replace(/\.ogg$/, ""),
    labels: INSTRUMENTS.filter((code) => row[code] === 1).join(" "),
  })).sort((a, b) => byText(a.key, b.key));
  writeCsv("openmic_single_label.csv", Object.keys(rows[0]), rows);
}

/** A feature table: the name and label columns get one spelling, the numbers stay as they are. */
function importFeatures(from: string, to: string): void {
  const table = readTable(join(features, from));
  const columns = table.columns;
  const nameColumn = columns.includes("file") ? "file" : "clip";
  const labelColumn = ["instrument", "label", "labels"].find((name) => columns.includes(name))!;
  const names = table.getColumn(nameColumn).toArray() as string[];
  const head = pl.DataFrame({
    file: names.map((name) => fileName(name).replace(/(\.wav)?$/, ".wav")),
    [labelColumn === "labels" ? "labels" : "instrument"]: table.getColumn(labelColumn).toArray(),
  });
  const values = table.drop(["part", nameColumn, labelColumn].filter((c) => columns.includes(c)));
  writeParquet(to, pl.concat([head, values], { how: "horizontal" }));
}

function importOpenmicFeatures(): void {
  const table = readTable(join(features, "openmic_test_features_34.csv"));
  writeParquet("openmic_features_34.parquet", table.rename({ [table.columns[0]]: "key" }));
}

/** The relabelled clips: the raw export byte for byte, and its normalised table without folders. */
function importRelabelling(): void {
  const raw = Deno.readFileSync(join(authors, "random_samples_relabeling.csv"));
  const rows = readRows(join(authors, "normalized_random_samples_relabeling.csv"))
    .map((row) => ({ ...row, file: fileName(row.filename as string) }));
  write("irmas_relabelling_export.csv", raw, rows.length);
  writeCsv("irmas_relabelled.csv", ["file", ...INSTRUMENTS], rows);
}

function importSvm(): void {
  const published = JSON.parse(Deno.readTextFileSync(join(features, "published_svm.json")));
  const text = JSON.stringify(published);
  write("published_svm.json", text + "\n", published.linear.length + published.rbf.length);
}

importSingleClips();
importMultiClips();
importOpenmicLabels();
importRelabelling();
importFeatures("irmas_train_features_28.csv", "irmas_single_features_28.parquet");
importFeatures("irmas_train_features_25.csv", "irmas_single_features_25.parquet");
importFeatures("irmas_test_features_25.csv", "irmas_multi_features_25.parquet");
importOpenmicFeatures();
importSvm();
