/** Markdown and code as HTML, through markup.py. */
import { exists } from "../../lib/core/files.ts";
import { projectPath } from "../../lib/core/paths.ts";

/** A text and what it is. */
export interface Piece {
  kind: "markdown" | "typescript";
  text: string;
}

/** Turns texts into HTML, in their order. @throws Error with what Python said, when it fails */
export async function toHtml(pieces: readonly Piece[]): Promise<string[]> {
  const python = projectPath(".venv", "bin", "python");
  if (!exists(python)) throw new Error(`cannot write the report: no ${python}; run ./lumen setup`);
  const child = new Deno.Command(python, {
    args: [projectPath("tools", "report_pages", "markup.py")],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(pieces)));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`cannot turn the notebooks into pages: ${decoder.decode(stderr)}`);
  return JSON.parse(decoder.decode(stdout));
}
