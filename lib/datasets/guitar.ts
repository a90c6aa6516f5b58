/** Guitars that OpenMIC does not tell apart: what becomes of them once somebody decided (D12). */
import { type DataSet, makeDataSet } from "./clip.ts";
import { INSTRUMENTS } from "./labels.ts";

/** What a guitar was decided to be. */
export interface GuitarDecision {
  kind: "gac" | "gel";
  /** The probability of that kind, 0.5 to 1. */
  confidence: number;
}

/** A data set after {@link decideGuitars}. */
export interface DecidedGuitars {
  dataSet: DataSet;
  /** Clips that were labelled with each kind. */
  decided: { gac: number; gel: number };
  /** Names of the clips that were left out because the decision was not sure enough. */
  unsure: string[];
}

/** The confidence that a decision must have (D12). */
export const LEAST_CONFIDENCE = 0.7;

/** Clips with a guitar of which nobody decided the kind. */
export function undecidedGuitars({ clips }: DataSet): string[] {
  return clips.filter(({ tags }) =>
    tags.guitar !== undefined && tags.guitarConfidence === undefined
  )
    .map(({ name }) => name);
}

/** A data set without the clips that {@link undecidedGuitars} names. */
export function dropUndecided(dataSet: DataSet): DataSet {
  const open = new Set(undecidedGuitars(dataSet));
  const note = `${open.size} clips with a guitar of unknown kind are left out`;
  return {
    ...dataSet,
    clips: dataSet.clips.filter(({ name }) => !open.has(name)),
    notes: [...dataSet.notes, note],
  };
}

/**
 * Labels undecided guitars as acoustic or electric; clips whose decision is less sure than the threshold are left out,
 * for one of their labels would be wrong or missing. Other clips stay as they are.
 *
 * @param decisions by the clip's name, one for every clip that {@link undecidedGuitars} names
 * @param options.threshold the confidence that a decision must have. Default: 0.7; 0.5 keeps all
 * @throws Error when a clip has no decision, RangeError for a confidence outside 0.5 to 1
 */
export function decideGuitars(
  dataSet: DataSet,
  decisions: ReadonlyMap<string, GuitarDecision>,
  { threshold = LEAST_CONFIDENCE }: { threshold?: number } = {},
): DecidedGuitars {
  const open = new Set(undecidedGuitars(dataSet));
  const without = [...open].filter((name) => !decisions.has(name));
  if (without.length > 0) {
    throw new Error(
      `${without.length} of ${open.size} guitars have no decision: ${
        without.slice(0, 3).join(", ")
      }`,
    );
  }
  const decided = { gac: 0, gel: 0 }, unsure: string[] = [];
  const clips = dataSet.clips.flatMap((clip) => {
    if (!open.has(clip.name)) return [clip];
    const { kind, confidence } = decisions.get(clip.name)!;
    if (!(confidence >= 0.5 && confidence <= 1)) {
      throw new RangeError(
        `the decision on ${clip.name} has confidence ${confidence}, not 0.5 to 1`,
      );
    }
    if (confidence < threshold) {
      unsure.push(clip.name);
      return [];
    }
    decided[kind]++;
    const has = (list: readonly string[], code: string) => list.includes(code);
    const labels = [...clip.labels, kind], judged = [...(clip.judged ?? INSTRUMENTS), "gac", "gel"];
    return [{
      ...clip,
      labels: INSTRUMENTS.filter((code) => has(labels, code)),
      judged: INSTRUMENTS.filter((code) => has(judged, code)),
      tags: { ...clip.tags, guitarConfidence: confidence },
    }];
  });
  const note = `of ${open.size} guitars ${decided.gac} are acoustic, ${decided.gel} electric; ` +
    `${unsure.length} were less sure than ${threshold} and are left out`;
  return {
    dataSet: makeDataSet({ ...dataSet, clips, notes: [...dataSet.notes, note] }),
    decided,
    unsure,
  };
}
