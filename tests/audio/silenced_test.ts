import assert from "node:assert/strict";
import { projectPath } from "lib/core/paths.ts";

Deno.test("nobody but us writes to the standard error while damaged files are decoded", async () => {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", "--config", projectPath("deno.json")]
      .concat(projectPath("tests", "audio", "damaged_child.ts")),
  }).output();
  assert.ok(success);
  assert.equal(new TextDecoder().decode(stderr), "done\n");
});
