/** Pictures of another size. */
import { tf } from "../engine/mod.ts";

/** Of so many places along an axis, for each new one the one whose centre is nearest, as PyTorch's "nearest-exact" has it. */
const nearest = (size: number, wanted: number) =>
  tf.tensor1d(
    Int32Array.from({ length: wanted }, (_, k) => Math.floor((k + 0.5) * size / wanted)),
    "int32",
  );

/** [batch, height, width, channels] to [batch, rows, width, channels]: each row the nearest one. */
export const stretchRows = (x: tf.Tensor, rows: number): tf.Tensor =>
  tf.gather(x, nearest(x.shape[1]!, rows), 1);

/** [batch, height, width, channels] to [batch, height, columns, channels]: each column the nearest one. */
export const stretchColumns = (x: tf.Tensor, columns: number): tf.Tensor =>
  tf.gather(x, nearest(x.shape[2]!, columns), 2);

/**
 * [batch, height, width, channels] to as many columns as the next multiple has: the picture, and to its right its columns from
 * the first on once more, as a clip's last piece is completed.
 */
export function completeColumns(x: tf.Tensor, multiple: number): tf.Tensor {
  const width = x.shape[2]!, columns = Math.ceil(width / multiple) * multiple;
  if (columns === width) return x;
  const order = Int32Array.from({ length: columns }, (_, k) => k % width);
  return tf.gather(x, tf.tensor1d(order, "int32"), 2);
}

/**
 * [batch, height, width, channels] to [batch, height, columns, channels]: the picture, and to its right its smallest value.
 *
 * @throws RangeError where the picture is wider than that
 */
export function onCanvas(x: tf.Tensor, columns: number): tf.Tensor {
  const [batch, height, width, channels] = x.shape;
  if (width > columns) {
    throw new RangeError(`cannot put a picture of ${width} columns on a canvas of ${columns}`);
  }
  const rest = tf.ones([batch, height, columns - width, channels]).mul(x.min([1, 2, 3], true));
  return tf.concat([x, rest], 2);
}
