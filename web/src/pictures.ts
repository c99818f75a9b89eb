// Pictures with heatmaps over them.
import { bytes, cells, type Exemplar, type ExemplarInput, type MapData } from "./payload";
import { fill } from "./served";

// Dark to bright, even in lightness, for all kinds of colour vision (after matplotlib's inferno, by 9 stops).
const ramp = ["#000004", "#1b0c41", "#4a0c6b", "#781c6d", "#a52c60", "#cf4446", "#ed6925", "#fb9b06", "#f7d13d"].map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));

function rampAt(share: number): number[] {
  const at = Math.min(Math.max(share, 0), 1) * (ramp.length - 1);
  const low = Math.min(Math.floor(at), ramp.length - 2);
  return ramp[low].map((value, i) => value + (at - low) * (ramp[low + 1][i] - value));
}

const pictures = new Map<string, Promise<ImageBitmap>>();

function picture(webp: string): Promise<ImageBitmap> {
  let known = pictures.get(webp);
  if (!known) {
    known = createImageBitmap(new Blob([bytes(webp)], { type: "image/webp" }));
    pictures.set(webp, known);
  }
  return known;
}

function pixelsOf(bitmap: ImageBitmap): ImageData {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d")!;
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

// The map over the picture: bilinear between the centres of cells, as strong as the map.
function overlay(pixels: ImageData, map: MapData | undefined, opacity: number): void {
  if (!map || map.scale === 0) return;
  const values = cells(map);
  const { width, height, data } = pixels;
  const at = (y: number, x: number): number => Math.max(0, values[y * map.width + x]) / 127;
  for (let y = 0; y < height; ++y) {
    const fy = Math.min(Math.max(((y + 0.5) * map.height) / height - 0.5, 0), map.height - 1);
    const y0 = Math.floor(fy);
    const y1 = Math.min(y0 + 1, map.height - 1);
    for (let x = 0; x < width; ++x) {
      const fx = Math.min(Math.max(((x + 0.5) * map.width) / width - 0.5, 0), map.width - 1);
      const x0 = Math.floor(fx);
      const x1 = Math.min(x0 + 1, map.width - 1);
      const top = at(y0, x0) + (fx - x0) * (at(y0, x1) - at(y0, x0));
      const bottom = at(y1, x0) + (fx - x0) * (at(y1, x1) - at(y1, x0));
      const value = top + (fy - y0) * (bottom - top);
      const [r, g, b] = rampAt(value);
      const alpha = opacity * (0.25 + 0.75 * value);
      const i = 4 * (y * width + x);
      data[i] += alpha * (r - data[i]);
      data[i + 1] += alpha * (g - data[i + 1]);
      data[i + 2] += alpha * (b - data[i + 2]);
    }
  }
}

// By name, as a choice, and what is to be seen.
export const views = [
  ["heatmap", "heatmap over the picture", "Dark is nothing, yellow the most; each heatmap against its own largest value."],
  ["picture", "picture alone", "The pictures as the network gets them."],
  ["perturbation", "perturbation, magnified", "What was added to the clean picture, each against its own largest value: grey is no change."],
  ["difference", "heatmap less the clean one", "Orange: the heatmap has gained there; blue: it has lost. Both are taken against their own largest value."],
] as const;

export type View = (typeof views)[number][0];

export function meaning(view: View): string {
  return views.find(([name]) => name === view)![2];
}

function mapOf(input: ExemplarInput, layer: number): MapData | undefined {
  return input.maps.find((map) => map.layer === layer);
}

// The difference of two maps of one layer, each as strong as its own largest value: red gained, blue lost.
function difference(pixels: ImageData, map: MapData | undefined, clean: MapData | undefined): void {
  if (!map || !clean) return;
  const a = cells(map);
  const b = cells(clean);
  const { width, height, data } = pixels;
  for (let y = 0; y < height; ++y) {
    const row = Math.min(Math.floor((y * map.height) / height), map.height - 1);
    for (let x = 0; x < width; ++x) {
      const cell = row * map.width + Math.min(Math.floor((x * map.width) / width), map.width - 1);
      const change = (a[cell] - b[cell]) / 127;
      const grey = 0.3 * data[4 * (y * width + x)] + 0.59 * data[4 * (y * width + x) + 1] + 0.11 * data[4 * (y * width + x) + 2];
      const strength = Math.min(1, Math.abs(change));
      const target = change > 0 ? [213, 94, 0] : [0, 114, 178];
      for (let c = 0; c < 3; ++c) data[4 * (y * width + x) + c] = grey + strength * (target[c] - grey);
    }
  }
}

// Draws an input of an exemplar, fetching its pictures if they are not in the page.
export async function draw(canvas: HTMLCanvasElement, exemplar: Exemplar, at: number, view: View, layer: number, opacity: number): Promise<void> {
  await fill(exemplar);
  const clean = exemplar.inputs[0];
  const input = exemplar.inputs[at];
  const pixels = pixelsOf(await picture(clean.webp));
  if (at > 0) {
    const noise = pixelsOf(await picture(input.webp));
    const scale = view === "perturbation" ? 0 : (input.scale ?? 0) * 255;
    for (let i = 0; i < pixels.data.length; ++i) {
      if (i % 4 === 3) continue;
      if (view === "perturbation") pixels.data[i] = noise.data[i];
      else pixels.data[i] = pixels.data[i] + ((noise.data[i] - 128) / 127) * scale;
    }
  }
  if (view === "heatmap") overlay(pixels, mapOf(input, layer), opacity);
  if (view === "difference" && at > 0) difference(pixels, mapOf(input, layer), mapOf(clean, layer));
  canvas.width = pixels.width;
  canvas.height = pixels.height;
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
}

// Pictures beside each other, each under its head, and under them a line of what they are, in the page's colours: a PNG.
export function sideBySide(pictures: HTMLCanvasElement[], heads: string[], what: string): Promise<Blob> {
  const gap = 12;
  const line = 26;
  const side = Math.max(320, ...pictures.map(({ width }) => width));
  const heights = pictures.map(({ width, height }) => Math.round((height * side) / width));
  const canvas = document.createElement("canvas");
  canvas.width = gap + pictures.length * (side + gap);
  canvas.height = 2 * line + gap + Math.max(...heights);
  const context = canvas.getContext("2d")!;
  const { backgroundColor, color } = getComputedStyle(document.body);
  context.fillStyle = backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = color;
  context.font = "15px system-ui, sans-serif";
  context.textBaseline = "middle";
  pictures.forEach((picture, at) => {
    const x = gap + at * (side + gap);
    context.fillText(heads[at], x, line / 2 + 2, side);
    context.drawImage(picture, x, line, side, heights[at]);
  });
  context.fillText(what, gap, canvas.height - line / 2, canvas.width - 2 * gap);
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("the picture cannot be made"))), "image/png"));
}
