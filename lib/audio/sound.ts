/** Sound in memory. */

/** Channels of equal length; full scale is -1..1. */
export interface Sound {
  /** Hz. */
  sampleRate: number;
  channels: Float32Array[];
}

/** Channels that a sound may have. */
export const MOST_CHANNELS = 8;

/** Samples that a sound may have, over all channels: 4 GiB in memory, three hours of stereo. */
export const MOST_SAMPLES = 2 ** 30;

/** Length in seconds. */
export function duration({ sampleRate, channels }: Sound): number {
  return channels[0].length / sampleRate;
}

/** The message for a file that holds less than it announces; both in samples of a channel. */
export function cutShort(
  { announced, got, sampleRate }: { announced: number; got: number; sampleRate: number },
): string {
  const seconds = (n: number) => (n / sampleRate).toFixed(2);
  return `it is cut short or damaged: ${seconds(announced)} s are announced, ${
    seconds(got)
  } s can be decoded`;
}
