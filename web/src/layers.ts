import * as Plot from "@observablehq/plot";
import { choice, h, replace } from "./dom";
import { figure } from "./figure";
import { colour, dash, keysOf } from "./palette";
import { floats, type Payload, type Row } from "./payload";
import { layerPlaces, type Place, pointPlaces, segmentPlaces } from "./places";
import { blocksMargin, type Drawing, drawing, names, onChoice, room, tip, withBlocks } from "./plot";
import { spreadAt } from "./spread";
import { onChange, set, state, type State } from "./state";
import { interval, number } from "./words";

const metrics: [State["metric"], string, string][] = [
  ["step", "Step", "What each point adds to the log excess, from the point before it."],
  ["log_excess", "Log excess", "ln of the deviation beyond Gaussian noise's of the same size: 0 is no worse than noise."],
  ["alignment", "Alignment", "Cosine of the change with the direction that lowers the margin fastest."],
];

function kindsWith(rows: Row[], value: string): string[] {
  return [...new Set(rows.filter((row) => row[value] !== null).map((row) => String(row.kind)))];
}

// Shows the images of a point of the network in the gallery; null where there is none.
export type ShowPoint = ((point: number) => void) | null;

// A click shows the images of the place that the pointer is at.
function linked(svg: Drawing, places: Place[], column: string, showPoint: ShowPoint): Drawing {
  const pointOf = new Map(places.map((place) => [place.name, place.point]));
  return showPoint ? onChoice(svg, (row) => showPoint(pointOf.get(String(row[column])) ?? -1)) : svg;
}

function clickSays(showPoint: ShowPoint): string {
  return showPoint ? " A click on a place leads to it in the gallery, and to the images that are first compromised there." : "";
}

// A line for each kind of input over the places of a column. Where a place has no value the line has a gap.
function kindLines(rows: Row[], column: string, value: string, label: string, places: Place[], reference: Plot.Markish[], showPoint: ShowPoint): Drawing {
  const name = (row: Row): string => String(row[column]);
  const axis = names(places.map((place) => place.name));
  const svg = drawing({
    width: room(places.length),
    height: 250 + blocksMargin + axis.marginBottom,
    marginTop: blocksMargin,
    ...axis,
    y: { grid: true, label },
    marks: [
      ...reference,
      ...kindsWith(rows, value).flatMap((kind) => {
        const of = rows.filter((row) => row.kind === kind);
        return [
          Plot.areaY(of, { x: name, y1: `${value}_lower`, y2: `${value}_upper`, fill: colour(kind), fillOpacity: kind === "adversarial" ? 0.22 : 0.1 }),
          Plot.lineY(of, { x: name, y: value, stroke: colour(kind), strokeWidth: kind === "adversarial" ? 2.5 : 1.5, strokeDasharray: dash(kind) }),
        ];
      }),
      tip(rows.filter((row) => row[value] !== null), Plot.pointer({ x: name, y: value, title: (row: Row) => `${name(row)}\n${row.kind}: ${number(row[value] as number)} (${interval(row[`${value}_lower`], row[`${value}_upper`])}), n = ${row[`${value}_n`]}` })),
    ],
  });
  return withBlocks(linked(svg, places, column, showPoint), places);
}

function responses(payload: Payload, showPoint: ShowPoint): HTMLElement {
  const condition = payload.conditions[state.condition];
  const rows = payload.summary.tables.points.filter((row) => row.condition === condition.name);
  const [metric, title, meaning] = metrics.find(([name]) => name === state.metric) ?? metrics[0];
  const harmless = payload.summary.tables.compromised.filter((row) => row.condition === condition.name && row.place === "point" && row.harmless_upper !== null);
  const reference: Plot.Markish[] = [Plot.ruleY([0], { strokeOpacity: 0.4 })];
  if (metric === "step") {
    reference.push(
      Plot.areaY(harmless, { x: "name", y1: "harmless_median", y2: "harmless_upper", fill: "currentColor", fillOpacity: 0.12 }),
      Plot.lineY(harmless, { x: "name", y: "harmless_upper", stroke: "currentColor", strokeOpacity: 0.5, strokeDasharray: "1 3" }),
    );
  }
  const n = Math.max(0, ...rows.filter((row) => row.kind === "adversarial").map((row) => Number(row[`${metric}_n`])));
  return figure({
    id: `layers-${metric}`,
    title: `${title} by point, ${condition.name}`,
    caption: `${meaning} Means over the images that the attack flipped (adversarial: n = ${n}); bands are 95 % intervals that hold for all points of a kind together.${metric === "step" && harmless.length > 0 ? " Grey: from the median to the 95 % quantile of harmless inputs' steps." : ""}${clickSays(showPoint)}`,
    plot: kindLines(rows, "point", metric, title.toLowerCase(), pointPlaces(payload), reference, showPoint),
    keys: keysOf(kindsWith(rows, metric)),
    rows,
  });
}

