/** Heads of patch pretraining (M13): what was done to each tile of a picture. */
import { tf } from "../engine/mod.ts";
import { fanInUniform, zeros } from "../initializers.ts";
import type { Layer } from "../layer.ts";
import { layerNorm } from "../layers/layer_norm.ts";

/**
 * Means over `count` parts of an axis' `size` positions: [count, size]. Part k goes from floor(k size / count) to
 * ceil((k + 1) size / count), as in PyTorch's adaptive pooling, so that neighbours share what does not divide, and fewer
 * positions than parts are repeated.
 */
function meansOfParts(count: number, size: number): tf.Tensor2D {
  return tf.tensor2d(Array.from({ length: count }, (_, k) => {
    const from = Math.floor(k * size / count), end = Math.ceil((k + 1) * size / count);
    return Array.from({ length: size }, (_, at) => at >= from && at < end ? 1 / (end - from) : 0);
  }));
}

/** Adaptive average pooling: [batch, height, width, features] to [batch, rows, columns, features]. */
export function poolToGrid(
  x: tf.Tensor,
  { rows, columns }: { rows: number; columns: number },
): tf.Tensor {
  const [batch, height, width, features] = x.shape;
  const across = tf.matMul(
    tf.tile(meansOfParts(columns, width).expandDims(0), [batch * height, 1, 1]),
    x.reshape([batch * height, width, features]),
  ); // [batch height, columns, features]
  return tf.matMul(
    tf.tile(meansOfParts(rows, height).expandDims(0), [batch, 1, 1]),
    across.reshape([batch, height, columns * features]),
  ).reshape([batch, rows, columns, features]);
}

/**
 * A linear head for each tile of a grid, on the part of the feature map that lies where the tile does, behind one layer
 * norm. [batch, height, width, features] to [batch, tiles, outputs], rows of tiles one after the other.
 *
 * @param name parameters are `name.norm.*`, `name.weight` [tiles, features, outputs] and `name.bias` [tiles, 1, outputs]
 */
export function tileHeads(
  name: string,
  { features, outputs, grid }: {
    features: number;
    outputs: number;
    grid: { rows: number; columns: number };
  },
): Layer {
  const tiles = grid.rows * grid.columns;
  const norm = layerNorm(`${name}.norm`, { channels: features });
  return {
    parameters: [
      ...norm.parameters,
      {
        name: `${name}.weight`,
        shape: [tiles, features, outputs],
        initial: fanInUniform(features),
      },
      { name: `${name}.bias`, shape: [tiles, 1, outputs], initial: zeros },
    ],
    apply(weights, x, mode) {
      const cells = poolToGrid(x, grid).reshape([-1, tiles, features]);
      const byTile = norm.apply(weights, cells, mode).transpose([1, 0, 2]); // [tiles, batch, features]
      return tf.matMul(byTile, weights(`${name}.weight`)).add(weights(`${name}.bias`))
        .transpose([1, 0, 2]);
    },
  };
}
