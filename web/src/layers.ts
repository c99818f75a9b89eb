import * as Plot from "@observablehq/plot";
import { choice, h, replace } from "./dom";
import { figure } from "./figure";
import { colour, dash } from "./palette";
import { floats, type Payload, type Row } from "./payload";
import { onChange, set, state, type State } from "./state";
import { interval, number } from "./words";

const metrics: [State["metric"], string, string][] = [
  ["step", "Step", "What each point adds to the log excess, from the point before it."],
  ["log_excess", "Log excess", "ln of the deviation beyond Gaussian noise's of the same size: 0 is no worse than noise."],
  ["alignment", "Alignment", "Cosine of the change with the direction that lowers the margin fastest."],
];

const width = (): number => Math.min(1120, Math.max(340, document.documentElement.clientWidth - 48));

// Names of points along the axis, in the order of the network.
function pointScale(names: string[]): Plot.ScaleOptions {
  return { type: "point", domain: names, label: null, tickRotate: -50 };
}

function kindLines(rows: Row[], name: (row: Row) => string, value: string, domain: string[], reference: Plot.Markish[]): SVGSVGElement | HTMLElement {
  const kept = rows.filter((row) => row[value] !== null);
  const present = [...new Set(kept.map((row) => String(row.kind)))];
  return Plot.plot({
    width: width(),
    height: 360,
    marginBottom: 110,
    marginLeft: 56,
    x: pointScale(domain),
    y: { grid: true, label: null },
    marks: [
      ...reference,
      ...present.flatMap((kind) => {
        const of = kept.filter((row) => row.kind === kind);
        return [
          Plot.areaY(of, { x: name, y1: `${value}_lower`, y2: `${value}_upper`, fill: colour(kind), fillOpacity: kind === "adversarial" ? 0.22 : 0.1 }),
          Plot.lineY(of, { x: name, y: value, stroke: colour(kind), strokeWidth: kind === "adversarial" ? 2.5 : 1.5, strokeDasharray: dash(kind) }),
        ];
      }),
      Plot.tip(kept, Plot.pointer({ x: name, y: value, title: (row: Row) => `${name(row)}\n${row.kind}: ${number(row[value] as number)} (${interval(row[`${value}_lower`], row[`${value}_upper`])}), n = ${row[`${value}_n`]}` })),
    ],
  });
}

export function legend(kindsShown: string[]): HTMLElement {
  return h(
    "ul",
    { class: "legend" },
    kindsShown.map((kind) => h("li", {}, h("span", { class: "key", style: `border-top-color:${colour(kind)};border-top-style:${dash(kind) ? "dashed" : "solid"}` }), kind)),
  );
}

function responses(payload: Payload): HTMLElement {
  const condition = payload.conditions[state.condition];
  const rows = payload.summary.tables.points.filter((row) => row.condition === condition.name);
  const [metric, title, meaning] = metrics.find(([name]) => name === state.metric) ?? metrics[0];
  const domain = payload.network.points.map((point) => point.name);
  const harmless = payload.summary.tables.compromised.filter((row) => row.condition === condition.name && row.place === "point" && row.harmless_upper !== null);
  const reference: Plot.Markish[] = [Plot.ruleY([0], { strokeOpacity: 0.4 })];
  if (metric === "step") {
    reference.push(
      Plot.areaY(harmless, { x: "name", y1: "harmless_median", y2: "harmless_upper", fill: "currentColor", fillOpacity: 0.12 }),
      Plot.lineY(harmless, { x: "name", y: "harmless_upper", stroke: "currentColor", strokeOpacity: 0.5, strokeDasharray: "1 3" }),
    );
  }
  const n = Math.max(0, ...rows.filter((row) => row.kind === "adversarial").map((row) => Number(row[`${metric}_n`])));
  const plot = kindLines(rows, (row) => String(row.point), metric, domain, reference);
  return h(
    "div",
    {},
    legend([...new Set(rows.filter((row) => row[metric] !== null).map((row) => String(row.kind)))]),
    figure({
      id: `layers-${metric}`,
      title: `${title} by point, ${condition.name}`,
      caption: `${meaning} Means over the images that the attack flipped (adversarial: n = ${n}); bands are 95 % intervals that hold for all points of a kind together.${metric === "step" ? " Grey: from the median to the 95 % quantile of harmless inputs' steps." : ""}`,
      plot,
      rows,
    }),
  );
}