// Each image's value at every point: quartiles and range, and the image in focus.
function distributions(payload: Payload, showPoint: ShowPoint): HTMLElement {
  const condition = payload.conditions[state.condition];
  const places = payload.network.points.length;
  const values = floats(condition[state.metric]);
  const count = places > 0 ? values.length / places : 0;
  const rows: Row[] = payload.network.points.flatMap((point, place) => {
    const spread = spreadAt(values, places, place);
    return spread ? [{ point: point.name, ...spread }] : [];
  });
  const title = metrics.find(([name]) => name === state.metric)?.[1] ?? "";
  const axis = names(payload.network.points.map((point) => point.name));
  const plot = drawing({
    width: room(places),
    height: 210 + blocksMargin + axis.marginBottom,
    marginTop: blocksMargin,
    ...axis,
    x: { ...axis.x, type: "band" },
    y: { grid: true, label: title.toLowerCase() },
    marks: [
      Plot.ruleY([0], { strokeOpacity: 0.4 }),
      Plot.ruleX(rows, { x: "point", y1: "q10", y2: "q90", stroke: colour("adversarial") }),
      Plot.barY(rows, { x: "point", y1: "q25", y2: "q75", fill: colour("adversarial"), fillOpacity: 0.35 }),
      Plot.tickY(rows, { x: "point", y: "median", strokeWidth: 2 }),
      tip(rows, Plot.pointerX({ x: "point", y: "median", title: (row: Row) => `${row.point}\nmedian ${number(row.median as number)}\nmiddle half ${interval(row.q25, row.q75)}\n10 to 90 % ${interval(row.q10, row.q90)}\n${row.images} images` })),
    ],
  });
  return figure({ id: "distributions", title: `${title}: how images differ, ${condition.name}`, caption: `Adversarial inputs: medians, the middle half (boxes) and 10 to 90 % (lines) of all n = ${count} attacked images.${clickSays(showPoint)}`, plot: withBlocks(linked(plot, pointPlaces(payload), "point", showPoint), pointPlaces(payload)), rows });
}

function ranking(payload: Payload, showPoint: ShowPoint): HTMLElement {
  const condition = payload.conditions[state.condition];
  const rows = payload.summary.tables.layer_ranks.filter((row) => row.condition === condition.name);
  const measured = rows.filter((row) => row.minus_twins === "no");
  const beyond = rows.filter((row) => row.minus_twins === "yes");
  const layerNames = measured.map((row) => String(row.layer));
  // A rank is as wide as its place on the axis, so that one that is certain can be seen.
  const ranks = { x1: (row: Row) => (row.best_rank as number) - 0.4, x2: (row: Row) => (row.worst_rank as number) + 0.4, y: "layer" };
  const plot = drawing({
    width: Math.min(820, room()),
    height: 50 + 22 * layerNames.length,
    marginLeft: 12 + 6.2 * Math.max(...layerNames.map((name) => name.length), 4),
    marginTop: 6,
    marginBottom: 44,
    x: { label: "rank that the layer may have (1: the largest step)", labelAnchor: "center", labelOffset: 36, domain: [0.5, layerNames.length + 0.5], ticks: Math.min(layerNames.length, room() < 600 ? 5 : 13), tickFormat: "d" },
    y: { type: "band", domain: layerNames, label: null, padding: 0.15 },
    marks: [
      Plot.barX(measured, { ...ranks, fill: "var(--k-adversarial)", fillOpacity: 0.75, insetTop: 2, insetBottom: 10 }),
      Plot.barX(beyond, { ...ranks, fill: "var(--k-subcritical)", fillOpacity: 0.75, insetTop: 10, insetBottom: 2 }),
      tip(rows, Plot.pointerY({ x: "best_rank", y: "layer", title: (row: Row) => `${row.layer}${row.minus_twins === "yes" ? ", minus the twins" : ""}\nrank ${row.best_rank} to ${row.worst_rank}\nstep ${number(row.step as number)} (${interval(row.step_lower, row.step_upper)})` })),
    ],
  });
  const keys = [{ name: "as measured", colour: "var(--k-adversarial)", dash: "" }, ...(beyond.length ? [{ name: "minus the twins", colour: "var(--k-subcritical)", dash: "" }] : [])];
  return figure({ id: "ranking", title: `Which layers are the easiest to exploit, ${condition.name}`, caption: `Convolutions by mean step over n = ${measured[0]?.step_n ?? 0} flipped images: the ranks that each may have, together with 95 % confidence. A bar from end to end says that the rank is not known.${beyond.length ? " Minus the twins: what goes beyond networks of random weights." : ""}${clickSays(showPoint)}`, plot: linked(plot, layerPlaces(payload), "layer", showPoint), keys, rows });
}

