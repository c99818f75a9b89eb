import * as Plot from "@observablehq/plot";
import { choice, h, replace } from "./dom";
import { figure } from "./figure";
import { floats, ints, type Exemplar, type ExemplarInput, type Payload } from "./payload";
import { draw, meaning, type View, views } from "./pictures";
import { drawing, names, room } from "./plot";
import { thumbnail } from "./served";
import { onChange, set, state } from "./state";
import { count, fileName, number, percent } from "./words";

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

  const layerCount = payload.network.layers.length;
  const percents = (value: number): string => `${value} %`;
  const filter = choice("Show", filters.map(([name, text, keep]) => [name, `${text} (${payload.exemplars.filter(keep).length})`]), state.filter, (value) => set({ filter: value, part: "gallery" }));
  const sort = choice("Sort by", sorts.map(([name, text]) => [name, text]), state.sort, (value) => set({ sort: value, part: "gallery" }));
  const view = choice("View", views.map(([name, text]) => [name, text]), state.view, (value) => set({ view: value as View, part: "gallery" }));
  const slider = h("input", { type: "range", min: 0, max: layerCount - 1, "aria-label": "Layer", oninput: () => set({ layer: Number(slider.value), part: "gallery" }) });
  const layerName = h("output", {});
  const overlay = h("input", { type: "range", min: 0, max: 100, step: 5, "aria-label": "Overlay", oninput: () => set({ opacity: Number(overlay.value), part: "gallery" }) });
  const overlayName = h("output", {});
  const list = h("div", { class: "thumbs", role: "listbox", "aria-label": "Images", tabindex: 0 });
  const stage = h("div", { class: "stage" });
  const seen = h("p", { class: "soft" });
  const problem = h("p", { class: "problem", role: "status" });
  let canvases: HTMLCanvasElement[] = [];

  const chosen = (): Exemplar[] => {
    const kept = filters.find(([name]) => name === state.filter) ?? filters[0];
    const order = sorts.find(([name]) => name === state.sort) ?? sorts[0];
    return payload.exemplars.filter(kept[2]).sort((a, b) => (order[2](a) || 0) - (order[2](b) || 0) || a.image - b.image);
  };
  const current = (): Exemplar | undefined => {
    const all = chosen();
    return all.find((each) => each.image === state.image) ?? all[0];
  };

  const controls = (): void => {
    filter.show(state.filter);
    sort.show(state.sort);
    view.show(state.view);
    slider.value = String(state.layer);
    layerName.textContent = payload.network.layers[state.layer]?.name ?? "";
    slider.setAttribute("aria-valuetext", layerName.textContent);
    overlay.value = String(state.opacity);
    overlayName.textContent = percents(state.opacity);
    seen.textContent = meaning(state.view);
  };

  const paint = (): void => {
    controls();
    const exemplar = current();
    if (!exemplar) return;
    Promise.all(canvases.map((canvas, at) => draw(canvas, exemplar, at, state.view, state.layer, state.opacity / 100))).then(
      () => (problem.textContent = ""),
      (error: Error) => (problem.textContent = `This image cannot be shown: ${error.message}`),
    );
  };

  const curve = (exemplar: Exemplar): HTMLElement => {
    const first = place(exemplar) * points.length;
    const rows = points.map((point, i) => ({ point: point.name, step: steps[first + i] })).filter((row) => !Number.isNaN(row.step));
    const axis = names(rows.map((row) => row.point));
    const plot = drawing({
      width: Math.min(1040, room(rows.length)),
      height: 130 + axis.marginBottom,
      ...axis,
      y: { grid: true, label: "step", ticks: 4 },
      marks: [Plot.ruleY([0], { strokeOpacity: 0.4 }), Plot.lineY(rows, { x: "point", y: "step", stroke: "var(--k-adversarial)", strokeWidth: 2 }), Plot.dot(rows, { x: "point", y: "step", r: 2.5, fill: "var(--k-adversarial)" })],
    });
    return figure({ id: "gallery-step", title: `Step by point, ${fileName(fileOf.get(exemplar.image) ?? "")}`, caption: `What each point adds to the log excess of this image's adversarial input, ${condition.name}.`, plot, rows });
  };

  const panel = (exemplar: Exemplar, input: ExemplarInput, at: number): HTMLElement =>
    h("div", { class: "panel" }, h("h3", {}, at === 0 ? "clean" : input.kind), canvases[at], confidence(payload, exemplar, input), at > 0 ? h("p", { class: "soft" }, `Linf ${number(255 * input.linf)}/255, L2 ${number(input.l2)}`) : null);

  const show = (): void => {
    const exemplar = current();
    canvases = (exemplar?.inputs ?? []).map((input) => h("canvas", { class: "picture", role: "img", "aria-label": `${input.kind}: ${label(payload, input.predicted_class)}, ${percent(input.probability)}` }));
    if (!exemplar) {
      controls();
      return replace(stage, h("p", { class: "soft" }, "No image is of that kind."));
    }
    const eps = critical[place(exemplar)];
    const about = [exemplar.reasons.join("; "), Number.isNaN(eps) ? "" : `eps* ${number(255 * eps)}/255`].filter(Boolean).join("; ");
    replace(
      stage,
      h("p", { class: "stage-title" }, h("strong", {}, fileName(fileOf.get(exemplar.image) ?? "")), about ? ` — ${about}` : ""),
      problem,
      h("div", { class: "panels" }, exemplar.inputs.map((input, at) => panel(exemplar, input, at))),
      seen,
      curve(exemplar),
    );
    paint();
  };

  const mark = (): void => {
    const exemplar = current();
    list.removeAttribute("aria-activedescendant");
    for (const option of list.children) {
      const selected = option.getAttribute("data-image") === String(exemplar?.image);
      option.setAttribute("aria-selected", String(selected));
      if (!selected) continue;
      list.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  };

  const fill = (): void => {
    const options = chosen().map((exemplar) => {
      const thumb = payload.on_demand ? thumbnail(exemplar) : h("canvas", { class: "thumb" });
      if (thumb instanceof HTMLCanvasElement) void draw(thumb, exemplar, 0, "picture", 0, 0);
      const wrong = exemplar.inputs[1].predicted_class !== exemplar.inputs[0].predicted_class;
      return h(
        "div",
        { class: "option", role: "option", id: `image-${exemplar.image}`, "data-image": exemplar.image, "aria-selected": "false", title: fileName(fileOf.get(exemplar.image) ?? ""), onclick: () => set({ image: exemplar.image, part: "gallery" }) },
        thumb,
        h("span", {}, wrong ? label(payload, exemplar.inputs[1].predicted_class) : "unchanged"),
      );
    });
    replace(list, ...options);
    mark();
  };

  list.addEventListener("keydown", (event) => {
    const all = chosen();
    const at = all.findIndex((each) => each.image === current()?.image);
    const next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined || !all[next]) return;
    event.preventDefault();
    set({ image: all[next].image, part: "gallery" });
  });

  onChange((changed) => {
    const listed = changed.has("filter") || changed.has("sort");
    if (listed) fill();
    else if (changed.has("image")) mark();
    if (listed || changed.has("image")) show();
    else if (changed.has("layer") || changed.has("view") || changed.has("opacity")) paint();
  });
  section.append(
    h("p", { class: "soft" }, `${count(payload.exemplars.length, "image")} of ${condition.name}, ${payload.on_demand ? "of which some are marked by rule" : "chosen by rule"}: typical ones, those at the ends, failures, and some by lot. Arrow keys go through them.`),
    h(
      "div",
      { class: "controls" },
      filter.element,
      sort.element,
      view.element,
      h("label", { class: "choice wide" }, h("span", {}, "Layer ", layerName), slider),
      h("label", { class: "choice" }, h("span", {}, "Overlay ", overlayName), overlay),
    ),
    list,
    stage,
  );
  fill();
  show();
  return section;
}
