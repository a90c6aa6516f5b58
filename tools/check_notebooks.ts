/**
 * Checks the code of notebooks, which the kernel never does: types and lint of all code cells of a notebook
 * as one program, formatting, and that every output is awaited. Messages name notebook, cell and line.
 *
 *     deno run -A tools/check_notebooks.ts [NOTEBOOK...]
 */
import { basename, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { projectPath, ROOT } from "../lib/core/paths.ts";
import { listNotebooks, readCells } from "./notebooks.ts";

/** The code of a notebook as one module, and where each of its lines comes from. */
export interface Program {
  text: string;
  /** For line k + 1 of the text: the cell's number among all cells, and the line in it, from 1. */
  origin: { cell: number; line: number }[];
}

/** Puts the code cells of a notebook into one module. */
export function programOf(path: string): Program {
  const lines: string[] = [], origin: Program["origin"] = [];
  readCells(path).forEach(({ kind, source }, index) => {
    if (kind !== "code") return;
    source.split("\n").forEach((text, k) => {
      lines.push(text);
      origin.push({ cell: index + 1, line: k + 1 });
    });
  });
  return { text: lines.join("\n") + "\nexport {};\n", origin };
}

/** What a check found. */
export interface CheckResult {
  /** Notebooks with a complaint. */
  failed: string[];
  /** The complaints. */
  text: string;
}

/** Checks notebooks. @param paths .ipynb files */
export async function checkNotebooks(paths: readonly string[]): Promise<CheckResult> {
  const folder = await Deno.makeTempDir({ prefix: "notebooks_" });
  const complaints: string[] = [], failed = new Set<string>();
  const complain = (path: string, text: string) => {
    failed.add(path);
    complaints.push(text);
  };
  try {
    const files = paths.map((path, k) => {
      const program = programOf(path);
      const file = join(folder, `${k}_${basename(path, ".ipynb")}.ts`);
      Deno.writeTextFileSync(file, program.text);
      for (const where of unawaited(program)) {
        complain(path, `${place(path, where)}: an output is not awaited and may be lost`);
      }
      return { path, file, program };
    });
    const config = ["--config", projectPath("deno.json")];
    const checks = [["check", ...config], ["lint", "--compact", ...config]];
    for (const check of checks) {
      const text = await complaintsOf([...check, ...files.map(({ file }) => file)]);
      if (text === null) continue;
      let mapped = text;
      for (const { path, file, program } of files) {
        const there = mapLines(mapped, file, (line) => place(path, program.origin[line - 1]));
        if (there !== mapped) failed.add(path);
        mapped = there;
      }
      // a complaint that could not be traced to one notebook concerns all of them
      if (mapped === text) { for (const path of paths) failed.add(path); }
      complaints.push(mapped.trim());
    }
    for (const { path, cell } of await unformattedCells(paths, folder, config)) {
      complain(
        path,
        `${
          shown(path)
        }:cell ${cell}: not formatted; run ./lumen deno fmt --no-config --line-width 100 ${
          shown(path)
        }`,
      );
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return { failed: [...failed], text: complaints.join("\n\n") };
}

/**
 * Code cells that deno fmt would change. It is asked about each cell as a file of its own: of a whole notebook
 * Deno 2.9.8 says so whenever a cell does not end with a line end.
 */
async function unformattedCells(paths: readonly string[], folder: string, config: string[]) {
  const cells = paths.flatMap((path, p) =>
    readCells(path).flatMap(({ kind, source }, k) => {
      if (kind !== "code" || !source.trim()) return [];
      const file = join(folder, `${p}_cell_${k + 1}.ts`);
      Deno.writeTextFileSync(file, source.trimEnd() + "\n");
      return [{ path, cell: k + 1, file }];
    })
  );
  if (!cells.length) return [];
  const text = await complaintsOf(["fmt", "--check", ...config, ...cells.map(({ file }) => file)]);
  return text === null ? [] : cells.filter(({ file }) => text.includes(`from ${file}:`));
}

/** Runs Deno; gives what it wrote, or null where it was content. */
async function complaintsOf(args: string[]): Promise<string | null> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (success) return null;
  // what remains says where and why; the rest counts and repeats
  return (decode(stdout) + decode(stderr))
    .replace(/^(?:Check .*|Found \d+ .*|Checked \d+ .*|error: Type checking failed\.)\n/gm, "")
    .replace(/^Stack backtrace:[^]*/m, "");
}

const shown = (path: string) => path.startsWith(ROOT) ? relative(ROOT, path) : path;

const place = (path: string, where?: { cell: number; line: number }) =>
  where ? `${shown(path)}:cell ${where.cell}:line ${where.line}` : `${shown(path)}:end`;

/** Replaces a temporary file's places, as check and lint write them, by places in the notebook. */
function mapLines(text: string, file: string, name: (line: number) => string): string {
  const address = pathToFileURL(file).href;
  const pattern = new RegExp(
    `(?:${RegExp.escape(address)}|${RegExp.escape(file)})(?::(?: line )?(\\d+))?`,
    "g",
  );
  return text.replace(pattern, (_, line) => name(Number(line)));
}

/** Places where show, playSound or runWithProgress stands without await. */
export function unawaited({ text, origin }: Program): Program["origin"] {
  return text.split("\n").flatMap((line, k) => {
    const code = line.replace(/\/\/.*$/, "");
    const loose = /(?<!await\s+)(?<![.\w])(?:show|playSound|runWithProgress)\(/.test(code);
    return loose ? [origin[k]] : [];
  });
}

if (import.meta.main) {
  const paths = Deno.args.length
    ? Deno.args.map((path) => join(Deno.cwd(), path))
    : listNotebooks();
  const { failed, text } = await checkNotebooks(paths);
  if (text) console.error(text);
  console.log(`${paths.length} notebooks checked, ${failed.length} with complaints`);
  if (failed.length) Deno.exit(1);
}
