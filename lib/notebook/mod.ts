/** What a notebook imports first: showing, hearing, recording, long tasks. */
export { fact } from "../experiments/ledger.ts";
export { playSound } from "./audio.ts";
export { runWithProgress } from "./child.ts";
export { show } from "./show.ts";
