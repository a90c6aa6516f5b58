/** What the document claims of keys and tempi. */
import type { Claim } from "../../lib/experiments/claims.ts";

export const MUSIC_CLAIMS: readonly Claim[] = [
  {
    id: "keys.found",
    section: "2 Music: key",
    claim: "Krumhansl and Schmuckler's method finds the key of a clip of 3 s (of most, demo)",
    evidence: { row: "D17.demo_exact_clips", above: 0.5 },
  },
  {
    id: "keys.found_songs",
    section: "2 Music: key",
    claim: "Krumhansl and Schmuckler's method finds the key of a song (of most, demo)",
    evidence: { row: "D17.demo_exact_songs", above: 0.5 },
  },
  {
    id: "keys.balanced",
    section: "2 Music: key",
    claim: "3,341 clips are in minor and 3,364 in major: balanced (0.45 to 0.55)",
    document: [3341, 3364],
    evidence: [
      { row: "D17.minor" },
      { row: "D17.major" },
      { estimate: "major: all", is: 0.5, within: 0.05 },
    ],
  },
  {
    id: "keys.country",
    section: "2 Music: key",
    claim: "country-folk is in major more often",
    evidence: { estimate: "major: country-folk", above: 0.5 },
  },
  {
    id: "keys.jazz",
    section: "2 Music: key",
    claim: "jazz-blues is in minor more often",
    evidence: { estimate: "major: jazz-blues", below: 0.5 },
  },
  {
    id: "keys.pop",
    section: "2 Music: key",
    claim: "pop-rock is in minor more often, barely",
    evidence: { estimate: "major: pop-rock", below: 0.5 },
  },
  {
    id: "keys.pop_mixture",
    section: "2 Music: key",
    claim: "pop-rock is a mixture of genres",
    evidence: { needs: "finer genres of the same clips" },
  },
  {
    id: "keys.latin_count",
    section: "2 Music: key",
    claim: "latin-soul has 42 clips",
    document: 42,
    evidence: { estimate: "latin-soul: clips", is: 42 },
    fact: { id: "D17.latin_soul", on: "tables" },
  },
  {
    id: "keys.latin",
    section: "2 Music: key",
    claim: "latin-soul is in major more often (too few clips to say, it adds)",
    evidence: { estimate: "major: latin-soul", above: 0.5 },
  },
  {
    id: "keys.top_major",
    section: "2 Music: key",
    claim: "the most frequent major keys are C, D, E, G and A",
    document: "C D E G A",
    evidence: { row: "D17.top_major" },
  },
  {
    id: "keys.top_minor",
    section: "2 Music: key",
    claim: "the most frequent minor keys are C, D, F and G",
    document: "C D F G",
    evidence: { row: "D17.top_minor" },
  },
  {
    id: "keys.naturals",
    section: "2 Music: key",
    claim: "none of the most frequent keys is named after a sharp or a flat",
    evidence: [
      { estimate: "sharps among the five major keys", is: 0 },
      { estimate: "sharps among the four minor keys", is: 0 },
    ],
  },
  {
    id: "keys.easy",
    section: "2 Music: key",
    claim:
      "keys that are easy to play are chosen: with three sharps or flats at most, more than by chance",
    evidence: { estimate: "keys with at most three sharps or flats", above: 7 / 12 },
  },
  {
    id: "keys.intervals",
    section: "2 Music: key",
    claim: "the most frequent tone is the key's root or its fifth, mostly",
    document: "tonic, perfect fifth",
    evidence: { row: "D17.leading_intervals" },
  },
  {
    id: "tempo.found",
    section: "2 Music: tempo",
    claim: "the onsets' correlation tells the tempo of a clip of 3 s (within 4 %, most, demo)",
    evidence: { row: "D18.demo_within_4_percent_clips", above: 0.5 },
  },
  {
    id: "tempo.single",
    section: "2 Music: tempo",
    claim: "tempi of the single-instrument part are 126.90 +- 21.468 BPM",
    document: [126.9, 21.468],
    evidence: [{ row: "D18.mean_single" }, { row: "D18.deviation_single" }],
  },
  {
    id: "tempo.multi",
    section: "2 Music: tempo",
    claim: "tempi of the multi-instrument part are 123.66 +- 19.215 BPM",
    document: [123.66, 19.215],
    evidence: [{ row: "D18.mean_multi" }, { row: "D18.deviation_multi" }],
  },
  {
    id: "tempo.similar",
    section: "2 Music: tempo",
    claim: "both parts' tempi are distributed alike (means less than a fifth of a deviation apart)",
    evidence: { estimate: "tempo: difference of the means in deviations", below: 0.2 },
  },
  {
    id: "tempo.not_skewed",
    section: "2 Music: tempo",
    claim: "tempi of the single-instrument part are not skewed (less than 0.1)",
    evidence: { estimate: "tempo: skewness, single", is: 0, within: 0.1 },
  },
  {
    id: "tempo.skewed",
    section: "2 Music: tempo",
    claim: "tempi of the multi-instrument part are slightly skewed to fast ones (0.1 to 1)",
    evidence: { estimate: "tempo: skewness, multi", above: 0.1, below: 1 },
  },
];
