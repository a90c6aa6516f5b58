import assert from "node:assert/strict";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { Buffer } from "node:buffer";
import { readWav } from "lib/audio/wav.ts";
import { soundBundle } from "lib/notebook/audio.ts";
import { bundleOf } from "lib/notebook/show.ts";
import { barChart } from "lib/plots/charts.ts";
import { heatmapGrid } from "lib/plots/grid.ts";
import { table } from "lib/plots/table.ts";

Deno.test("a figure is sent as Plotly JSON, a still picture and a line of text together", async () => {
  const figure = barChart(["a", "b"], [1, 2], { text: "b is twice a", width: 500, height: 200 });
  const { data, metadata } = await bundleOf(figure);
  assert.deepEqual(Object.keys(data), [
    "application/vnd.plotly.v1+json",
    "image/png",
    "text/plain",
  ]);
  const live = data["application/vnd.plotly.v1+json"] as { data: { y: number[] }[] };
  assert.deepEqual(live.data[0].y, [1, 2]);
  assert.equal(data["text/plain"], "b is twice a");
  assert.deepEqual(metadata, { "image/png": { width: 500, height: 200 } });

  const image = await loadImage(Buffer.from(String(data["image/png"]), "base64"));
  assert.deepEqual([image.width, image.height], [500, 200]);
  const context = createCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const colours = new Set(
    new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer),
  );
  assert.ok(colours.size > 20, "the picture is blank");
});

Deno.test("a picture with nothing to tell the pointer is sent still, at twice the pixels", async () => {
  const panel = { title: "t", values: [0, 1, 2, 3], rows: 2, columns: 2 };
  const { data, metadata } = await bundleOf(
    heatmapGrid([panel], { range: [0, 3], width: 300, height: 200, text: "four cells" }),
  );
  assert.deepEqual(Object.keys(data), ["image/png", "text/plain"]);
  assert.deepEqual(metadata, { "image/png": { width: 300, height: 200 } });
  const image = await loadImage(Buffer.from(String(data["image/png"]), "base64"));
  assert.deepEqual([image.width, image.height], [600, 400]);
});

Deno.test("tables are sent as HTML and text, texts as text", async () => {
  const shown = await bundleOf(table([{ a: 1 }]));
  assert.match(String(shown.data["text/html"]), /<table/);
  assert.equal(shown.data["text/plain"], "a\n-\n1");
  assert.deepEqual(await bundleOf("42 clips"), { data: { "text/plain": "42 clips" } });
});

Deno.test("a player holds the sound's samples", () => {
  const y = Float32Array.from({ length: 800 }, (_, k) => Math.sin(k / 7));
  const { data } = soundBundle(y, 8000, { text: "a <tone>" });
  assert.equal(data["text/plain"], "a <tone> (0.1 s of sound)");
  const [, base64] = String(data["text/html"]).match(/src="data:audio\/wav;base64,([^"]+)"/)!;
  assert.match(String(data["text/html"]), /a &lt;tone&gt;/);
  const { sampleRate, channels } = readWav(new Uint8Array(Buffer.from(base64, "base64")));
  assert.equal(sampleRate, 8000);
  // half a step of 16 bits, and a whole one at full scale, where 1 is clipped
  const worst = Math.max(...channels[0].map((v, k) => Math.abs(v - y[k])));
  assert.ok(channels[0].length === 800 && worst <= 1 / 32768, `${worst}`);
});
