import assert from "node:assert/strict";
import { compareSpeed, epochsToReach } from "lib/experiments/convergence.ts";

const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-9, `${a} ${b}`);

/** Metrics of a run: an accuracy after each epoch, and something else. */
const run = (...accuracies: number[]) =>
  accuracies.flatMap((value, epoch) => [
    { name: "train/loss", step: epoch + 1, epoch, value: 1 },
    { name: "validation/accuracy", step: epoch + 1, epoch, value },
  ]);

Deno.test("epochs to a level: on the lines between epochs, at most all of them", () => {
  const reach = (level: number) => epochsToReach([0.2, 0.4, 0.6, 0.5], { level, start: 0.1 });
  near(reach(0.4), 2);
  near(reach(0.5), 2.5);
  near(reach(0.7), 4);
  near(reach(0.15), 0.5);
  near(reach(0.05), 0);
});

Deno.test("a way to train that is a whole epoch ahead saves one, whatever it ends at", () => {
  const slow = [[0.1, 0.3, 0.5, 0.6], [0.1, 0.31, 0.51, 0.6], [0.1, 0.29, 0.49, 0.6]];
  const base = slow.map((curve) => run(...curve));
  const ahead = slow.map(([, ...curve]) => run(...curve, 0.6));
  const higher = slow.map(([, ...curve]) => run(...curve, 0.9));
  const found = compareSpeed({
    base,
    variants: [{ name: "ahead", runs: ahead }, { name: "higher", runs: higher }, {
      name: "one run",
      runs: [base[0]],
    }, { name: "itself", runs: base }],
  });
  assert.deepEqual(found.map(({ name, verdict }) => [name, verdict]), [
    ["ahead", "better"],
    ["higher", "better"],
    ["itself", "no evidence"],
  ]);
  for (const { level, value, low, high, name } of found) {
    near(level, 0.54);
    near(value, name === "itself" ? 0 : 1);
    near(value - low, high - value);
  }
  // by F1, whose curve begins at none: the level is 0.9 of 0.1, in the first epoch of both
  const f1 = (value: number, epoch: number) => ({
    name: "validation/macroF1",
    step: 1,
    epoch,
    value,
  });
  const flat = [0, 1].map(() => [0.1, 0.1].map(f1));
  const variants = [{ name: "flat", runs: flat }];
  const [byF1] = compareSpeed({ base: flat, variants, of: "macroF1" });
  near(byF1.level, 0.09);
  near(byF1.epochs.base[0], 0.9);
  const [worse] = compareSpeed({ base: ahead, variants: [{ name: "slow", runs: base }] });
  assert.equal(worse.verdict, "worse");
  near(worse.value, -1);
  assert.throws(
    () => compareSpeed({ base, variants: [{ name: "longer", runs: [run(1), run(1)] }] }),
    /how fast longer and its base converge: runs have 4 and 1 epochs/,
  );
});
