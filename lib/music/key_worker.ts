/** One sound file's key, in a worker. */
import { decodeFile } from "../audio/decode.ts";
import { serveTasks } from "../core/parallel.ts";
import { detectKey, type KeyEstimate } from "./key.ts";

serveTasks<string, KeyEstimate>(async (path) => ({ value: detectKey(await decodeFile(path)) }));
