import { h, s, scroller } from "./dom";
import { csv, save, standalone } from "./export";
import type { Key } from "./palette";
import type { Row } from "./payload";
import { describe } from "./plot";

export interface FigureParts {
  id: string;
  title: string;
  caption: string; // what it shows, of how many images, what the bands are
  plot: SVGSVGElement | HTMLTableElement;
  drawing?: () => SVGSVGElement; // of a table: what is saved as SVG
  keys?: Key[];
  rows: Row[]; // the data, as CSV
}

function legend(keys: Key[]): HTMLElement {
  const line = (key: Key): SVGSVGElement =>
    s("svg", { class: "key", width: 30, height: 8, "aria-hidden": "true" }, s("line", { x1: 0, x2: 30, y1: 4, y2: 4, stroke: key.colour, "stroke-width": 3, "stroke-dasharray": key.dash || "none" }));
  return h("ul", { class: "legend" }, keys.map((key) => h("li", {}, line(key), key.name)));
}

// What can be saved of what is shown under a title: a button for each kind of file.
export function saves(title: string, kinds: Record<string, () => void>): HTMLElement {
  return h("div", { class: "downloads" }, Object.entries(kinds).map(([kind, give]) => h("button", { type: "button", "aria-label": `${kind} of ${title}`, onclick: give }, kind)));
}

export function saveCsv(id: string, rows: Row[]): void {
  save(`${id}.csv`, "text/csv", csv(rows));
}

export function saveSvg(id: string, drawn: SVGSVGElement, title: string, caption: string, keys: Key[] = []): void {
  save(`${id}.svg`, "image/svg+xml", standalone(drawn, title, caption, keys));
}

export function figure(parts: FigureParts): HTMLElement {
  const { id, title, caption, plot, keys = [], rows } = parts;
  if (plot instanceof SVGSVGElement) describe(plot, `${title}. ${caption}`);
  const drawn = (): SVGSVGElement => (plot instanceof SVGSVGElement ? plot : parts.drawing!());
  return h(
    "figure",
    { id },
    h(
      "div",
      { class: "figure-head" },
      h("h3", {}, title),
      saves(title, { SVG: () => saveSvg(id, drawn(), title, caption, keys), CSV: () => saveCsv(id, rows) }),
    ),
    keys.length > 0 ? legend(keys) : null,
    scroller(title, plot),
    h("figcaption", {}, caption),
  );
}
