import * as Plot from "@observablehq/plot";
import { h } from "./dom";
import type { Finding, Payload, Row } from "./payload";
import { fileName, interval, number, percent } from "./words";

const verdictClass: Record<string, string> = {
  supported: "supported",
  "not supported": "refuted",
  undecided: "undecided",
  "not said": "unsaid",
};

// Everything up to the first full stop that ends a sentence.
function firstSentence(text: string): string {
  const end = text.search(/\.(\s|$)/);
  return end < 0 ? text : text.slice(0, end + 1);
}

function measureFigure(finding: Finding): HTMLElement | SVGSVGElement | null {
  const shown = finding.measures.filter((measure) => measure.value !== null).slice(0, 3);
  if (shown.length === 0) return null;
  const plot = Plot.plot({
    width: 250,
    height: 26 + 20 * shown.length,
    marginLeft: 8,
    marginRight: 8,
    marginTop: 4,
    marginBottom: 22,
    x: { label: null, ticks: 4 },
    y: { axis: null, domain: shown.map((_, i) => i) },
    marks: [
      Plot.ruleX([0], { strokeOpacity: 0.35 }),
      Plot.link(shown, { x1: "lower", x2: "upper", y1: (_, i) => i, y2: (_, i) => i, strokeWidth: 3, strokeOpacity: 0.45 }),
      Plot.dot(shown, { x: "value", y: (_, i) => i, r: 4, fill: "currentColor", title: (m) => `${m.name}: ${number(m.value)}` }),
    ],
  });
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", shown.map((m) => `${m.name}: ${number(m.value)}, ${interval(m.lower, m.upper)}`).join("; "));
  return plot;
}

function card(finding: Finding): HTMLElement {
  const first = finding.measures[0];
  return h(
    "article",
    { class: `card ${verdictClass[finding.verdict]}` },
    h("div", { class: "card-head" }, h("span", { class: "card-id" }, finding.id), h("span", { class: "verdict" }, finding.verdict)),
    h("p", { class: "claim" }, finding.claim),
    finding.verdict === "not said" ? h("p", { class: "why" }, firstSentence(finding.words)) : null,
    measureFigure(finding) as Node | null,
    first ? h("p", { class: "measure" }, `${first.name}: ${number(first.value)} (${interval(first.lower, first.upper)}, n = ${first.n})`) : null,
    h(
      "details",
      {},
      h("summary", {}, "In full"),
      h("p", {}, finding.words),
      h("ul", {}, finding.caveats.map((caveat) => h("li", {}, caveat))),
      h("p", { class: "soft" }, `Asked in ${finding.variants.length} other ways, ${finding.variants_that_speak} say something, ${finding.variants_that_agree} of them the same.`),
    ),
  );
}

function outcomeTable(payload: Payload): HTMLElement {
  const cells = (row: Row): (string | number | null)[] => [
    row.condition,
    `${percent(row.success as number)} (${interval(row.success_lower, row.success_upper, percent)})`,
    `${percent(row.success_rounded as number)}`,
    `${percent(row.accuracy as number)}`,
    row.critical_eps === null ? "–" : `${number(255 * (row.critical_eps as number))}/255`,
    row.success_n,
  ];
  const heads = ["attack", "answer changed (95 % interval)", "still so in 8 bits", "accuracy under it", "median eps*", "images"];
  return h(
    "div",
    { class: "scroll" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, payload.summary.tables.conditions.map((row) => h("tr", {}, cells(row).map((cell) => h("td", {}, String(cell ?? "–")))))),
    ),
  );
}

// The network from left to right, a cell for each layer, coloured by its mean step at the primary condition.
function strip(payload: Payload, choose: (layer: number) => void): HTMLElement {
  const name = payload.conditions[payload.primary]?.name;
  const ranks = payload.summary.tables.layer_ranks.filter((row) => row.condition === name && row.minus_twins === "no");
  const byLayer = new Map(ranks.map((row) => [row.layer, row]));
  const steps = ranks.map((row) => row.step as number).filter((step) => step !== null);
  const largest = Math.max(0.01, ...steps.map(Math.abs));
  const list = h("ol", { class: "strip", "aria-label": "Layers, coloured by vulnerability: the mean step" });
  payload.network.blocks.forEach((block, b) => {
    const layers = payload.network.layers.map((layer, i) => ({ ...layer, i })).filter((layer) => layer.block === b);
    if (layers.length === 0) return;
    const group = h("li", { class: "strip-block" }, h("span", { class: "strip-name" }, block));
    const inner = h("span", { class: "strip-cells" });
    for (const layer of layers) {
      const row = byLayer.get(layer.name);
      const step = (row?.step as number | null | undefined) ?? null;
      const share = step === null ? 0 : Math.max(0, step) / largest;
      inner.append(
        h(
          "button",
          {
            type: "button",
            style: `--share:${share.toFixed(3)}`,
            title: step === null ? `${layer.name}: no step` : `${layer.name}: step ${number(step)}, rank ${row?.best_rank} to ${row?.worst_rank}`,
            "aria-label": `${layer.name}, step ${number(step)}`,
            onclick: () => choose(layer.i),
          },
          h("span", { class: "strip-step" }, number(step)),
        ),
      );
    }
    group.append(inner);
    list.append(group);
  });
  return list;
}

export function overview(payload: Payload, choose: (layer: number) => void): HTMLElement {
  const { run, images } = payload.summary;
  const left = [
    images.misclassified ? `${images.misclassified} left out that it gets wrong` : "",
    images.unreadable ? `${images.unreadable} unreadable` : "",
  ].filter(Boolean);
  return h(
    "section",
    { id: "overview" },
    h("h1", {}, fileName(run.model_file)),
    h(
      "p",
      { class: "lead" },
      `${images.studied} images studied of ${images.listed}${left.length ? ` (${left.join(", ")})` : ""}, ${run.twins} twins. `,
      images.accuracy.value === null
        ? ""
        : `Accuracy on clean images ${percent(images.accuracy.value)} (${interval(images.accuracy.lower, images.accuracy.upper, percent)}). `,
      run.finished ? "" : h("strong", {}, "The run is not finished: this is what it says so far. "),
      "What follows speaks of this model and these images only.",
    ),
    outcomeTable(payload),
    h("div", { class: "cards" }, payload.summary.findings.map(card)),
    h("h2", { class: "strip-title" }, `Where it breaks: step by layer, ${payload.conditions[payload.primary]?.name ?? ""}`),
    strip(payload, choose),
  );
}
