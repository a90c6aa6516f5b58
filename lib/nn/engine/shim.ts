/** tfjs-node 4.22 calls three functions that today's `node:util` no longer has. Must load before it. */
import util from "node:util";

const legacy = util as unknown as Record<string, (value: unknown) => boolean>;
legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
legacy.isArray ??= Array.isArray;
legacy.isString ??= (value) => typeof value === "string";
