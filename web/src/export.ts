// What a figure is saved as.
import { s } from "./dom";
import type { Key } from "./palette";
import type { Row } from "./payload";

export function save(name: string, type: string, content: string | Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // a busy machine may take long to begin
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

const lineHeight = 18;
const keyWidth = 30;

// Keys in lines, as wide as the drawing.
function keyLines(keys: Key[], width: number): Key[][] {
  const lines: Key[][] = [[]];
  let used = 0;
  for (const key of keys) {
    const takes = keyWidth + 20 + 7 * key.name.length;
    if (used > 0 && used + takes > width) {
      lines.push([]);
      used = 0;
    }
    lines[lines.length - 1].push(key);
    used += takes;
  }
  return lines.filter((line) => line.length > 0);
}

// Axes have their own idea of where text is anchored.
function label(text: string, x: number, y: number, size: number): SVGTextElement {
  return s("text", { x, y, fill: "currentColor", "font-size": size, "text-anchor": "start" }, text);
}

function keyLine(keys: Key[], y: number): SVGGElement {
  const group = s("g");
  let x = 8;
  for (const key of keys) {
    group.append(
      s("line", { x1: x, x2: x + keyWidth, y1: y - 4, y2: y - 4, stroke: key.colour, "stroke-width": 3, "stroke-dasharray": key.dash || "none" }),
      label(key.name, x + keyWidth + 6, y, 12),
    );
    x += keyWidth + 20 + 7 * key.name.length;
  }
  return group;
}

// A drawing that stands alone: with the figure's title, keys and caption, and the page's colours in place of their names, which
// mean nothing elsewhere.
export function standalone(drawn: SVGSVGElement, title: string, caption: string, keys: Key[]): string {
  const style = getComputedStyle(document.body);
  const width = Number(drawn.getAttribute("width"));
  const height = Number(drawn.getAttribute("height"));
  const lines = keyLines(keys, width);
  const head = 28 + lineHeight * lines.length;
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  copy.prepend(
    s("title", {}, title),
    s("desc", {}, caption),
    s("rect", { x: 0, y: -head, width, height: height + head, fill: style.backgroundColor }),
    label(title, 8, 18 - head, 14),
    ...lines.map((line, i) => keyLine(line, 20 + lineHeight * (i + 1) - head)),
  );
  copy.setAttribute("viewBox", `0 ${-head} ${width} ${height + head}`);
  copy.setAttribute("height", String(height + head));
  copy.setAttribute("style", `color:${style.color}`);
  copy.removeAttribute("aria-label");
  return new XMLSerializer().serializeToString(copy).replace(/var\((--[\w-]+)\)/g, (all, name: string) => style.getPropertyValue(name) || all);
}
