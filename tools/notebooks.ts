/** The project's notebooks: which there are, what their code cells hold. */
import { basename, join } from "node:path";
import { readJson } from "../lib/core/files.ts";
import { projectPath } from "../lib/core/paths.ts";

/** A cell of an .ipynb file, its text in one piece. */
export interface Cell {
  kind: "code" | "markdown" | "raw";
  source: string;
  outputs: CellOutput[];
}

/** One output of a code cell. */
export type CellOutput =
  | { kind: "data"; data: Record<string, unknown>; metadata: Record<string, unknown> }
  | { kind: "stream"; name: string; text: string }
  | { kind: "error"; text: string };

type Text = string | string[];

interface RawOutput {
  output_type: string;
  name?: string;
  text?: Text;
  data?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  ename?: string;
  evalue?: string;
}

interface RawNotebook {
  cells: { cell_type: Cell["kind"]; source: Text; outputs?: RawOutput[] }[];
}

const joined = (text: Text | undefined) => Array.isArray(text) ? text.join("") : text ?? "";

/** Reads a notebook's cells. @throws Error when the file is missing or is not a notebook */
export function readCells(path: string): Cell[] {
  const { cells } = readJson<RawNotebook>(path);
  if (!Array.isArray(cells)) throw new Error(`${path} is not a notebook: it has no cells`);
  return cells.map(({ cell_type, source, outputs = [] }) => ({
    kind: cell_type,
    source: joined(source),
    outputs: outputs.map(readOutput),
  }));
}

function readOutput(output: RawOutput): CellOutput {
  if (output.output_type === "stream") {
    return { kind: "stream", name: output.name ?? "stdout", text: joined(output.text) };
  }
  if (output.output_type === "error") {
    return { kind: "error", text: `${output.ename}: ${output.evalue}` };
  }
  const data = Object.fromEntries(
    Object.entries(output.data ?? {}).map(([type, value]) => [
      type,
      Array.isArray(value) && !type.endsWith("json") ? value.join("") : value,
    ]),
  );
  return { kind: "data", data, metadata: output.metadata ?? {} };
}

/** Paths of the notebooks in a folder, in the order of their names. */
export function listNotebooks(folder = projectPath("notebooks")): string[] {
  return [...Deno.readDirSync(folder)]
    .filter((entry) => entry.isFile && entry.name.endsWith(".ipynb"))
    .map((entry) => join(folder, entry.name))
    .sort();
}

/**
 * Finds notebooks by what a reader types: "all", a number such as "01" or "1", a name, or a path.
 *
 * @throws Error that lists the notebooks when there is none of that name
 */
export function findNotebooks(name: string, folder?: string): string[] {
  if (name.endsWith(".ipynb") && name.includes("/")) return [name];
  const known = listNotebooks(folder);
  if (name === "all") return known;
  const wanted = /^\d$/.test(name) ? `0${name}` : name;
  const found = known.filter((path) => {
    const file = basename(path, ".ipynb");
    return file === wanted.replace(/\.ipynb$/, "") || file.startsWith(`${wanted}_`);
  });
  if (found.length) return found;
  const names = known.map((path) => basename(path, ".ipynb")).join(", ");
  throw new Error(`there is no notebook "${name}"; there are ${names || "none"} (or all)`);
}
