/**
 * What jsdom lacks and Plotly asks for: where things are drawn, how large a text is, a canvas.
 *
 * Boxes follow from attributes alone: transforms of the elements, sizes of rectangles, and the width of
 * texts on a canvas. That is all the geometry in Plotly's two-dimensional plots that layout depends on.
 */
import { type Canvas, createCanvas } from "@napi-rs/canvas";

/** A rectangle along the axes, in pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The parts of a jsdom window that are filled in. */
export interface StubbedWindow {
  SVGElement: { prototype: object };
  HTMLCanvasElement: { prototype: object };
  URL: { createObjectURL?: unknown };
}

/** Row-major 2 x 3: x' = a x + c y + e, y' = b x + d y + f. */
type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];
const NOTHING: Box = { x: 0, y: 0, width: 0, height: 0 };

/** Gives a window the missing functions. @param font family in which texts are measured */
export function installStubs(window: StubbedWindow, font: string): void {
  Object.assign(window.SVGElement.prototype, {
    getBBox(this: Element) {
      return boxOf(this, font);
    },
    getBoundingClientRect(this: Element) {
      const { x, y, width, height } = transformed(boxOf(this, font), placeOf(this));
      return { x, y, width, height, left: x, top: y, right: x + width, bottom: y + height };
    },
    getComputedTextLength(this: Element) {
      return boxOf(this, font).width;
    },
  });
  const canvases = new WeakMap<object, Canvas>();
  type Sized = { width: number; height: number };
  const canvasOf = (element: Sized) => {
    let canvas = canvases.get(element);
    if (!canvas || canvas.width !== element.width || canvas.height !== element.height) {
      canvas = createCanvas(element.width, element.height);
      canvases.set(element, canvas);
    }
    return canvas;
  };
  Object.assign(window.HTMLCanvasElement.prototype, {
    getContext(this: Sized, kind: string) {
      return kind === "2d" ? canvasOf(this).getContext("2d") : null;
    },
    toDataURL(this: Sized) {
      return canvasOf(this).toDataURL("image/png");
    },
  });
  window.URL.createObjectURL = () => "";
}

/** An SVG `transform` attribute as a matrix. */
export function parseTransform(text: string | null): Matrix {
  let result = IDENTITY;
  for (const [, name, list] of (text ?? "").matchAll(/(\w+)\(([^)]*)\)/g)) {
    const n = list.split(/[\s,]+/).filter(Boolean).map(Number);
    if (name === "translate") result = times(result, [1, 0, 0, 1, n[0], n[1] ?? 0]);
    else if (name === "scale") result = times(result, [n[0], 0, 0, n[1] ?? n[0], 0, 0]);
    else if (name === "matrix") result = times(result, n as unknown as Matrix);
    else if (name === "rotate") {
      const angle = n[0] * Math.PI / 180, [x, y] = [n[1] ?? 0, n[2] ?? 0];
      const cos = Math.cos(angle), sin = Math.sin(angle);
      const turn: Matrix = [cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y];
      result = times(result, turn);
    }
  }
  return result;
}

function times(p: Matrix, q: Matrix): Matrix {
  return [
    p[0] * q[0] + p[2] * q[1],
    p[1] * q[0] + p[3] * q[1],
    p[0] * q[2] + p[2] * q[3],
    p[1] * q[2] + p[3] * q[3],
    p[0] * q[4] + p[2] * q[5] + p[4],
    p[1] * q[4] + p[3] * q[5] + p[5],
  ];
}

/** From an element's own coordinates to the page's. */
function placeOf(element: Element): Matrix {
  let result = IDENTITY;
  for (let at: Element | null = element; at?.getAttribute; at = at.parentElement) {
    result = times(parseTransform(at.getAttribute("transform")), result);
  }
  return result;
}

/** The box around a transformed box. */
export function transformed({ x, y, width, height }: Box, m: Matrix): Box {
  const corners = [[x, y], [x + width, y], [x, y + height], [x + width, y + height]];
  return around(corners.map(([u, v]) => ({
    x: m[0] * u + m[2] * v + m[4],
    y: m[1] * u + m[3] * v + m[5],
    width: 0,
    height: 0,
  })));
}

function around(boxes: Box[]): Box {
  if (!boxes.length) return NOTHING;
  const x = Math.min(...boxes.map((b) => b.x)), y = Math.min(...boxes.map((b) => b.y));
  return {
    x,
    y,
    width: Math.max(...boxes.map((b) => b.x + b.width)) - x,
    height: Math.max(...boxes.map((b) => b.y + b.height)) - y,
  };
}

/** Box of a text, a rectangle, or all that is in a group, in the element's own coordinates. */
function boxOf(element: Element, font: string): Box {
  const tag = element.tagName.toLowerCase();
  if (tag === "text" || tag === "tspan") return textBox(element, font);
  if (tag === "rect" || tag === "image") {
    const number = (name: string) => Number(element.getAttribute(name)) || 0;
    return { x: number("x"), y: number("y"), width: number("width"), height: number("height") };
  }
  return around(
    [...element.children]
      .map((child) =>
        transformed(boxOf(child, font), parseTransform(child.getAttribute("transform")))
      )
      .filter((box) => box.width > 0 || box.height > 0),
  );
}

const pen = createCanvas(8, 8).getContext("2d");

function textBox(element: Element, font: string): Box {
  const lines = [...element.querySelectorAll("tspan.line")];
  const texts = (lines.length ? lines : [element]).map((line) => line.textContent ?? "");
  if (!texts.some((text) => text)) return NOTHING;
  const size = parseFloat(inherited(element, "font-size")) || 12;
  pen.font = `${inherited(element, "font-weight") || "normal"} ${size}px ${font}`;
  const width = Math.max(...texts.map((text) => pen.measureText(text).width));
  const anchor = inherited(element, "text-anchor");
  const shift = anchor === "middle" ? width / 2 : anchor === "end" ? width : 0;
  const x = Number(element.getAttribute("x")) || 0, y = Number(element.getAttribute("y")) || 0;
  // Plotly sets lines 1.3 em apart
  return { x: x - shift, y: y - size, width, height: size * (1.2 + 1.3 * (texts.length - 1)) };
}

/** A style property set on the element or on the nearest element around it. */
function inherited(element: Element, name: string): string {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const value = (at as unknown as SVGElement).style?.getPropertyValue(name) ||
      at.getAttribute(name);
    if (value) return value;
  }
  return "";
}
