import * as Plot from "@observablehq/plot";
import { choice, h, replace } from "./dom";
import { figure } from "./figure";
import { colour, dash, keysOf } from "./palette";
import type { Exemplar, ExemplarInput, Row } from "./payload";
import { draw, meaning, type View, views } from "./pictures";
import { drawing, names, room, tip } from "./plot";
import { fetchJson } from "./served";
import { number, percent } from "./words";

interface Choices {
  models: { name: string; classes: number; width: number; height: number }[];
  attacks: { name: string; summary: string; eps: number | null; eps_meaning: string }[]; // eps in 1/255, null: no limit
}

interface TriedInput extends ExemplarInput {
  likeliest: { class: number; label: string; probability: number }[];
}

interface Responses {
  kind: string;
  draws: number;
  log_excess: (number | null)[]; // by point
  step: (number | null)[];
  alignment: (number | null)[];
  contribution: (number | null)[]; // by segment
}

interface Result {
  attack: string;
  model: string;
  flipped: boolean;
  headline: string;
  sentences: string[];
  method: string;
  network: { layers: { name: string }[]; points: { name: string }[]; segments: { name: string; point: number | null }[] };
  inputs: TriedInput[];
  responses: Responses[];
  harmless_steps: ([number, number] | null)[];
}

type Line = { ahead?: number; done?: number; total?: number; what?: string; result?: Result; problem?: string };

// The lines of an answer, as they come.
async function* lines(answer: Response): AsyncGenerator<Line> {
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop()!;
    for (const part of parts) yield JSON.parse(part) as Line;
  }
}

// ---- what was found --------------------------------------------------------------------------------------

const shownKinds = ["adversarial", "gaussian"];

const curves: { id: "log_excess" | "step" | "alignment" | "contribution"; title: string; caption: string }[] = [
  { id: "log_excess", title: "Log excess", caption: "How much further than Gaussian noise of the same size the input moves the activation: the logarithm of its relative deviation less the mean over Gaussian draws." },
  { id: "step", title: "Step", caption: "The log excess less that of the point before. The grey band is the range of harmless noise: Gaussian, shuffled and phase draws that kept the answer." },
  { id: "alignment", title: "Alignment", caption: "The cosine between the activation's change and the direction that lowers the margin fastest: 1 is all for the wrong answer, 0 as good as any." },
  { id: "contribution", title: "Contribution", caption: "What the non-linearities between the point before and this one add to the change of the margin, in logits; below 0 is towards the wrong answer." },
];

function curve(result: Result, which: (typeof curves)[number]): HTMLElement {
  const { points, segments } = result.network;
  const places = which.id === "contribution" ? segments.map((segment) => (segment.point === null ? segment.name : points[segment.point].name)) : points.map((point) => point.name);
  const rows: Row[] = result.responses
    .filter((of) => shownKinds.includes(of.kind))
    .flatMap((of) => of[which.id].map((value, i) => ({ point: places[i], kind: of.kind, draws: of.draws, [which.id]: value })));
  const known = rows.filter((row) => row[which.id] !== null);
  const band = which.id === "step" ? result.harmless_steps.flatMap((range, i) => (range ? [{ point: places[i], low: range[0], high: range[1] }] : [])) : [];
  const domain = [...new Set(places)].filter((place) => known.some((row) => row.point === place));
  const plot = drawing({
    width: room(domain.length),
    height: 165 + names(domain).marginBottom,
    ...names(domain),
    y: { grid: true, label: which.title.toLowerCase() },
    marks: [
      Plot.areaY(band.filter((each) => domain.includes(each.point)), { x: "point", y1: "low", y2: "high", fill: "currentColor", fillOpacity: 0.13 }),
      Plot.ruleY([0], { strokeOpacity: 0.4 }),
      ...shownKinds.flatMap((kind) => [
        Plot.lineY(rows.filter((row) => row.kind === kind && domain.includes(String(row.point))), { x: "point", y: which.id, stroke: colour(kind), strokeWidth: 2, strokeDasharray: dash(kind) }),
        Plot.dot(known.filter((row) => row.kind === kind), { x: "point", y: which.id, fill: colour(kind), r: 2.5 }),
      ]),
      tip(known, Plot.pointer({ x: "point", y: which.id, title: (row: Row) => `${row.point}, ${row.kind}\n${number(row[which.id] as number)}` })),
    ],
  });
  const draws = result.responses.find((of) => of.kind === "gaussian")?.draws ?? 0;
  return figure({ id: `try-${which.id}`, title: which.title, caption: `${which.caption} One picture; of Gaussian noise the mean of ${draws} draws.`, plot, keys: keysOf(shownKinds), rows });
}

