/** A process of its own that downloads: URL TO. */
import { download } from "lib/download/download.ts";

const [url, to] = Deno.args;
await download({ url, to });
