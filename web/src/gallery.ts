import { choice, h, replace } from "./dom";
import { save } from "./export";
import { saveCsv, saves } from "./figure";
import { columns, type Entry, entries, filters, kept, label, sorted } from "./gallery_list";
import { imageTable } from "./gallery_table";
import { imageCurve, imageCurves } from "./image_curves";
import type { Exemplar, ExemplarInput, Payload } from "./payload";
import { draw, meaning, sideBySide, type View, views } from "./pictures";
import { thumbnail } from "./served";
import { onChange, set, state } from "./state";
import { count, number, percent } from "./words";

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
  const all = entries(payload);
  const known = filters(payload, all);
  const table = columns(payload);
  const curves = imageCurves(payload);
  const layerCount = payload.network.layers.length;
  const percents = (value: number): string => `${value} %`;

  const filterChoices = known.map((filter) => ({ ...filter, choice: choice(filter.label, filter.values.map(([value, text]) => [value, text]), state[filter.key], (value) => set({ [filter.key]: value, part: "gallery" })) }));
  const sort = choice("Sort by", table.map(({ name, title }) => [name, title]), state.sort, (value) => set({ sort: value, order: "natural", part: "gallery" }));
  const reverse = h("input", { type: "checkbox", onchange: () => set({ order: reverse.checked ? "reversed" : "natural", part: "gallery" }) });
  const view = choice("View", views.map(([name, text]) => [name, text]), state.view, (value) => set({ view: value as View, part: "gallery" }));
  const curve = choice("Curve", curves.map(({ name, title }) => [name, title]), state.curve, (value) => set({ curve: value, part: "gallery" }));
  const curveBox = h("div", {});
  const slider = h("input", { type: "range", min: 0, max: layerCount - 1, "aria-label": "Layer", oninput: () => set({ layer: Number(slider.value), part: "gallery" }) });
  const layerName = h("output", {});
  const overlay = h("input", { type: "range", min: 0, max: 100, step: 5, "aria-label": "Overlay", oninput: () => set({ opacity: Number(overlay.value), part: "gallery" }) });
  const overlayName = h("output", {});
  const list = h("div", { class: "thumbs", role: "listbox", "aria-label": "Images", tabindex: 0 });
  const listedCount = h("p", { class: "soft", role: "status" });
  const stage = h("div", { class: "stage" });
  const seen = h("p", { class: "soft" });
  const problem = h("p", { class: "problem", role: "status" });
  let canvases: HTMLCanvasElement[] = [];
  let chosen: Entry[] = [];
  const current = (): Entry | undefined => chosen.find(({ exemplar }) => exemplar.image === state.image) ?? chosen[0];
  const rows = imageTable(() => chosen, table, current);

  const controls = (): void => {
    for (const filter of filterChoices) {
      filter.choice.show(filter.values.some(([value]) => value === state[filter.key]) ? state[filter.key] : "all");
      const others = kept(all, known, filter.key);
      const texts = new Map(filter.values.map(([value, text, keeps]) => [value, `${text} (${others.filter(keeps).length})`]));
      filter.choice.relabel((value) => texts.get(value)!);
    }
    sort.show(state.sort);
    reverse.checked = state.order === "reversed";
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
    const exemplar = current()?.exemplar;
    if (!exemplar) return;
    Promise.all(canvases.map((canvas, at) => draw(canvas, exemplar, at, state.view, state.layer, state.opacity / 100))).then(
      () => (problem.textContent = ""),
      (error: Error) => (problem.textContent = `This image cannot be shown: ${error.message}`),
    );
  };

  const drawCurve = (): void => {
    const entry = current();
    curve.show(state.curve);
    const shown = curves.find(({ name }) => name === state.curve) ?? curves[0];
    if (entry && shown) replace(curveBox, imageCurve(shown, entry.place, entry.file, condition.name));
  };

  const panelName = (input: ExemplarInput, at: number): string => (at === 0 ? "clean" : input.kind);

  const panel = (exemplar: Exemplar, input: ExemplarInput, at: number): HTMLElement =>
    h("div", { class: "panel" }, h("h3", {}, panelName(input, at)), canvases[at], confidence(payload, exemplar, input), at > 0 ? h("p", { class: "soft" }, `Linf ${number(255 * input.linf)}/255, L2 ${number(input.l2)}`) : null);

  // The panels as one picture, with what they are and what the network says; and the numbers beside them.
  const savePanels = ({ exemplar, file }: Entry): void => {
    const heads = exemplar.inputs.map((input, at) => `${panelName(input, at)}: ${label(payload, input.predicted_class)}, ${percent(input.probability)}`);
    const [, seenAs] = views.find(([name]) => name === state.view)!;
    const where = state.view === "heatmap" || state.view === "difference" ? ` at ${layerName.textContent}` : "";
    const what = `${file}, ${condition.name}, ${seenAs}${where}`;
    void sideBySide(canvases, heads, what).then((png) => save("pictures.png", "image/png", png));
  };
  const saveInputs = ({ exemplar, file }: Entry): void =>
    saveCsv("pictures", exemplar.inputs.map((input, at) => ({ file, input: panelName(input, at), answer: label(payload, input.predicted_class), probability: input.probability, clean_class_probability: input.clean_class_probability, margin: input.margin, linf: input.linf, l2: input.l2 })));

  const show = (): void => {
    const entry = current();
    const { exemplar } = entry ?? {};
    canvases = (exemplar?.inputs ?? []).map((input) => h("canvas", { class: "picture", role: "img", "aria-label": `${input.kind}: ${label(payload, input.predicted_class)}, ${percent(input.probability)}` }));
    if (!entry || !exemplar) {
      controls();
      return replace(stage, h("p", { class: "soft" }, "No image is of that kind."));
    }
    const about = [exemplar.reasons.join("; "), Number.isNaN(entry.criticalEps) ? "" : `eps* ${entry.epsText}`].filter(Boolean).join("; ");
    replace(
      stage,
      h("div", { class: "figure-head" }, h("p", { class: "stage-title" }, h("strong", {}, entry.file), about ? ` — ${about}` : ""), saves("the pictures", { PNG: () => savePanels(entry), CSV: () => saveInputs(entry) })),
      problem,
      h("div", { class: "panels" }, exemplar.inputs.map((input, at) => panel(exemplar, input, at))),
      seen,
      curveBox,
    );
    paint();
    drawCurve();
  };

  const mark = (): void => {
    const image = current()?.exemplar.image;
    list.removeAttribute("aria-activedescendant");
    for (const option of list.children) {
      const selected = option.getAttribute("data-image") === String(image);
      option.setAttribute("aria-selected", String(selected));
      if (!selected) continue;
      list.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    rows.mark();
  };

  const fill = (): void => {
    chosen = sorted(kept(all, known), table);
    const options = chosen.map(({ exemplar, file }) => {
      const thumb = payload.on_demand ? thumbnail(exemplar) : h("canvas", { class: "thumb" });
      if (thumb instanceof HTMLCanvasElement) void draw(thumb, exemplar, 0, "picture", 0, 0);
      const wrong = exemplar.inputs[1].predicted_class !== exemplar.inputs[0].predicted_class;
      return h(
        "div",
        { class: "option", role: "option", id: `image-${exemplar.image}`, "data-image": exemplar.image, "aria-selected": "false", title: file, onclick: () => set({ image: exemplar.image, part: "gallery" }) },
        thumb,
        h("span", {}, wrong ? label(payload, exemplar.inputs[1].predicted_class) : "unchanged"),
      );
    });
    replace(list, ...options);
    listedCount.textContent = `${chosen.length} of ${count(all.length, "image")}`;
    rows.fill();
    mark();
  };

  list.addEventListener("keydown", (event) => {
    const at = chosen.findIndex(({ exemplar }) => exemplar.image === current()?.exemplar.image);
    const next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: chosen.length - 1 }[event.key];
    if (next === undefined || !chosen[next]) return;
    event.preventDefault();
    set({ image: chosen[next].exemplar.image, part: "gallery" });
  });

  onChange((changed) => {
    const listed = changed.has("sort") || changed.has("order") || known.some(({ key }) => changed.has(key));
    if (listed) fill();
    else if (changed.has("image")) mark();
    if (listed || changed.has("image")) show();
    else if (changed.has("layer") || changed.has("view") || changed.has("opacity")) paint();
    if (changed.has("curve")) drawCurve();
  });
  section.append(
    h("p", { class: "soft" }, `${count(payload.exemplars.length, "image")} of ${condition.name}, ${payload.on_demand ? "of which some are marked by rule" : "chosen by rule"}: typical ones, those at the ends, failures, and some by lot. Arrow keys go through them.`),
    h("details", { class: "more" }, h("summary", {}, "The rule"), h("p", { class: "soft" }, payload.exemplar_rule)),
    h("div", { class: "controls" }, filterChoices.map((filter) => filter.choice.element), sort.element, h("label", { class: "tick" }, reverse, "reversed")),
    listedCount,
    list,
    rows.element,
    h(
      "div",
      { class: "controls" },
      view.element,
      curve.element,
      h("label", { class: "choice wide" }, h("span", {}, "Layer ", layerName), slider),
      h("label", { class: "choice" }, h("span", {}, "Overlay ", overlayName), overlay),
    ),
    stage,
  );
  fill();
  show();
  return section;
}
