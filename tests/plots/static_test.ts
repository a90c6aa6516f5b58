import assert from "node:assert/strict";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { Buffer } from "node:buffer";
import { barChart, heatmap, heatmapOf } from "lib/plots/charts.ts";
import type { Figure } from "lib/plots/figure.ts";
import { packedBytes } from "lib/plots/packing.ts";
import { toPng, toSvg } from "lib/plots/static.ts";

async function pixels(figure: Figure, scale: number) {
  const image = await loadImage(Buffer.from(await toPng(figure, { scale })));
  const { width, height } = image;
  const context = createCanvas(width, height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const at = (
    x: number,
    y: number,
  ) => [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3)];
  return { width, height, at };
}

/** Columns and rows of the box around all pixels of a colour, and how many there are. */
function area({ width, height, at }: Awaited<ReturnType<typeof pixels>>, colour: number[]) {
  let count = 0, left = width, right = 0, top = height, bottom = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (at(x, y).some((v, k) => Math.abs(v - colour[k]) > 2)) continue;
      count++;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
  }
  return { count, left, right, top, bottom };
}

Deno.test("a PNG has the figure's size and its bars the heights of their values", async () => {
  const picture = await pixels(
    barChart(["a", "b"], [1, 2], {
      text: "two bars",
      colour: ["#ff0000", "#0000ff"],
      width: 400,
      height: 300,
    }),
    2,
  );
  assert.deepEqual([picture.width, picture.height], [800, 600]);
  const red = area(picture, [255, 0, 0]), blue = area(picture, [0, 0, 255]);
  assert.ok(red.count > 10_000, `${red.count} red pixels`);
  assert.ok(red.right < blue.left);
  const ratio = (blue.bottom - blue.top) / (red.bottom - red.top);
  // a pixel at each end of about 200
  assert.ok(Math.abs(ratio - 2) < 0.03, `the bars' heights are as 1 to ${ratio}`);
});

Deno.test("a PNG's pixels are places in a palette, a byte each", async () => {
  const png = await toPng(barChart(["a", "b"], [1, 2], { text: "two bars" }));
  // bit depth and colour type of the header (PNG specification, 11.2.1)
  assert.deepEqual([...png.subarray(24, 26)], [8, 3]);
});

Deno.test("titles and numbers are drawn: dark pixels stand where the title is", async () => {
  const options = { text: "t", width: 400, height: 300 };
  const dark = async (title: string) => {
    const picture = await pixels(barChart(["a"], [1], { ...options, title, colour: "#ff0000" }), 1);
    let count = 0;
    for (let y = 0; y < 22; y++) {
      for (let x = 0; x < 400; x++) if (picture.at(x, y).every((v) => v < 110)) count++;
    }
    return count;
  };
  assert.equal(await dark(""), 0);
  const [short, long] = [await dark("MMM"), await dark("MMMMMMMMM")];
  assert.ok(short > 50 && long > 2 * short, `${short} and ${long} dark pixels`);
});

Deno.test("cells of a heatmap are sharp and at their places, as numbers and packed", async () => {
  const options = {
    text: "t",
    width: 400,
    height: 300,
    scale: [[0, "#00ff00"], [1, "#ff00ff"]] as [number, string][],
  };
  const plain = heatmap([[0, 100], [0, 0]], { ...options, upward: true });
  const small = heatmapOf(packedBytes([0, 100, 0, 0], [2, 2]), { ...options, upward: true });
  for (const figure of [plain, small]) {
    figure.data[0].showscale = false;
    const picture = await pixels(figure, 1);
    const green = area(picture, [0, 255, 0]), pink = area(picture, [255, 0, 255]);
    // row 0 is at the bottom: the high value stands in the lower right quarter
    assert.ok(Math.abs(green.count / pink.count - 3) < 0.1, `${green.count} and ${pink.count}`);
    assert.ok(pink.left > 180 && pink.top > 120 && Math.abs(pink.bottom - green.bottom) <= 1);
  }
});

Deno.test("the SVG holds no references that other programs cannot follow", async () => {
  const svg = await toSvg(heatmap([[0, 1]], { text: "t" }));
  assert.match(svg, /^<svg /);
  assert.doesNotMatch(svg, /url\((?:&quot;|["'])/);
});

Deno.test("a figure that cannot be drawn is named", async () => {
  const broken = { data: [{ type: "surface", z: [[1]] }], layout: {}, text: "a mountain" };
  await assert.rejects(toSvg(broken), /cannot draw the figure "a mountain"/);
});