function confidence(input: TriedInput): HTMLElement {
  const bar = (value: number): HTMLElement => h("span", { class: "confidence-bar" }, h("span", { style: `width:${(100 * value).toFixed(1)}%` }));
  return h("ul", { class: "confidence" }, input.likeliest.slice(0, 3).map((each) => h("li", {}, h("span", { class: "confidence-name", title: each.label }, each.label), bar(each.probability), h("span", { class: "num" }, percent(each.probability)))));
}

function pictures(result: Result): HTMLElement {
  const { layers } = result.network;
  const exemplar: Exemplar = { image: 0, reasons: [], inputs: result.inputs };
  let view: View = "heatmap";
  let layer = layers.length - 1;
  const name = h("output", {});
  const slider = h("input", { type: "range", min: 0, max: layers.length - 1, value: layer, "aria-label": "Layer" });
  const canvases = result.inputs.map((input) => h("canvas", { class: "picture", role: "img", "aria-label": `${input.kind}: ${input.likeliest[0].label}, ${percent(input.likeliest[0].probability)}` }));
  const seen = h("p", { class: "soft" });
  const paint = (): void => {
    name.textContent = layers[layer]?.name ?? "";
    seen.textContent = meaning(view);
    canvases.forEach((canvas, at) => void draw(canvas, exemplar, at, view, layer, 0.6));
  };
  slider.addEventListener("input", () => {
    layer = Number(slider.value);
    paint();
  });
  paint();
  return h(
    "div",
    {},
    h(
      "div",
      { class: "controls" },
      choice("View", views.map(([key, text]) => [key, text]), view, (value) => {
        view = value as View;
        paint();
      }).element,
      h("label", { class: "choice wide" }, h("span", {}, `${result.method} at layer `, name), slider),
    ),
    h(
      "div",
      { class: "panels" },
      result.inputs.map((input, at) => h("div", { class: "panel" }, h("h3", {}, at === 0 ? "clean" : input.kind), canvases[at], confidence(input), at > 0 ? h("p", { class: "soft" }, `Linf ${number(255 * input.linf)}/255, L2 ${number(input.l2)}`) : null)),
    ),
    seen,
  );
}

function outcome(result: Result): HTMLElement {
  return h(
    "section",
    { id: "outcome", "aria-label": "What happened" },
    h("h2", { class: result.flipped ? "flipped" : "" }, result.headline),
    h("p", { class: "soft" }, `${result.model}, ${result.attack}`),
    pictures(result),
    h("ul", { class: "words" }, result.sentences.map((sentence) => h("li", {}, sentence))),
    h("h2", {}, "How the layers respond"),
    ...curves.map((which) => curve(result, which)),
  );
}

// ---- what is asked ---------------------------------------------------------------------------------------

function stepText(line: Line): string {
  if (line.ahead) return `Waiting: ${line.ahead} before this one`;
  if (!line.what) return "Computing";
  return line.total ? `${line.what}: ${line.done} of ${line.total}` : line.what;
}

