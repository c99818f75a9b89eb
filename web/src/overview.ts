import * as Plot from "@observablehq/plot";
import { h, scroller } from "./dom";
import type { Finding, Payload, Row } from "./payload";
import { describe, drawing } from "./plot";
import { count, fileName, interval, number, percent } from "./words";

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

// The first measure, which decides, and up to two others, from top to bottom.
function measureFigure(finding: Finding): SVGSVGElement | null {
  const shown = finding.measures.filter((measure) => measure.value !== null).slice(0, 3);
  if (shown.length === 0) return null;
  const first = finding.measures[0];
  const plot = drawing({
    width: 250,
    height: 30 + 16 * shown.length,
    marginLeft: 14,
    marginRight: 14,
    marginTop: 4,
    marginBottom: 20,
    x: { label: null, ticks: 4 },
    y: { axis: null, domain: [shown.length - 0.4, -0.6] },
    marks: [
      Plot.ruleX([0], { strokeOpacity: 0.35 }),
      Plot.link(shown, { x1: "lower", x2: "upper", y1: (_, i) => i, y2: (_, i) => i, strokeWidth: 3, strokeOpacity: (m) => (m === first ? 0.55 : 0.28) }),
      Plot.dot(shown, { x: "value", y: (_, i) => i, r: 4, stroke: "currentColor", fill: (m) => (m === first ? "currentColor" : "var(--panel)"), title: (m) => `${m.name}: ${number(m.value)}` }),
    ],
  });
  return describe(plot, shown.map((m) => [`${m.name}: ${number(m.value)}`, interval(m.lower, m.upper)].filter(Boolean).join(", ")).join("; "));
}

function card(finding: Finding): HTMLElement {
  const first = finding.measures[0];
  return h(
    "article",
    { class: `card ${verdictClass[finding.verdict]}` },
    h("div", { class: "card-head" }, h("span", { class: "card-id" }, finding.id), h("span", { class: "verdict" }, finding.verdict)),
    h("p", { class: "claim" }, finding.claim),
    finding.verdict === "not said" ? h("p", { class: "why" }, firstSentence(finding.words)) : null,
    measureFigure(finding),
    first ? h("p", { class: "measure" }, `● ${first.name}: ${number(first.value)} (${[interval(first.lower, first.upper), `n = ${first.n}`].filter(Boolean).join(", ")})`) : null,
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

function outcomeTable(rows: Row[]): HTMLElement {
  const share = (row: Row, name: string): string =>
    row[name] === null ? "–" : `${percent(row[name] as number)} (${interval(row[`${name}_lower`], row[`${name}_upper`], percent)})`;
  const cells = (row: Row): (string | number | null)[] => [
    share(row, "success"),
    share(row, "success_rounded"),
    share(row, "accuracy"),
    row.critical_eps === null ? "–" : `${number(255 * (row.critical_eps as number))}/255`,
    row.success_n,
  ];
  const heads = ["attack", "answer changed (95 % interval)", "still so in 8 bits", "accuracy under it", "median eps*", "images"];
  return scroller(
    "What the attacks did",
    h(
      "table",
      { class: "outcomes" },
      h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, h("th", { scope: "row" }, String(row.condition)), cells(row).map((cell, i) => h("td", { "data-head": heads[i + 1] }, String(cell ?? "–")))))),
    ),
  );
}

const shownOutcomes = 4;

// All attacks and strengths; of many those of the attack that the findings are about, so that findings stay on the first screen.
function outcomes(payload: Payload): HTMLElement[] {
  const all = payload.summary.tables.conditions;
  if (all.length <= shownOutcomes) return [outcomeTable(all)];
  const primary = payload.conditions[payload.primary];
  const own = all.filter((row) => payload.conditions.some((each) => each.name === row.condition && each.attack_number === primary.attack_number));
  const first = own.slice(0, shownOutcomes);
  if (!first.some((row) => row.condition === primary.name)) first.splice(-1, 1, ...own.filter((row) => row.condition === primary.name));
  return [outcomeTable(first), h("details", { class: "more" }, h("summary", {}, `All ${all.length} attacks and strengths`), outcomeTable(all))];
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
      `${count(images.studied, "image")} studied of ${images.listed}${left.length ? ` (${left.join(", ")})` : ""}, ${count(run.twins, "twin")}. `,
      images.accuracy.value === null
        ? ""
        : `Accuracy on clean images ${percent(images.accuracy.value)} (${interval(images.accuracy.lower, images.accuracy.upper, percent)}). `,
      run.finished ? "" : h("strong", {}, "The run is not finished: this is what it says so far. "),
      "What follows speaks of this model and these images only.",
    ),
    ...outcomes(payload),
    h("div", { class: "cards" }, payload.summary.findings.map(card)),
    h("h2", { class: "strip-title" }, `Where it breaks: step by layer, ${payload.conditions[payload.primary]?.name ?? ""}`),
    strip(payload, choose),
  );
}
