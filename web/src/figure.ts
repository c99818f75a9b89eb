import { h } from "./dom";
import type { Row } from "./payload";

export interface FigureParts {
  id: string;
  title: string;
  caption: string; // what it shows, of how many images, what the bands are
  plot: SVGSVGElement | HTMLElement;
  rows: Row[]; // the data, as CSV
}

function save(name: string, type: string, text: string): void {
  const link = h("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// RFC 4180.
export function csv(rows: Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: unknown): string => {
    if (value === null || value === undefined || (typeof value === "number" && Number.isNaN(value))) return "";
    const text = String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows.map((row) => columns.map((column) => row[column]))]
    .map((line) => line.map(cell).join(",") + "\r\n")
    .join("");
}

// The drawing alone, with the page's colours written into it.
function standalone(plot: Element): string {
  const svg = plot instanceof SVGSVGElement ? plot : plot.querySelector("svg:last-of-type");
  if (!svg) return "";
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const style = getComputedStyle(document.body);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("style", `background:${style.backgroundColor};color:${style.color};font:12px sans-serif`);
  return new XMLSerializer().serializeToString(copy);
}

export function figure(parts: FigureParts): HTMLElement {
  if (!(parts.plot instanceof HTMLTableElement)) {
    parts.plot.setAttribute("role", "img");
    parts.plot.setAttribute("aria-label", `${parts.title}. ${parts.caption}`);
  }
  return h(
    "figure",
    { id: parts.id },
    h(
      "div",
      { class: "figure-head" },
      h("h3", {}, parts.title),
      h(
        "div",
        { class: "downloads" },
        parts.plot instanceof HTMLTableElement
          ? null
          : h("button", { type: "button", onclick: () => save(`${parts.id}.svg`, "image/svg+xml", standalone(parts.plot)) }, "SVG"),
        h("button", { type: "button", onclick: () => save(`${parts.id}.csv`, "text/csv", csv(parts.rows)) }, "CSV"),
      ),
    ),
    h("div", { class: "scroll" }, parts.plot),
    h("figcaption", {}, parts.caption),
  );
}
