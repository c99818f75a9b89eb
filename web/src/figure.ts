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

export function figure(parts: FigureParts): HTMLElement {
  const { id, title, caption, plot, keys = [], rows } = parts;
  if (plot instanceof SVGSVGElement) describe(plot, `${title}. ${caption}`);
  const drawn = (): SVGSVGElement => (plot instanceof SVGSVGElement ? plot : parts.drawing!());
  const button = (text: string, give: () => void): HTMLElement => h("button", { type: "button", "aria-label": `${text} of ${title}`, onclick: give }, text);
  return h(
    "figure",
    { id },
    h(
      "div",
      { class: "figure-head" },
      h("h3", {}, title),
      h(
        "div",
        { class: "downloads" },
        button("SVG", () => save(`${id}.svg`, "image/svg+xml", standalone(drawn(), title, caption, keys))),
        button("CSV", () => save(`${id}.csv`, "text/csv", csv(rows))),
      ),
    ),
    keys.length > 0 ? legend(keys) : null,
    scroller(title, plot),
    h("figcaption", {}, caption),
  );
}