function form(choices: Choices): HTMLElement {
  let file: File | null = null;
  let attack = choices.attacks.find((each) => each.name === "pgd") ?? choices.attacks[0];
  let model = "0";
  let running: AbortController | null = null;

  const result = h("div", {});
  const status = h("p", { role: "status", class: "soft" });
  const bar = h("progress", { max: 1, hidden: true, "aria-label": "Progress" });
  const preview = h("img", { class: "preview", alt: "", hidden: true });
  const hint = h("span", { class: "drop-hint" }, "Drop a picture here, or choose one");
  const input = h("input", { type: "file", accept: "image/jpeg,image/png,image/webp,.ppm,.pgm", class: "file", "aria-label": "Picture" });
  const drop = h("label", { class: "drop" }, preview, hint, input);
  const eps = h("input", { type: "number", min: 0, step: "any" });
  const epsChoice = h("label", { class: "choice" }, h("span", {}, "eps in 1/255"), eps);
  const about = h("p", { class: "soft about" });
  const start = h("button", { type: "submit", class: "start", disabled: true }, "Attack it");
  const cancel = h("button", { type: "button", class: "cancel", hidden: true, onclick: () => running?.abort() }, "Cancel");

  const showAttack = (): void => {
    eps.value = attack.eps === null ? "" : String(Number(attack.eps.toPrecision(4)));
    eps.placeholder = attack.eps === null ? "no limit" : "";
    eps.required = attack.eps !== null;
    about.textContent = `${attack.name}: ${attack.summary}. eps: ${attack.eps_meaning}, here in 1/255.`;
  };
  const take = (chosen: File | undefined): void => {
    if (!chosen) return;
    file = chosen;
    if (preview.src) URL.revokeObjectURL(preview.src);
    preview.src = URL.createObjectURL(chosen);
    preview.hidden = false;
    hint.textContent = chosen.name;
    start.disabled = running !== null;
    status.textContent = "";
  };
  preview.addEventListener("error", () => (preview.hidden = true));
  input.addEventListener("change", () => take(input.files?.[0]));
  for (const event of ["dragover", "dragleave", "drop"] as const) {
    drop.addEventListener(event, (moved) => {
      moved.preventDefault();
      drop.classList.toggle("over", event === "dragover");
      if (event === "drop") take(moved.dataTransfer?.files[0]);
    });
  }

  const say = (text: string, problem = false): void => {
    status.textContent = text;
    status.className = problem ? "problem" : "soft";
  };
  const follow = (line: Line): void => {
    if (line.problem !== undefined) return say(line.problem, true);
    if (line.result) {
      say("");
      replace(result, outcome(line.result));
      return;
    }
    say(stepText(line));
    if (line.total) bar.value = line.done! / line.total;
    else bar.removeAttribute("value");
  };
  const run = async (): Promise<void> => {
    if (!file || running) return;
    running = new AbortController();
    start.disabled = true;
    cancel.hidden = bar.hidden = false;
    bar.removeAttribute("value");
    say("Sending");
    const query = new URLSearchParams({ model, attack: attack.name });
    if (eps.value !== "") query.set("eps", eps.value);
    try {
      const answer = await fetch(`/api/try?${query}`, { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" }, signal: running.signal });
      if (answer.ok) for await (const line of lines(answer)) follow(line);
      else say((await answer.text()).trim(), true);
    } catch {
      say(running.signal.aborted ? "Cancelled." : "faultline serve no longer answers.", !running.signal.aborted);
    }
    running = null;
    start.disabled = false;
    cancel.hidden = bar.hidden = true;
  };

  showAttack();
  return h(
    "div",
    {},
    h(
      "form",
      { class: "try", onsubmit: (event: Event) => { event.preventDefault(); void run(); } },
      drop,
      h(
        "div",
        { class: "choices" },
        choice("Model", choices.models.map((each, i) => [String(i), `${each.name} (${each.classes} classes)`]), model, (value) => (model = value)).element,
        choice("Attack", choices.attacks.map((each) => [each.name, each.name]), attack.name, (value) => {
          attack = choices.attacks.find((each) => each.name === value)!;
          showAttack();
        }).element,
        epsChoice,
        about,
        h("div", { class: "go" }, start, cancel, bar),
        status,
      ),
    ),
    result,
  );
}

export function tryPage(): HTMLElement {
  document.title = "Try it — faultline";
  const body = h("div", {});
  fetchJson<Choices>("/api/try").then(
    (choices) => replace(body, form(choices)),
    (error: Error) => replace(body, h("p", { role: "alert", class: "problem" }, error.message)),
  );
  return h(
    "div",
    {},
    h("nav", { "aria-label": "Pages" }, h("a", { href: "/" }, "Back")),
    h("main", {}, h("h1", {}, "Try a picture"), h("p", { class: "lead" }, "The picture is attacked on this machine, beside harmless noise of the same size, and the network's responses are compared layer by layer. Nothing of it is kept."), body),
  );
}
