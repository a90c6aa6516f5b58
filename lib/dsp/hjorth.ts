/** Hjorth's parameters (B. Hjorth, "EEG analysis based on time domain properties", 1970). */

/** Mobility in 1 / samples, complexity without a unit. */
export interface HjorthParameters {
  mobility: number;
  complexity: number;
}

/**
 * How fast a signal changes: mobility, the deviation of its differences over its own, is its mean frequency;
 * complexity, the mobility of its differences over its own, is 1 for a sine and larger for what has more partials.
 *
 * @param y samples, at least 3
 * @returns zeros where the signal, or its slope, does not change
 * @throws RangeError for fewer samples
 */
export function hjorthParameters(y: Float32Array): HjorthParameters {
  if (y.length < 3) {
    throw new RangeError(
      `cannot find Hjorth's parameters of ${y.length} samples, only of 3 or more`,
    );
  }
  const first = differences(y), second = differences(first);
  const activity = variance(y), speed = variance(first), acceleration = variance(second);
  const mobility = activity > 0 ? Math.sqrt(speed / activity) : 0;
  const complexity = speed > 0 ? Math.sqrt(acceleration / speed) / mobility : 0;
  return { mobility, complexity };
}

function differences(y: Float32Array | Float64Array): Float64Array {
  const out = new Float64Array(y.length - 1);
  for (let t = 0; t < out.length; t++) out[t] = y[t + 1] - y[t];
  return out;
}

/** The mean squared deviation from the mean. */
function variance(y: Float32Array | Float64Array): number {
  let sum = 0;
  for (let t = 0; t < y.length; t++) sum += y[t];
  const mean = sum / y.length;
  let squares = 0;
  for (let t = 0; t < y.length; t++) squares += (y[t] - mean) * (y[t] - mean);
  return squares / y.length;
}
