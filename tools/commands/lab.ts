/** `lumen lab`: JupyterLab with Deno's kernel, and its settings in the project instead of the user's home. */
import type { Command } from "commander";
import { projectPath } from "../../lib/core/paths.ts";

/** Adds the command. */
export function register(program: Command): void {
  program.command("lab")
    .description("open the notebooks in JupyterLab")
    .option("--port <number>", "the port to serve on", "8888")
    .option("--no-browser", "do not open a browser; the address is printed")
    .argument("[arguments...]", "further arguments for jupyter lab, e.g. -- --allow-root")
    .action(async (further: string[], options: { port: string; browser: boolean }) => {
      // Ctrl-C is JupyterLab's: it asks whether to stop
      Deno.addSignalListener("SIGINT", () => {});
      const status = await new Deno.Command(projectPath(".venv", "bin", "python"), {
        args: ["-m", "jupyterlab", ...labArguments(options), ...further],
        env: jupyterEnvironment(),
      }).spawn().status;
      Deno.exit(status.code);
    });
}

function labArguments({ port, browser }: { port: string; browser: boolean }): string[] {
  return [
    `--ServerApp.root_dir=${projectPath()}`,
    "--LabApp.default_url=/lab/tree/notebooks",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    // the search for language servers would call npm, which leaves its logs in the user's home
    "--LanguageServerManager.autodetect=False",
    `--ServerApp.port=${port}`,
    ...(browser ? [] : ["--no-browser"]),
  ];
}

/** Jupyter's folders, all inside .venv. */
export function jupyterEnvironment(): Record<string, string> {
  const folder = (name: string) => projectPath(".venv", "jupyter", name);
  return {
    JUPYTER_CONFIG_DIR: folder("config"),
    JUPYTER_DATA_DIR: folder("data"),
    JUPYTER_RUNTIME_DIR: folder("runtime"),
    IPYTHONDIR: folder("ipython"),
  };
}
