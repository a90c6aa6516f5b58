import { projectPath } from "../lib/core/paths.ts";

/** One line of a comparison: our figure and a peer's, of the same work on the same machine. */
export interface BenchRow {
  name: string;
  ours: number;
  peer: number;
  peerName: string;
  /** ours / peer; below 1 we are ahead where the unit is a time. */
  ratio: number;
  unit: string;
  /** Of the ratio, 95 %, over rounds in which both took turns. */
  interval?: [low: number, high: number];
  /** Shares of the machine's measured peak. */
  ofPeak?: { ours: number; peer: number };
}

/** A benchmark's rows as they are kept, with where and when they were measured. */
export interface BenchRecord {
  machine: string;
  /** Year, month, day. */
  measured: string;
  rows: BenchRow[];
}

/** Where a benchmark's rows are kept. */
export const recordPath = (name: string) => projectPath("bench", "results", `${name}.json`);
