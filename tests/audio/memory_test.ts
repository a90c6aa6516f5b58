import assert from "node:assert/strict";
import { projectPath } from "lib/core/paths.ts";
import { LONG_FILES } from "./long_files.ts";

const SLACK = 64 * 2 ** 20;

Deno.test({
  name: "a file of a minute takes at most three times its sound in memory, and 64 MB",
  ignore: Deno.build.os !== "linux", // the peak is read from /proc
  async fn(t) {
    const folder = await Deno.makeTempDir();
    for (const [format, make] of Object.entries(LONG_FILES)) {
      await t.step(format, async () => {
        const [file, small] = make(), path = `${folder}/long`;
        await Deno.writeFile(path, file);
        const child = await new Deno.Command(Deno.execPath(), {
          args: ["run", "--quiet", "--allow-all", "--config", projectPath("deno.json")].concat(
            projectPath("tests", "audio", "memory_child.ts"),
            projectPath("tests", "fixtures", "audio", small),
            path,
          ),
        }).output();
        assert.ok(child.success, new TextDecoder().decode(child.stderr));
        const { taken, bytes, seconds } = JSON.parse(new TextDecoder().decode(child.stdout));
        assert.ok(seconds > 59.9, `${seconds} s`);
        // the sound itself is there at least: the measurement measures
        assert.ok(taken > 0.9 * bytes, `${taken} bytes for ${bytes}`);
        assert.ok(taken <= 3 * bytes + SLACK, `${taken} bytes for ${bytes}`);
      });
    }
    await Deno.remove(folder, { recursive: true });
  },
});
