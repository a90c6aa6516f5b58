/** Adds a letter to a file every tenth of a second, until the process that started it is gone: `counting.ts FILE`. */
import { endWithParent } from "../../lib/core/parent.ts";

endWithParent();
setInterval(() => Deno.writeTextFileSync(Deno.args[0], "x", { append: true }), 100);
