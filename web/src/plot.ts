// What all drawings share.
import * as Plot from "@observablehq/plot";
import { s } from "./dom";
import type { Row } from "./payload";
import type { Place } from "./places";

// Width that a drawing has in the page; one of many places gets wider than a narrow page and scrolls.
export function room(places = 0): number {
  const page = document.documentElement.clientWidth;
  return Math.max(Math.min(1272, page - (page <= 600 ? 32 : 48)), 70 + 14 * places);
}

const longestName = 26;

function shorten(name: string): string {
  return name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
}

// An axis of names in the order of the network, and the room below that they take.
export function names(domain: string[]): { x: Plot.ScaleOptions; marginBottom: number; marginLeft: number } {
  const longest = Math.max(0, ...domain.map((name) => shorten(name).length));
  return { x: { type: "point", domain, label: null, tickRotate: -50, tickFormat: shorten }, marginBottom: 18 + 5 * longest, marginLeft: 56 };
}

export type Drawing = SVGSVGElement & Plot.Plot;

// A drawing is one picture to assistive technology, described as a whole; names of its parts are not allowed there.
export function drawing(options: Plot.PlotOptions): Drawing {
  const svg = Plot.plot(options) as Drawing;
  for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  return svg;
}

// Room above a drawing for the names of blocks.
export const blocksMargin = 34;

// Names the blocks above a drawing whose x axis has `places` in their order, and shades every second one.
export function withBlocks(svg: Drawing, places: Place[]): Drawing {
  const scale = svg.scale("x");
  if (!scale || places.length === 0) return svg;
  const centre = (place: number): number => Number(scale.apply(places[place].name)) + (scale.bandwidth ?? 0) / 2;
  const [left, right] = Array.from(scale.range!, Number);
  const bottom = Math.max(...Array.from(svg.scale("y")!.range!, Number));
  const group = s("g", { "aria-hidden": "true" });
  let shaded = false;
  for (let first = 0, next = 1; first < places.length; first = next, ++next) {
    while (next < places.length && places[next].block === places[first].block) ++next;
    const from = first === 0 ? left - 6 : (centre(first - 1) + centre(first)) / 2;
    const to = next === places.length ? right + 6 : (centre(next - 1) + centre(next)) / 2;
    if (shaded) group.append(s("rect", { x: from, y: blocksMargin - 14, width: to - from, height: bottom - blocksMargin + 14, fill: "currentColor", "fill-opacity": 0.05 }));
    shaded = !shaded;
    const { block } = places[first];
    if (6.5 * block.length < to - from) group.append(s("text", { x: (from + to) / 2, y: blocksMargin - 3, fill: "currentColor", "fill-opacity": 0.75, "font-size": 11, "text-anchor": "middle" }, block));
  }
  svg.querySelector("style")?.after(group) ?? svg.prepend(group);
  return svg;
}

// Calls `choose` with the row that the tip speaks of when the drawing is clicked.
export function onChoice(svg: Drawing, choose: (row: Row) => void): Drawing {
  svg.addEventListener("input", () => svg.classList.toggle("choosable", Boolean(svg.value)));
  svg.addEventListener("click", () => svg.value && choose(svg.value as Row));
  return svg;
}

export function describe(svg: SVGSVGElement, label: string): SVGSVGElement {
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  return svg;
}

// What the pointer is at, in words. It is drawn again with every move, and must have no name either.
export function tip(rows: Row[], options: Plot.TipOptions): Plot.Tip {
  return Object.assign(Plot.tip(rows, { lineHeight: 1.3, lineWidth: 40, ...options }), { ariaLabel: undefined });
}
