/** Runs notebooks headless, through run_notebook.py, which speaks to the Deno kernel in the .venv. */
import { delimiter, dirname } from "node:path";
import { exists } from "../lib/core/files.ts";
import { projectPath } from "../lib/core/paths.ts";

/** Options of {@link runNotebook}. */
export interface RunNotebookOptions {
  /** Where the executed notebook goes. Default: in place. */
  output?: string;
  /** Working directory of the cells; the kernel finds `deno.json` from there. Default: the notebook's. */
  folder?: string;
  /** Seconds a cell may take. Default 300. */
  cellTimeout?: number;
  /** Added to the environment. */
  env?: Record<string, string>;
  /** Whether progress and errors go to this program's own output (default) or into the result. */
  quiet?: boolean;
}

/** How a run ended. */
export interface NotebookRun {
  /** 0: all cells ran; 1: a cell failed; 2: the notebook or the kernel cannot be used. */
  code: number;
  /** Progress and error text, where the run was quiet. */
  text: string;
}

/** Runs all cells of a notebook in a fresh kernel and writes it with its outputs, if all went well. */
export async function runNotebook(
  path: string,
  { output, folder, cellTimeout, env = {}, quiet = false }: RunNotebookOptions = {},
): Promise<NotebookRun> {
  const python = projectPath(".venv", "bin", "python");
  if (!exists(python)) {
    throw new Error(`cannot run ${path}: there is no ${python}; run ./lumen setup`);
  }
  const args = [projectPath("tools", "run_notebook.py"), path];
  if (output) args.push("--output", output);
  if (folder) args.push("--folder", folder);
  if (cellTimeout) args.push("--cell-timeout", String(cellTimeout));
  const result = await new Deno.Command(python, {
    args,
    env: {
      // children of a notebook find the same Deno
      PATH: [dirname(Deno.execPath()), Deno.env.get("PATH")].filter(Boolean).join(delimiter),
      ...env,
    },
    stdin: "null",
    stdout: "inherit",
    stderr: quiet ? "piped" : "inherit",
  }).output();
  return { code: result.code, text: quiet ? new TextDecoder().decode(result.stderr) : "" };
}
