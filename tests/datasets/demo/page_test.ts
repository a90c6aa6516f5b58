import assert from "node:assert/strict";
import { projectPath } from "lib/core/paths.ts";
import { labelsOf } from "lib/datasets/demo/job.ts";
import { DEMO_SIZES, planDemo } from "lib/datasets/demo/plan.ts";
import { plantWrongLabels } from "lib/datasets/demo/render.ts";
import { SAMPLE_RATE } from "lib/datasets/demo/synthesize.ts";

/** What the plan of a size promises, as the page writes it. */
function column(size: "small" | "full"): string[] {
  const jobs = planDemo({ size, seed: 1 });
  const training = jobs.filter(({ domain }) => domain === "train");
  const songs = jobs.filter(({ domain }) => domain === "songs");
  const clips = jobs.flatMap((job) => job.clips);
  const faulty = (fault: string) => clips.filter((clip) => clip.fault === fault).length;
  const withLabels = (n: number) => songs.filter((job) => labelsOf(job).length === n).length;
  const total = training.flatMap((job) => job.clips).length.toLocaleString("en");
  const bytes = clips.reduce((sum, { seconds }) => sum + seconds, 0) * SAMPLE_RATE * 2 * 2;
  return [
    `\`${size}\``,
    `${DEMO_SIZES[size].clips} a class, ${total}`,
    String(training.length),
    `${songs.length} of ${new Set(songs.map(({ recording }) => recording)).size} songs`,
    [1, 2, 3, 4, 5].map(withLabels).join(", "),
    `${faulty("silent")}, ${faulty("short")}`,
    String(plantWrongLabels(jobs, 1).length),
    `${(bytes / 1e9).toFixed(2)} GB`,
  ];
}

Deno.test("data/demo.md has the numbers of the plan", () => {
  const page = Deno.readTextFileSync(projectPath("data", "demo.md"));
  const rows = page.split("\n").filter((line) => line.startsWith("|") && !line.startsWith("|--"));
  const columns = rows.map((row) => row.split("|").slice(2, 4).map((cell) => cell.trim()));
  assert.deepEqual(columns.map(([small]) => small), column("small"));
  assert.deepEqual(columns.map(([, full]) => full), column("full"));
});
