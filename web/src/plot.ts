// What all drawings share.
import * as Plot from "@observablehq/plot";
import type { Row } from "./payload";

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

// A drawing is one picture to assistive technology, described as a whole; names of its parts are not allowed there.
export function drawing(options: Plot.PlotOptions): SVGSVGElement {
  const svg = Plot.plot(options) as SVGSVGElement;
  for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
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
