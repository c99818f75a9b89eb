// Sets of blocks: columns of dots, a row for each set, bars for the share of images.
import { h, s } from "./dom";
import { figure } from "./figure";
import type { Payload, Row } from "./payload";
import { interval, percent } from "./words";

const shownSets = 14;

function share(row: Row): string {
  return `${percent(row.images as number)} (${interval(row.images_lower, row.images_upper, percent)})`;
}

function members(row: Row, blocks: string[]): string[] {
  return String(row.set).split(" + ").filter((block) => blocks.includes(block));
}

function table(rows: Row[], blocks: string[]): HTMLTableElement {
  const line = (row: Row): HTMLElement => {
    const of = members(row, blocks);
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, String(row.set)),
      blocks.map((block) => h("td", { class: "dot-cell" }, h("span", { class: of.includes(block) ? "dot on" : "dot", "aria-hidden": "true" }))),
      h("td", { class: "num" }, share(row)),
      h("td", { class: "bar-cell", "aria-hidden": "true" }, h("span", { class: "bar", style: `width:${Math.round(100 * (row.images as number))}%` })),
    );
  };
  const heads = h("tr", {}, h("th", { scope: "col" }, "set"), blocks.map((block) => h("th", { scope: "col", class: "block" }, block)), h("th", { scope: "col" }, "images"), h("td", { "aria-hidden": "true" }));
  return h("table", { class: "upset" }, h("thead", {}, heads), h("tbody", {}, rows.map(line)));
}

// The same as a drawing, to be saved.
function drawing(rows: Row[], blocks: string[]): SVGSVGElement {
  const column = 56;
  const line = 24;
  const nameWidth = 20 + 7 * Math.max(3, ...rows.map((row) => String(row.set).length));
  const sharesAt = nameWidth + column * blocks.length;
  const barsAt = sharesAt + 150;
  const text = (x: number, y: number, content: string, anchor = "start"): SVGTextElement => s("text", { x, y: y + 4, fill: "currentColor", "text-anchor": anchor }, content);
  const svg = s("svg", { width: barsAt + 220, height: line * (rows.length + 1) + 8, "font-family": "system-ui, sans-serif", "font-size": 12 });
  blocks.forEach((block, b) => svg.append(text(nameWidth + column * (b + 0.5), line / 2, block, "middle")));
  svg.append(text(sharesAt, line / 2, "images"));
  rows.forEach((row, r) => {
    const y = line * (r + 1.5);
    const of = members(row, blocks);
    svg.append(text(8, y, String(row.set)), text(sharesAt, y, share(row)));
    blocks.forEach((block, b) => svg.append(s("circle", { cx: nameWidth + column * (b + 0.5), cy: y, r: 6, fill: of.includes(block) ? "var(--k-adversarial)" : "var(--line)" })));
    svg.append(s("rect", { x: barsAt, y: y - 6, height: 12, width: 200 * (row.images as number), fill: "var(--k-adversarial)" }));
  });
  return svg;
}

export function setsFigure(payload: Payload, rows: Row[], id: string, title: string, caption: string): HTMLElement | null {
  if (rows.length === 0) return null;
  const { blocks } = payload.network;
  const shown = [...rows].sort((a, b) => (b.images as number) - (a.images as number)).slice(0, shownSets);
  const rarer = rows.length - shown.length;
  return figure({
    id,
    title,
    caption: `${caption} Shares of n = ${shown[0].images_n} images${rarer > 0 ? `; ${rarer} rarer sets are in the CSV` : ""}.`,
    plot: table(shown, blocks),
    drawing: () => drawing(shown, blocks),
    rows,
  });
}