function distraction(payload: Payload, showPoint: ShowPoint): HTMLElement {
  const condition = payload.conditions[state.condition];
  const rows = payload.summary.tables.distraction.filter((row) => row.condition === condition.name && row.method === state.method);
  const plot = kindLines(rows, "layer", "distraction", "distraction", layerPlaces(payload), [Plot.ruleY([0], { strokeOpacity: 0.4 })], showPoint);
  const n = Math.max(0, ...rows.filter((row) => row.kind === "adversarial").map((row) => Number(row.distraction_n)));
  return figure({ id: "distraction", title: `Distraction of ${state.method} by layer, ${condition.name}`, caption: `How much of the heatmap's mass leaves the clean heatmap's half-mass area. Means over the images that the attack flipped (adversarial: n = ${n}); bands are 95 % intervals that hold together for all layers.${clickSays(showPoint)}`, plot, keys: keysOf(kindsWith(rows, "distraction")), rows });
}

function contributions(payload: Payload, showPoint: ShowPoint): HTMLElement {
  const condition = payload.conditions[state.condition];
  const rows = payload.summary.tables.contributions.filter((row) => row.condition === condition.name);
  const plot = kindLines(rows, "segment", "contribution", "logits", segmentPlaces(payload), [Plot.ruleY([0], { strokeOpacity: 0.4 })], showPoint);
  const n = Math.max(0, ...rows.filter((row) => row.kind === "adversarial").map((row) => Number(row.contribution_n)));
  return figure({ id: "contributions", title: `Contribution to the margin by segment, ${condition.name}`, caption: `What each segment's non-linearities add to the change of the margin, in logits: below 0 they push towards the wrong answer. Means over the images that the attack flipped (adversarial: n = ${n}); bands are 95 % intervals that hold together for all segments.${clickSays(showPoint)}`, plot, keys: keysOf(kindsWith(rows, "contribution")), rows });
}

export function layers(payload: Payload, showPoint: ShowPoint): HTMLElement {
  const methods = [...new Set(payload.summary.tables.distraction.map((row) => String(row.method)))];
  const settle = (): void => {
    if (!methods.includes(state.method)) state.method = methods.includes("layercam") ? "layercam" : (methods[0] ?? "");
  };
  settle();
  const conditions = choice("Attack and strength", payload.conditions.map((condition, i) => [String(i), condition.name]), String(state.condition), (value) => set({ condition: Number(value), part: "layers" }));
  const metric = choice("Metric", metrics.map(([name, title]) => [name, title]), state.metric, (value) => set({ metric: value as State["metric"], part: "layers" }));
  const method = choice("Heatmap method", methods.map((name) => [name, name]), state.method, (value) => set({ method: value, part: "layers" }));
  const body = h("div", {});
  const draw = (): void => {
    replace(body, ...[responses, distributions, ranking, ...(methods.length ? [distraction] : []), contributions].map((make) => make(payload, showPoint)));
  };
  draw();
  onChange((changed) => {
    if (!changed.has("condition") && !changed.has("metric") && !changed.has("method")) return;
    settle();
    conditions.show(String(state.condition));
    metric.show(state.metric);
    method.show(state.method);
    draw();
  });
  return h("section", { id: "layers" }, h("h2", {}, "Layers"), h("div", { class: "controls" }, conditions.element, metric.element, method.element), body);
}
