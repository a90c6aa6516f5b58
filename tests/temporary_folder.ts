/** A folder of a test's own. */
import { join } from "node:path";

/** A folder that is gone when it is disposed of. */
export class TemporaryFolder implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "lumen_test_" });

  /** A path in it. */
  file(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  /** Names of what is in it, sorted. */
  get names(): string[] {
    return [...Deno.readDirSync(this.path)].map(({ name }) => name).sort();
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
