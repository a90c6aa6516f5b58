/**
 * Training steps of one network of bench/train.ts, for a profiler: where the time goes, primitive by primitive.
 *
 *     ONEDNN_VERBOSE=1 ./lumen deno run -P=lumen bench/steps.ts resnext50-32x4d | python bench/peers/onednn_times.py
 */
import { NETWORKS } from "./train.ts";
import { prepareNetwork } from "./network.ts";

/** The first ones compile and warm up; as many are counted. */
const STEPS = 4;

const [name] = Deno.args;
if (!(name in NETWORKS)) {
  throw new Error(
    `there is no network "${name}" to profile; known: ${Object.keys(NETWORKS).join(", ")}`,
  );
}
const { build, shape } = NETWORKS[name];
const network = prepareNetwork(build(shape[3]), shape);
for (let k = 0; k < STEPS; k++) network.step();
console.log(`from here on ${STEPS} steps`);
const start = performance.now();
for (let k = 0; k < STEPS; k++) network.step();
console.log(`milliseconds a step ${(performance.now() - start) / STEPS}`);
Deno.exit(0);