function quantile(sorted: number[], share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

// Each image's value at every point: quartiles and range, and the image in focus.
function distributions(payload: Payload): HTMLElement {
  const condition = payload.conditions[state.condition];
  const places = payload.network.points.length;
  const values = floats(condition[state.metric]);
  const count = places > 0 ? values.length / places : 0;
  const rows: Row[] = [];
  payload.network.points.forEach((point, place) => {
    const here: number[] = [];
    for (let i = 0; i < count; ++i) if (!Number.isNaN(values[i * places + place])) here.push(values[i * places + place]);
    if (here.length === 0) return;
    here.sort((a, b) => a - b);
    rows.push({ point: point.name, least: here[0], q10: quantile(here, 0.1), q25: quantile(here, 0.25), median: quantile(here, 0.5), q75: quantile(here, 0.75), q90: quantile(here, 0.9), largest: here[here.length - 1], images: here.length });
  });
  const title = metrics.find(([name]) => name === state.metric)?.[1] ?? "";
  const plot = Plot.plot({
    width: width(),
    height: 320,
    marginBottom: 110,
    marginLeft: 56,
    x: { ...pointScale(payload.network.points.map((point) => point.name)), type: "band" },
    y: { grid: true, label: null },
    marks: [
      Plot.ruleY([0], { strokeOpacity: 0.4 }),
      Plot.ruleX(rows, { x: "point", y1: "q10", y2: "q90", stroke: colour("adversarial") }),
      Plot.barY(rows, { x: "point", y1: "q25", y2: "q75", fill: colour("adversarial"), fillOpacity: 0.35 }),
      Plot.tickY(rows, { x: "point", y: "median", strokeWidth: 2 }),
      Plot.tip(rows, Plot.pointerX({ x: "point", y: "median", title: (row: Row) => `${row.point}\nmedian ${number(row.median as number)}\nmiddle half ${interval(row.q25, row.q75)}\n10 to 90 % ${interval(row.q10, row.q90)}\n${row.images} images` })),
    ],
  });
  return figure({ id: "distributions", title: `${title}: how images differ, ${condition.name}`, caption: "Adversarial inputs: medians, the middle half (boxes) and 10 to 90 % (lines) of all attacked images.", plot, rows });
}

function ranking(payload: Payload): HTMLElement {
  const condition = payload.conditions[state.condition];
  const rows = payload.summary.tables.layer_ranks.filter((row) => row.condition === condition.name);
  const names = rows.filter((row) => row.minus_twins === "no").map((row) => String(row.layer));
  const plot = Plot.plot({
    width: Math.min(760, width()),
    height: 60 + 22 * names.length,
    marginLeft: 150,
    x: { label: "rank that the layer may have (1: the largest step)", domain: [0.5, names.length + 0.5], ticks: names.length > 16 ? 8 : names.length },
    y: { type: "band", domain: names, label: null },
    marks: [
      Plot.link(rows, { x1: "best_rank", x2: "worst_rank", y1: "layer", y2: "layer", dy: 0, stroke: (row: Row) => (row.minus_twins === "no" ? "var(--k-adversarial)" : "var(--soft)"), strokeWidth: 6, strokeOpacity: 0.55 }),
      Plot.tip(rows, Plot.pointerY({ x: "best_rank", y: "layer", title: (row: Row) => `${row.layer}${row.minus_twins === "yes" ? ", minus the twins" : ""}\nrank ${row.best_rank} to ${row.worst_rank}\nstep ${number(row.step as number)} (${interval(row.step_lower, row.step_upper)})` })),
    ],
  });
  return figure({ id: "ranking", title: `Which layers are the easiest to exploit, ${condition.name}`, caption: "Convolutions by mean step: the ranks that each may have, together with 95 % confidence. Orange: as measured; grey: beyond what the twins, networks of random weights, show.", plot, rows });
}

function distraction(payload: Payload): HTMLElement {
  const condition = payload.conditions[state.condition];
  const rows = payload.summary.tables.distraction.filter((row) => row.condition === condition.name && row.method === state.method);
  const plot = kindLines(rows, (row) => String(row.layer), "distraction", payload.network.layers.map((layer) => layer.name), [Plot.ruleY([0], { strokeOpacity: 0.4 })]);
  return figure({ id: "distraction", title: `Distraction of ${state.method} by layer, ${condition.name}`, caption: "How much of the heatmap's mass leaves the clean heatmap's half-mass area. Means over the images that the attack flipped; bands hold together for all layers.", plot, rows });
}

function contributions(payload: Payload): HTMLElement {
  const condition = payload.conditions[state.condition];
  const rows = payload.summary.tables.contributions.filter((row) => row.condition === condition.name);
  const plot = kindLines(rows, (row) => String(row.segment), "contribution", payload.network.segments.map((segment) => segment.name), [Plot.ruleY([0], { strokeOpacity: 0.4 })]);
  return figure({ id: "contributions", title: `Contribution to the margin by segment, ${condition.name}`, caption: "What each segment's non-linearities add to the change of the margin, in logits: below 0 they push towards the wrong answer.", plot, rows });
}

export function layers(payload: Payload): HTMLElement {
  const methods = [...new Set(payload.summary.tables.distraction.map((row) => String(row.method)))];
  if (!methods.includes(state.method)) state.method = methods.includes("layercam") ? "layercam" : (methods[0] ?? "");
  const controls = h("div", { class: "controls" });
  const body = h("div", {});
  const draw = (): void => {
    replace(
      controls,
      choice("Attack and strength", payload.conditions.map((condition, i) => [String(i), condition.name]), String(state.condition), (value) => set({ condition: Number(value) })),
      choice("Metric", metrics.map(([name, title]) => [name, title]), state.metric, (value) => set({ metric: value as State["metric"] })),
      choice("Heatmap method", methods.map((method) => [method, method]), state.method, (value) => set({ method: value })),
    );
    replace(body, responses(payload), distributions(payload), ranking(payload), ...(methods.length ? [distraction(payload)] : []), contributions(payload));
  };
  draw();
  onChange((changed) => {
    if (changed.has("condition") || changed.has("metric") || changed.has("method")) draw();
  });
  return h("section", { id: "layers" }, h("h2", {}, "Layers"), controls, body);
}
