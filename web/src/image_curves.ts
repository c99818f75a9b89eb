// What a quantity is of one image at each place, among those of the others.
import * as Plot from "@observablehq/plot";
import { figure } from "./figure";
import { floats, type Payload, type Row } from "./payload";
import { layerPlaces, type Place, pointPlaces, segmentPlaces } from "./places";
import { blocksMargin, drawing, names, room, tip, withBlocks } from "./plot";
import { spreadAt } from "./spread";
import { interval, number } from "./words";

export interface Curve {
  name: string;
  title: string;
  unit: string;
  places: Place[];
  values: Float32Array; // [images, places] under the condition that the findings are about
}

export function imageCurves(payload: Payload): Curve[] {
  const condition = payload.conditions[payload.primary];
  const points = pointPlaces(payload);
  const players = ["input", ...payload.network.blocks].map((name): Place => ({ name, block: name, point: -1 }));
  const all: Curve[] = [
    { name: "step", title: "Step by point", unit: "step", places: points, values: floats(condition.step) },
    { name: "log_excess", title: "Log excess by point", unit: "log excess", places: points, values: floats(condition.log_excess) },
    { name: "alignment", title: "Alignment by point", unit: "alignment", places: points, values: floats(condition.alignment) },
    ...Object.entries(condition.distraction).map(([method, values]): Curve => ({ name: `distraction ${method}`, title: `Distraction of ${method} by layer`, unit: "distraction", places: layerPlaces(payload), values: floats(values) })),
    { name: "contribution", title: "Contribution to the margin by segment", unit: "logits", places: segmentPlaces(payload), values: floats(condition.contribution) },
    { name: "share", title: "Shapley shares", unit: "share", places: players, values: floats(condition.share) },
  ];
  return all.filter(({ values }) => values.some((value) => !Number.isNaN(value)));
}

// `place`: the image's, among the condition's images.
export function imageCurve({ title, unit, places, values }: Curve, place: number, file: string, conditionName: string): HTMLElement {
  const own = values.subarray(place * places.length, (place + 1) * places.length);
  const rows: Row[] = places.flatMap(({ name }, at) => {
    const others = spreadAt(values, places.length, at);
    return others ? [{ place: name, value: Number.isNaN(own[at]) ? null : own[at], median: others.median, q25: others.q25, q75: others.q75, images: others.images }] : [];
  });
  const shown = places.filter(({ name }) => rows.some((row) => row.place === name));
  const axis = names(shown.map(({ name }) => name));
  const blocks = shown.some(({ name, block }) => name !== block);
  const plot = drawing({
    width: Math.min(1040, room(shown.length)),
    height: 150 + blocksMargin + axis.marginBottom,
    marginTop: blocksMargin,
    ...axis,
    y: { grid: true, label: unit, ticks: 4 },
    marks: [
      Plot.ruleY([0], { strokeOpacity: 0.4 }),
      Plot.areaY(rows, { x: "place", y1: "q25", y2: "q75", fill: "currentColor", fillOpacity: 0.1 }),
      Plot.lineY(rows, { x: "place", y: "median", stroke: "currentColor", strokeOpacity: 0.6, strokeDasharray: "4 3" }),
      Plot.lineY(rows, { x: "place", y: "value", stroke: "var(--k-adversarial)", strokeWidth: 2 }),
      Plot.dot(rows, { x: "place", y: "value", r: 2.5, fill: "var(--k-adversarial)" }),
      tip(rows, Plot.pointerX({ x: "place", y: (row: Row) => row.value ?? row.median, title: (row: Row) => `${row.place}\nthis image: ${number(row.value as number | null)}\nmedian of ${row.images}: ${number(row.median as number)}, middle half ${interval(row.q25, row.q75)}` })),
    ],
  });
  return figure({
    id: "gallery-curve",
    title: `${title}, ${file}`,
    caption: `The adversarial input of this image (n = 1), ${conditionName}; grey: the middle half of all ${Math.max(0, ...rows.map((row) => Number(row.images)))} attacked images, dashed their median.`,
    plot: blocks ? withBlocks(plot, shown) : plot,
    keys: [
      { name: "this image", colour: "var(--k-adversarial)", dash: "" },
      { name: "median of all", colour: "var(--soft)", dash: "4 3" },
    ],
    rows,
  });
}
