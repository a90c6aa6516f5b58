/** A disk with hardly any room, where the machine allows to make one. */
import { join } from "node:path";
import { TemporaryFolder } from "./temporary_folder.ts";

/** A disk in memory; disposed of, it is gone. */
export class SmallDisk implements Disposable {
  readonly #folder: TemporaryFolder;

  private constructor(folder: TemporaryFolder) {
    this.#folder = folder;
  }

  /** Makes one; nothing where this user may not mount. @param kilobytes its size */
  static make(kilobytes: number): SmallDisk | undefined {
    const folder = new TemporaryFolder();
    const options = ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "lumen_test", folder.path];
    if (Deno.build.os === "linux" && succeeds("mount", options)) return new SmallDisk(folder);
    folder[Symbol.dispose]();
  }

  get path(): string {
    return this.#folder.path;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  [Symbol.dispose](): void {
    succeeds("umount", [this.path]);
    this.#folder[Symbol.dispose]();
  }
}

function succeeds(command: string, args: string[]): boolean {
  return new Deno.Command(command, { args, stdout: "null", stderr: "null" }).outputSync().success;
}
