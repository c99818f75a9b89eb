import * as Plot from "@observablehq/plot";
import { choice, h, replace } from "./dom";
import { floats, ints, type Exemplar, type ExemplarInput, type Payload } from "./payload";
import { draw, type View } from "./pictures";
import { thumbnail } from "./served";
import { onChange, set, state } from "./state";
import { fileName, number, percent } from "./words";

function label(payload: Payload, index: number): string {
  return payload.network.classes[index] ?? `class ${index}`;
}

function confidence(payload: Payload, exemplar: Exemplar, input: ExemplarInput): HTMLElement {
  const cleanClass = exemplar.inputs[0].predicted_class;
  const bars: [string, number][] = [[label(payload, cleanClass), input.clean_class_probability]];
  if (input.predicted_class !== cleanClass) bars.unshift([label(payload, input.predicted_class), input.probability]);
  return h(
    "ul",
    { class: "confidence" },
    bars.map(([name, value]) => h("li", {}, h("span", { class: "confidence-name" }, name), h("span", { class: "confidence-bar" }, h("span", { style: `width:${(100 * value).toFixed(1)}%` })), h("span", { class: "num" }, percent(value)))),
  );
}

export function gallery(payload: Payload): HTMLElement {
  const condition = payload.conditions[payload.primary];
  const section = h("section", { id: "gallery" }, h("h2", {}, "Gallery"));
  if (payload.exemplars.length === 0 || !condition) {
    section.append(h("p", { class: "soft" }, "This report holds no pictures."));
    return section;
  }
  const places = new Map(Array.from(ints(condition.image), (image, place) => [image, place]));
  const outcomes = ints(condition.outcome);
  const steps = floats(condition.step);
  const excess = floats(condition.log_excess);
  const critical = floats(condition.critical_eps);
  const onset = condition.compromise ? ints(condition.compromise.onset) : null;
  const blocks = condition.compromise ? ints(condition.compromise.blocks) : null;
  const points = payload.network.points;
  const place = (exemplar: Exemplar): number => places.get(exemplar.image) ?? 0;
  const fileOf = new Map(Array.from(ints(payload.images.image), (image, i) => [image, payload.images.file[i]]));

  const filters: [string, string, (exemplar: Exemplar) => boolean][] = [["all", payload.on_demand ? "all images" : "all exemplars", () => true]];
  for (const reason of [...new Set(payload.exemplars.flatMap((each) => each.reasons))]) filters.push([`reason ${reason}`, reason, (each) => each.reasons.includes(reason)]);
  filters.push(["changed", "answer changed", (each) => outcomes[place(each)] >= 2], ["stayed", "answer stayed", (each) => outcomes[place(each)] === 1]);
  for (const predicted of [...new Set(payload.exemplars.map((each) => each.inputs[0].predicted_class))].sort((a, b) => a - b)) filters.push([`class ${predicted}`, `class ${label(payload, predicted)}`, (each) => each.inputs[0].predicted_class === predicted]);
  if (onset) for (const first of [...new Set(payload.exemplars.map((each) => onset[place(each)]))].filter((at) => at >= 0).sort((a, b) => a - b)) filters.push([`onset ${first}`, `first compromised at ${points[first].name}`, (each) => onset[place(each)] === first]);
  if (blocks) payload.network.blocks.forEach((block, b) => filters.push([`block ${b}`, `${block} compromised`, (each) => (blocks[place(each)] & (1 << b)) !== 0]));

  const sorts: [string, string, (exemplar: Exemplar) => number][] = [
    ["image", "order of the list", (each) => each.image],
    ["critical", "eps*", (each) => critical[place(each)]],
    ["probability", "confidence in the wrong answer", (each) => -each.inputs[1].probability],
    ["excess", "log excess at the end", (each) => -excess[place(each) * points.length + points.length - 1]],
    ["class", "class", (each) => each.inputs[0].predicted_class],
  ];

  let view: View = "heatmap";
  let opacity = 0.6;
  const layerCount = payload.network.layers.length;
  if (state.layer < 0 || state.layer >= layerCount) state.layer = layerCount - 1;

  const controls = h("div", { class: "controls" });
  const list = h("div", { class: "thumbs", role: "listbox", "aria-label": "Exemplars", tabindex: 0 });
  const stage = h("div", { class: "stage" });
  const slider = h("input", { type: "range", min: 0, max: layerCount - 1, value: state.layer, "aria-label": "Layer", oninput: () => set({ layer: Number(slider.value) }) });
  const layerName = h("output", {});
  const canvases: HTMLCanvasElement[] = [];

  const chosen = (): Exemplar[] => {
    const filter = filters.find(([name]) => name === state.filter) ?? filters[0];
    const sort = sorts.find(([name]) => name === state.sort) ?? sorts[0];
    return payload.exemplars.filter(filter[2]).sort((a, b) => (sort[2](a) || 0) - (sort[2](b) || 0) || a.image - b.image);
  };
  const current = (): Exemplar | undefined => {
    const all = chosen();
    return all.find((each) => each.image === state.image) ?? all[0];
  };

  const paint = (): void => {
    const exemplar = current();
    layerName.textContent = payload.network.layers[state.layer]?.name ?? "";
    slider.value = String(state.layer);
    if (exemplar) canvases.forEach((canvas, at) => void draw(canvas, exemplar, at, view, state.layer, opacity));
  };

  const curves = (exemplar: Exemplar): HTMLElement | SVGSVGElement => {
    const first = place(exemplar) * points.length;
    const rows = points.map((point, i) => ({ point: point.name, step: steps[first + i] })).filter((row) => !Number.isNaN(row.step));
    return Plot.plot({
      width: Math.min(1000, Math.max(320, document.documentElement.clientWidth - 64)),
      height: 190,
      marginBottom: 90,
      marginLeft: 48,
      x: { type: "point", domain: rows.map((row) => row.point), label: null, tickRotate: -50 },
      y: { grid: true, label: "step" },
      marks: [Plot.ruleY([0], { strokeOpacity: 0.4 }), Plot.lineY(rows, { x: "point", y: "step", stroke: "var(--k-adversarial)", strokeWidth: 2 }), Plot.dot(rows, { x: "point", y: "step", r: 2.5, fill: "var(--k-adversarial)" })],
    });
  };

  const show = (): void => {
    const exemplar = current();
    if (!exemplar) return replace(stage, h("p", { class: "soft" }, "No exemplar is of that kind."));
    canvases.length = 0;
    const panels = exemplar.inputs.map((input, at) => {
      const canvas = h("canvas", { class: "picture", role: "img", "aria-label": `${input.kind}: ${label(payload, input.predicted_class)}, ${percent(input.probability)}` });
      canvases.push(canvas);
      return h("div", { class: "panel" }, h("h4", {}, at === 0 ? "clean" : input.kind), canvas, confidence(payload, exemplar, input), at > 0 ? h("p", { class: "soft" }, `Linf ${number(255 * input.linf)}/255, L2 ${number(input.l2)}`) : null);
    });
    const eps = critical[place(exemplar)];
    replace(
      stage,
      h("p", { class: "stage-title" }, h("strong", {}, fileName(fileOf.get(exemplar.image) ?? "")), ` — ${exemplar.reasons.join("; ")}${Number.isNaN(eps) ? "" : `; eps* ${number(255 * eps)}/255`}`),
      h("div", { class: "panels" }, panels),
      curves(exemplar) as Node,
    );
    paint();
  };

  const mark = (): void => {
    const exemplar = current();
    for (const option of list.children) {
      const selected = option.getAttribute("data-image") === String(exemplar?.image);
      option.setAttribute("aria-selected", String(selected));
      if (selected) (option as HTMLElement).scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  };

  const fill = (): void => {
    replace(
      controls,
      choice("Show", filters.map(([name, text, keep]) => [name, `${text} (${payload.exemplars.filter(keep).length})`]), state.filter, (value) => set({ filter: value })),
      choice("Sort by", sorts.map(([name, text]) => [name, text]), state.sort, (value) => set({ sort: value })),
      choice("View", [["heatmap", "heatmap over the picture"], ["picture", "picture alone"], ["perturbation", "perturbation, magnified"], ["difference", "heatmap less the clean one"]], view, (value) => {
        view = value as View;
        paint();
      }),
      h("label", { class: "choice wide" }, h("span", {}, "Layer ", layerName), slider),
      h("label", { class: "choice" }, h("span", {}, "Overlay"), h("input", { type: "range", min: 0, max: 1, step: 0.05, value: opacity, oninput: (event: Event) => { opacity = Number((event.target as HTMLInputElement).value); paint(); } })),
    );
    replace(
      list,
      ...chosen().map((exemplar) => {
        const thumb = payload.on_demand ? thumbnail(exemplar) : h("canvas", { class: "thumb" });
        if (thumb instanceof HTMLCanvasElement) void draw(thumb, exemplar, 0, "picture", 0, 0);
        const wrong = exemplar.inputs[1].predicted_class !== exemplar.inputs[0].predicted_class;
        return h("div", { class: "option", role: "option", "data-image": exemplar.image, "aria-selected": "false", title: fileName(fileOf.get(exemplar.image) ?? ""), onclick: () => set({ image: exemplar.image }) }, thumb, h("span", {}, wrong ? label(payload, exemplar.inputs[1].predicted_class) : "unchanged"));
      }),
    );
    mark();
  };

  list.addEventListener("keydown", (event) => {
    const all = chosen();
    const at = all.findIndex((each) => each.image === current()?.image);
    const next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined || !all[next]) return;
    event.preventDefault();
    set({ image: all[next].image });
  });

  onChange((changed) => {
    if (changed.has("filter") || changed.has("sort")) fill();
    if (changed.has("filter") || changed.has("sort") || changed.has("image")) {
      mark();
      show();
    } else if (changed.has("layer")) {
      paint();
    }
  });
  section.append(
    h("p", { class: "soft" }, `${payload.exemplars.length} images of ${condition.name}, ${payload.on_demand ? "of which some are marked by rule" : "chosen by rule"}: typical ones, those at the ends, failures, and some by lot. Arrow keys go through them.`),
    controls,
    list,
    stage,
  );
  fill();
  show();
  return section;
}
