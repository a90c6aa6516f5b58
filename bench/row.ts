/** One line of a comparison: our figure and a peer's, of the same work on the same machine. */
export interface BenchRow {
  name: string;
  ours: number;
  peer: number;
  peerName: string;
  /** ours / peer; below 1 we are ahead where the unit is a time. */
  ratio: number;
  unit: string;
}
