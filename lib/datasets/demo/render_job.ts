/** One job from score to finished sound, and the clips that are cut from it. */
import { randomFrom } from "../../core/random.ts";
import type { Banks } from "./banks.ts";
import type { Clip, Job } from "./job.ts";
import { finish, mixStems } from "./room.ts";
import { scoreJob } from "./score.ts";
import { SAMPLE_RATE, silence, type Stereo, synthesize } from "./synthesize.ts";

/** Samples of a clip. */
export function clipSamples(clip: Clip): number {
  return Math.round(clip.seconds * SAMPLE_RATE);
}

/** Seconds over which a clip fades in and out: no click at the cut. */
const FADE = 0.004;

/**
 * Renders a job.
 *
 * @param seed the demo's; with the job's name it decides everything
 * @returns the sound of each clip, 44.1 kHz, in order
 */
export async function renderJob(
  job: Job,
  { seed, banks }: { seed: number; banks: Banks },
): Promise<Stereo[]> {
  const random = randomFrom(seed, "demo", "render", job.id);
  const parts = scoreJob(job, random.fork("score"));
  const stems = await synthesize(parts, { seconds: job.seconds + 0.1, banks });
  stems.forEach((stem, k) => {
    if (parts[k].instrument && stem.left.every((x) => x === 0)) {
      throw new Error(
        `${job.id}: ${parts[k].instrument} makes no sound with ${parts[k].voice.library}`,
      );
    }
  });
  const mix = mixStems(stems, parts.map((part) => part.level - 20));
  finish(mix, job.room, { level: job.level, random: random.fork("room") });
  return job.clips.map((clip) =>
    cut(mix, clip, randomFrom(seed, "demo", "fault", clip.file).chance(0.5))
  );
}

function cut(mix: Stereo, clip: Clip, click: boolean): Stereo {
  const samples = clipSamples(clip);
  const sound = silence(samples);
  if (clip.fault === "silent") {
    // Half of the silent files hold a click, as a failed transfer does: their peak is not zero.
    if (click) {
      for (let n = 0; n < 400; n++) sound.left[n] = sound.right[n] = 0.5 * Math.exp(-n / 60);
    }
    return sound;
  }
  const from = Math.round(clip.start * SAMPLE_RATE);
  const ramp = FADE * SAMPLE_RATE;
  for (let n = 0; n < samples; n++) {
    const fade = Math.min(1, (n + 1) / ramp, (samples - n) / ramp);
    sound.left[n] = fade * mix.left[from + n];
    sound.right[n] = fade * mix.right[from + n];
  }
  return sound;
}
