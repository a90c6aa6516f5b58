/** Sound in memory. */

/** Channels of equal length; full scale is -1..1. */
export interface Sound {
  /** Hz. */
  sampleRate: number;
  channels: Float32Array[];
}

/** Length in seconds. */
export function duration({ sampleRate, channels }: Sound): number {
  return channels[0].length / sampleRate;
}
