import assert from "node:assert/strict";
import {
  agreement,
  inPieces,
  measuresOfEmbedding,
  nearestElsewhere,
} from "lib/experiments/embedding_quality.ts";
import type { TrainingData } from "lib/experiments/training_data.ts";
import type { Predictor } from "lib/train/predictor.ts";
import { tinyConfig, tinyData } from "../train/tiny_run.ts";

const LABELS = 11;

Deno.test("the nearest clip is one of another recording", () => {
  // on a circle, by degrees; the nearest of all is always of the own recording
  const degrees = [0, 1, 20, 90, 91, 180];
  const values = Float64Array.from(degrees.flatMap((d) => {
    const angle = d * Math.PI / 180;
    return [Math.cos(angle), Math.sin(angle)];
  }));
  const nearest = nearestElsewhere({ values, columns: 2 }, ["a", "a", "b", "c", "c", "d"]);
  assert.deepEqual([...nearest], [2, 2, 1, 2, 2, 4]);
});

Deno.test("an answer of the right family is half right", () => {
  // cello for violin, saxophone for organ, piano, and voice for flute
  assert.deepEqual(agreement([0, 7, 6, 10], [9, 5, 6, 2]), {
    accuracy: 1 / 4,
    familyAccuracy: 3 / 4,
  });
});

Deno.test("pieces are of nearly one size, and all are in them once", () => {
  const pieces = inPieces([...Array(13).keys()], 5);
  assert.deepEqual(pieces.map((piece) => piece.length), [4, 5, 4]);
  assert.deepEqual(pieces.flat(), [...Array(13).keys()]);
  assert.deepEqual(inPieces([], 5), []);
});

/** Clips that say what they are in their first value, which an embedding then repeats. */
function spokenData(): TrainingData {
  const data = tinyData(), { bytes, bands, frames, names } = data.clips;
  names.forEach((_, clip) => bytes[clip * bands * frames] = 20 * (clip % LABELS));
  return {
    ...data,
    train: data.train.filter((k) => k % 3 > 0),
    held: data.held.filter((k) => k % 3 === 0),
  };
}

/** Each label's own direction, `turn` labels further for clips that are told apart by `isTurned`. */
const listen = (turn = 0): Predictor => (input, { count, bands, frames }) => {
  const config = tinyConfig().frontEnd, out = new Float32Array(count * LABELS);
  for (let k = 0; k < count; k++) {
    const dB = input[k * bands * frames] * config.networkDeviation + config.networkMean;
    const label = Math.round((dB / config.topDb + 1) * 255 / 20);
    out[k * LABELS + (label + turn) % LABELS] = 1;
  }
  return Promise.resolve(out);
};

Deno.test("an embedding that knows the instruments is perfect, one that knows nothing is at chance", async () => {
  const { validate, evaluate } = measuresOfEmbedding(tinyConfig(), spokenData());
  for (const turn of [0, 4]) { // which direction is whose does not matter
    assert.deepEqual(await validate(listen(turn)), {
      "validation/neighbourAccuracy": 1,
      "validation/neighbourFamilyAccuracy": 1,
    });
    const right = { accuracy: 1, familyAccuracy: 1 };
    assert.deepEqual(await evaluate(listen(turn)), {
      objective: "metric",
      heldOut: { clips: 32, neighbours: right, probe: right },
    });
  }
  const deaf: Predictor = (_, { count }) =>
    Promise.resolve(new Float32Array(count * LABELS).fill(1 / Math.sqrt(LABELS)));
  const { heldOut } = await evaluate(deaf) as { heldOut: { probe: { accuracy: number } } };
  assert.ok(heldOut.probe.accuracy <= 3 / 32, "the share of one instrument");
});
