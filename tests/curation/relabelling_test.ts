import assert from "node:assert/strict";
import {
  parseAnnotationExport,
  restoreName,
  summarizeRelabelling,
} from "lib/curation/relabelling.ts";
import { loadRelabelledClips } from "lib/datasets/published.ts";

const EXPORT = "data/published/irmas_relabelling_export.csv";

Deno.test("the raw export gives the same table as the authors' normalised one", () => {
  const byFile = (a: { file: string }, b: { file: string }) => a.file < b.file ? -1 : 1;
  assert.deepEqual(
    parseAnnotationExport(Deno.readTextFileSync(EXPORT)).sort(byFile),
    loadRelabelledClips().sort(byFile),
  );
});

Deno.test("names get their brackets back, with and without number and drums", () => {
  for (
    const [exported, name] of [
      ["/data/upload/2/954b7004-celcla0068__2.wav", "[cel][cla]0068__2.wav"],
      ["/data/upload/2/0123abcd-008__celnodcla0058__1.wav", "008__[cel][nod][cla]0058__1.wav"],
      ["claclacla0001__1.wav", undefined],
      ["0123abcd-gelpop_roc0829__1.wav", "[gel][pop_roc]0829__1.wav"],
      ["0123abcd-tru---jaz_blu2007__2.wav", "[tru][---][jaz_blu]2007__2.wav"],
      ["0123abcd-something.wav", undefined],
    ] as const
  ) {
    if (name) assert.equal(restoreName(exported), name);
    else assert.throws(() => restoreName(exported), /cannot restore its name/);
  }
});

Deno.test("one label or several, in any order and case", () => {
  const [one, two] = parseAnnotationExport(
    "url,,label\n/a/00000000-voipop_roc1__1.wav,,VOICE\n" +
      '/a/00000000-celcla2__1.wav,,{"choices": ["Violin", "Cello"]}\r\n',
  );
  assert.deepEqual(one, { file: "[voi][pop_roc]1__1.wav", original: "voi", labels: ["voi"] });
  assert.deepEqual(two.labels, ["cel", "vio"]);
});

Deno.test("a broken line is named", () => {
  const head = "url,,label\n/a/00000000-voipop_roc1__1.wav,,Voice\n";
  assert.throws(
    () => parseAnnotationExport(head + "/a/00000000-celcla2__1.wav,,Banjo"),
    /line 3.*Banjo/,
  );
  assert.throws(
    () => parseAnnotationExport(head + "/a/00000000-celcla2__1.wav"),
    /line 3.*1 columns/,
  );
  assert.throws(() => parseAnnotationExport("url,label\n"), /columns "url" and "label"/);
});

Deno.test("the study's figures: 142 exact, 41 without the original, labels, distances", () => {
  const summary = summarizeRelabelling(loadRelabelledClips());
  assert.equal(summary.clips, 297);
  assert.equal(summary.exact, 142);
  assert.deepEqual(summary.byLabels, [0, 159, 128, 10]);
  assert.deepEqual(summary.byDistance, [142, 105, 26, 23, 1]);
  const { sax, cla, cel, flu, vio, tru, pia, gac, ...others } = summary.lacking;
  assert.deepEqual([sax, cla, cel, flu, vio, tru, pia, gac], [12, 10, 6, 6, 3, 2, 1, 1]);
  assert.deepEqual(Object.values(others), [0, 0, 0]);
});

Deno.test("distance counts the missing label and every label too many", () => {
  const clip = (labels: ("cel" | "vio" | "pia")[]) => ({
    file: "",
    original: "cel" as const,
    labels,
  });
  const { byDistance, byLabels, lacking } = summarizeRelabelling([
    clip(["cel"]),
    clip(["vio"]),
    clip(["cel", "pia"]),
    clip(["vio", "pia"]),
    clip([]),
  ]);
  assert.deepEqual(byDistance, [1, 2, 1, 1]);
  assert.deepEqual(byLabels, [1, 2, 2]);
  assert.equal(lacking.cel, 3);
});
