/** What the document claims of what a network is shown. */
import type { Claim } from "../../lib/experiments/claims.ts";

export const FEATURE_CLAIMS: readonly Claim[] = [
  {
    id: "sound.channels",
    section: "3 Mono",
    claim: "both channels are the same, mostly, and depth does not matter to a model",
    evidence: { needs: "IRMAS audio" },
  },
  {
    id: "sound.rate",
    section: "3 Resampling",
    claim: "most training clips have 44,100 samples a second",
    document: 44100,
    evidence: { claimed: "44100", found: "44100", readIn: "IRMAS's README" },
    fact: { id: "F2.rate", on: "IRMAS" },
  },
  {
    id: "sound.resampled_mel",
    section: "3 Resampling",
    claim:
      "mel spectrograms do not change noticeably at 16 kHz (below 8 kHz: the median cell by less than 1 dB, rendered clips)",
    evidence: { row: "F2.mel_change", below: 1 },
  },
  {
    id: "sound.cache",
    section: "3 Resampling",
    claim:
      "to resample once and keep it makes training faster, up to twice (an epoch of a small network on two cores at best 1.5 to 2.5 times)",
    document: 2,
    evidence: { row: "E22.speed_up", above: 1.5, below: 2.5 },
  },
  {
    id: "sound.cache_batches",
    section: "3 Resampling",
    claim:
      "to resample once and keep it makes training faster, up to twice (making batches, which is what a fast network waits for: at best 1.5 to 2.5 times)",
    document: 2,
    evidence: { row: "E22.batches_speed_up", above: 1.5, below: 2.5 },
  },
  {
    id: "sound.power",
    section: "3 Normalisation",
    claim: "tracks differ greatly in power (by a deviation of 6 dB, at least)",
    evidence: { estimate: "features: deviation of the level, dB", above: 6 },
  },
  {
    id: "sound.min_max",
    section: "3 Normalisation",
    claim: "librosa's normalisation is min-max normalisation",
    evidence: { estimate: "peak normalisation: half the range", is: 1 },
  },
  {
    id: "sound.spikes",
    section: "3 Normalisation; 6 Conclusion",
    claim:
      "one spike can squeeze a clip, and loudness would be the better norm (mean power varies less, rendered clips)",
    evidence: { row: "F3.power_deviation", below: 0 },
  },
  {
    id: "mel.logarithmic",
    section: "3 Mel",
    claim: "mel is a logarithm of frequency: bands grow with it everywhere (at 900 Hz too)",
    evidence: { estimate: "mel: width at 900 Hz by the lowest band", above: 1.01 },
  },
  {
    id: "mel.wider",
    section: "3 Mel",
    claim: "high bands are wider than low ones",
    evidence: { estimate: "mel: width of the highest by the lowest band", above: 1 },
  },
  {
    id: "mel.definition",
    section: "3 Mel",
    claim: "1,000 Hz are 1,000 mel, on the scale as it was defined (HTK's)",
    document: 1000,
    evidence: { estimate: "mel as defined: 1,000 Hz", is: 1000, within: 1 },
  },
  {
    id: "mel.reference",
    section: "3 Mel",
    claim: "1,000 Hz are 1,000 mel, on the scale of its spectrograms",
    document: 1000,
    evidence: { estimate: "mel: 1,000 Hz", is: 1000, within: 1 },
    fact: { id: "F4.mel_of_1000_hz", on: "arithmetic", tolerance: 1 },
  },
  {
    id: "mel.perceived",
    section: "3 Mel",
    claim: "200 and 300 Hz are farther apart in mel than 5,200 and 5,300 Hz",
    evidence: { estimate: "mel: 200 to 300 Hz by 5,200 to 5,300 Hz", above: 1 },
  },
  {
    id: "mel.decibel",
    section: "3 Mel",
    claim: "decibels suit better than power: with power it is worse",
    evidence: { family: "E23", variant: "power", measure: "ranking", claims: "worse" },
  },
  {
    id: "mel.decibel_used",
    section: "3 Mel",
    claim: "spectrograms are brought to decibels",
    document: "decibel",
    evidence: {
      claimed: "decibel",
      found: "power",
      readIn: "the original's audio_to_spectrogram.py",
    },
  },
  {
    id: "wave.filter",
    section: "3 Other features",
    claim: "a filter of 0.2 s at 16 kHz has 3,200 parameters",
    document: 3200,
    evidence: { estimate: "a filter of 0.2 s at 16 kHz", is: 3200 },
    fact: { id: "M23.filter", on: "arithmetic" },
  },
  {
    id: "wave.worth",
    section: "3 Other features",
    claim:
      "waveforms as input are not worth their work: wav2vec 2.0's convolutions are worse than a network on mel (random weights, demo's songs)",
    evidence: { family: "E15", variant: "demo_wav2vec2", measure: "songs", claims: "worse" },
  },
  {
    id: "features.learnt",
    section: "3 Other features",
    claim:
      "learnt features beat hand-made ones: a small network, from scratch, the best classical model",
    evidence: { estimate: "learnt less hand-made features: accuracy", above: 0 },
  },
  {
    id: "features.mel_best",
    section: "3 Other features; 6 Results",
    claim: "mel is the best input: chroma, scalogram, MFCC and channels are no better",
    evidence: ["chroma", "scalogram", "mfcc", "channels"].map((variant) => ({
      family: "E11",
      variant,
      measure: "songs" as const,
      claims: "no better" as const,
    })),
  },
  {
    id: "features.chroma",
    section: "3 Chromagram",
    claim: "chroma is no better than mel",
    evidence: { family: "E11", variant: "chroma", measure: "songs", claims: "no better" },
  },
  {
    id: "features.chroma_genre",
    section: "3 Chromagram",
    claim: "chroma matters for telling genres",
    evidence: { needs: "a genre classifier, which this study has none of" },
  },
  {
    id: "features.scalogram",
    section: "3 Scalogram",
    claim: "scalograms give bad results: worse than mel",
    evidence: { family: "E11", variant: "scalogram", measure: "songs", claims: "worse" },
  },
  {
    id: "features.scalogram_resolution",
    section: "3 Scalogram",
    claim: "in a scalogram time is sharper at high frequencies, and frequency at low ones",
    evidence: { estimate: "wavelets: duration of the lowest by the highest", above: 1 },
  },
  {
    id: "features.channels",
    section: "3 Three channels",
    claim: "mel, chroma and scalogram as channels give bad results: worse than mel",
    evidence: { family: "E11", variant: "channels", measure: "songs", claims: "worse" },
  },
  {
    id: "features.channels_slow",
    section: "3 Three channels",
    claim: "three channels make training slower (by a fiftieth, at least, once inputs are there)",
    evidence: { row: "E11.channels_time", above: 1.02 },
  },
  {
    id: "features.stems",
    section: "3 Three channels",
    claim: "three networks whose vectors are joined would be more sensible: better than channels",
    evidence: { family: "E11", best: ["stems"], others: ["channels"], measure: "songs" },
  },
  {
    id: "chunks.ten_seconds",
    section: "3 Chunking",
    claim: "10 s give four pieces of 3 s",
    document: 4,
    evidence: { estimate: "chunks of 10 s", is: 4 },
    fact: { id: "F8.chunks_of_10_s", on: "arithmetic" },
  },
  {
    id: "chunks.three_seconds",
    section: "3 Chunking; 5 CNN",
    claim: "all pieces are 3 s long",
    document: 3,
    evidence: { estimate: "seconds in 224 frames", is: 3, within: 0.05 },
    fact: { id: "F8.seconds", on: "arithmetic", tolerance: 0.05 },
  },
  {
    id: "chunks.whole",
    section: "3 Chunking",
    claim:
      "a network on the whole would miss what enters for a moment (for 3 s of 18: pieces tell it better)",
    evidence: { estimate: "what enters in 18 s: highest of pieces less the whole", above: 0 },
  },
  {
    id: "chunks.weak_labels",
    section: "3 Chunking",
    claim: "pieces without a labelled instrument are few",
    evidence: { needs: "IRMAS audio and a listener" },
  },
  {
    id: "chunks.canvas_black",
    section: "5 CNN",
    claim: "of 3 s on a canvas of 20 s 85 % are black",
    document: 0.85,
    evidence: { estimate: "black part of 3 s on a canvas of 20 s", is: 0.85 },
    fact: { id: "E19.canvas_black", on: "arithmetic" },
  },
  {
    id: "chunks.canvas",
    section: "5 CNN",
    claim:
      "pieces are better than a canvas of 20 s (for 18 s: what lasts, and what enters for 3 s, is told better)",
    evidence: ["lasts", "enters"].map((what) => ({
      estimate: `what ${what} in 18 s: highest of pieces less a network of the canvas`,
      above: 0,
    })),
  },
  {
    id: "chunks.square",
    section: "5 CNN",
    claim:
      "pieces are better than a picture stretched to one size (18 s to that of 3 s: what lasts, and what enters for 3 s, is told better)",
    evidence: ["lasts", "enters"].map((what) => ({
      estimate: `what ${what} in 18 s: highest of pieces less the whole squeezed`,
      above: 0,
    })),
  },
];
