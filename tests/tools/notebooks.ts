/** Small notebooks in a temporary folder, and the Deno kernel that runs these tests. */
import { join } from "node:path";
import { writeAtomically, writeJson } from "lib/core/files.ts";

/** A folder that is removed at the end. */
export class Workplace implements Disposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "lumen_notebooks_" });

  /** Writes a notebook of code cells; "md:" begins a text cell. Gives its path. */
  notebook(name: string, cells: string[]): string {
    const path = join(this.folder, name);
    const content = {
      cells: cells.map((source, k) =>
        source.startsWith("md:")
          ? { cell_type: "markdown", id: `c${k}`, metadata: {}, source: [source.slice(3)] }
          : {
            cell_type: "code",
            id: `c${k}`,
            metadata: { execution: { "iopub.status.busy": "2020-01-01" } },
            execution_count: null,
            outputs: [],
            // as a list of lines: of one text, deno fmt wants a line end after the last
            source: source.split(/(?<=\n)/),
          }
      ),
      // deno fmt formats code cells only where the language stands
      metadata: { language_info: { name: "typescript" } },
      nbformat: 4,
      nbformat_minor: 5,
    };
    // indented as Jupyter does and deno fmt wants it
    writeAtomically(path, JSON.stringify(content, null, 1));
    return path;
  }

  /** Environment in which Jupyter finds this Deno as its kernel. */
  kernel(): Record<string, string> {
    writeJson(join(this.folder, "jupyter", "kernels", "deno", "kernel.json"), {
      argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
      display_name: "Deno",
      language: "typescript",
    });
    return {
      JUPYTER_PATH: join(this.folder, "jupyter"),
      JUPYTER_RUNTIME_DIR: join(this.folder, "runtime"),
      NO_COLOR: "1",
    };
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}
