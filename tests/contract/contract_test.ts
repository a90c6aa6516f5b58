/**
 * The contract on the smallest ConvNeXt for every head with binary cross-entropy and for every loss with the pooled head,
 * and for every backbone with its first head; with `./lumen test --full` for all that go together (product.ts).
 */
import { checkCombination, type Combination, combinations } from "./product.ts";

const all = combinations();
const firstOf = (backbone: Combination["backbone"]) =>
  all.find((combination) => combination.backbone === backbone);

const isUsual = (combination: Combination) => {
  const { backbone, head, loss } = combination;
  if (combination === firstOf(backbone)) return true;
  return backbone === "convnext" && (head === "pooled" || loss === "binary cross-entropy");
};

for (const combination of all) {
  if (!Deno.env.has("LUMEN_FULL_TESTS") && !isUsual(combination)) continue;
  const { backbone, head, loss } = combination;
  Deno.test(`${backbone}, ${head} head, ${loss}: the contract`, () =>
    checkCombination(combination));
}
