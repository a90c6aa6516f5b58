/** Pictures of another height. */
import { tf } from "../engine/mod.ts";

/**
 * [batch, height, width, channels] to [batch, rows, width, channels]: each row the one whose centre is nearest, as
 * PyTorch's "nearest-exact" has it.
 */
export function stretchRows(x: tf.Tensor, rows: number): tf.Tensor {
  const height = x.shape[1]!;
  const nearest = Int32Array.from(
    { length: rows },
    (_, k) => Math.floor((k + 0.5) * height / rows),
  );
  return tf.gather(x, tf.tensor1d(nearest, "int32"), 1);
}
