import * as Plot from "@observablehq/plot";
import { h, s, scroller } from "./dom";
import { figure, saveCsv, saves, saveSvg } from "./figure";
import type { Finding, Payload, Row } from "./payload";
import { describe, drawing, room, tip } from "./plot";
import { count, epsWords, fileName, interval, number, percent } from "./words";

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

// The first measure, which decides, and up to two others, from top to bottom; to be saved, with their names.
function measureFigure(finding: Finding, named = false): SVGSVGElement | null {
  const shown = finding.measures.filter((measure) => measure.value !== null).slice(0, 3);
  if (shown.length === 0) return null;
  const first = finding.measures[0];
  const nameWidth = named ? 6.6 * Math.max(...shown.map(({ name }) => name.length)) : 0;
  const plot = drawing({
    width: (named ? 420 : 250) + nameWidth,
    height: 30 + 16 * shown.length,
    marginLeft: 14 + nameWidth,
    marginRight: 14,
    marginTop: 4,
    marginBottom: 20,
    x: { label: null, ticks: 4 },
    y: { axis: null, domain: [shown.length - 0.4, -0.6] },
    marks: [
      Plot.ruleX([0], { strokeOpacity: 0.35 }),
      ...(named ? [Plot.text(shown, { frameAnchor: "left", textAnchor: "end", dx: -8, y: (_, i) => i, text: "name", fontSize: 11 })] : []),
      Plot.link(shown, { x1: "lower", x2: "upper", y1: (_, i) => i, y2: (_, i) => i, strokeWidth: 3, strokeOpacity: (m) => (m === first ? 0.55 : 0.28) }),
      Plot.dot(shown, { x: "value", y: (_, i) => i, r: 4, stroke: "currentColor", fill: (m) => (m === first ? "currentColor" : "var(--panel)"), title: (m) => `${m.name}: ${number(m.value)}` }),
    ],
  });
  return describe(plot, shown.map((m) => [`${m.name}: ${number(m.value)}`, interval(m.lower, m.upper)].filter(Boolean).join(", ")).join("; "));
}

// Its measures, as asked first and in other ways.
function measureRows(finding: Finding): Row[] {
  return [{ ...finding, asked: finding.condition }, ...finding.variants].flatMap(({ asked, verdict, measures }) => measures.map(({ name, ...of }) => ({ finding: finding.id, asked, verdict, measure: name, ...of })));
}

function card(finding: Finding): HTMLElement {
  const first = finding.measures[0];
  const id = `finding-${finding.id}`;
  const title = `${finding.id}: ${finding.claim}`;
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
      saves(`finding ${finding.id}`, {
        ...(first && first.value !== null ? { SVG: () => saveSvg(id, measureFigure(finding, true)!, title, finding.words) } : {}),
        CSV: () => saveCsv(id, measureRows(finding)),
      }),
    ),
  );
}

// The median eps*, where it was sought.
function criticalEps(payload: Payload, row: Row): string {
  const condition = payload.conditions.find(({ name }) => name === row.condition);
  if (!row.critical_eps_n || !condition) return "–";
  return row.critical_eps === null ? "more than was tried" : epsWords(row.critical_eps as number, condition, row.eps_floor);
}

function outcomeTable(payload: Payload, rows: Row[]): HTMLElement {
  const share = (row: Row, name: string): string =>
    row[name] === null ? "–" : `${percent(row[name] as number)} (${interval(row[`${name}_lower`], row[`${name}_upper`], percent)})`;
  const cells = (row: Row): (string | number | null)[] => [
    share(row, "success"),
    share(row, "success_rounded"),
    share(row, "accuracy"),
    criticalEps(payload, row),
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
  const save = saves("what the attacks did", { CSV: () => saveCsv("outcomes", all) });
  if (all.length <= shownOutcomes) return [outcomeTable(payload, all), h("div", { class: "more row" }, h("span", {}), save)];
  const primary = payload.conditions[payload.primary];
  const own = all.filter((row) => payload.conditions.some((each) => each.name === row.condition && each.attack_number === primary.attack_number));
  const first = own.slice(0, shownOutcomes);
  if (!first.some((row) => row.condition === primary.name)) first.splice(-1, 1, ...own.filter((row) => row.condition === primary.name));
  return [outcomeTable(payload, first), h("div", { class: "more row" }, h("details", {}, h("summary", {}, `All ${all.length} attacks and strengths`), outcomeTable(payload, all)), save)];
}

interface Cell {
  layer: number;
  name: string;
  row?: Row; // of the ranks
  step: number | null;
  share: number; // of the largest step; 0: none or below 0
}

// The layers of each block with their mean steps at the condition that the findings are about.
function stripCells(payload: Payload): { block: string; cells: Cell[] }[] {
  const name = payload.conditions[payload.primary]?.name;
  const ranks = payload.summary.tables.layer_ranks.filter((row) => row.condition === name && row.minus_twins === "no");
  const byLayer = new Map(ranks.map((row) => [row.layer, row]));
  const steps = ranks.map((row) => row.step as number).filter((step) => step !== null);
  const largest = Math.max(0.01, ...steps.map(Math.abs));
  const cells = payload.network.layers.map(({ name, block }, layer) => {
    const row = byLayer.get(name);
    const step = (row?.step as number | null | undefined) ?? null;
    return { block, layer, name, row, step, share: step === null ? 0 : Math.max(0, step) / largest };
  });
  return payload.network.blocks.map((block, b) => ({ block, cells: cells.filter((cell) => cell.block === b) })).filter(({ cells }) => cells.length > 0);
}

// The strip as a drawing, to be saved: with the layers' names, which the page says at the pointer.
function stripDrawing(payload: Payload): SVGSVGElement {
  const [width, gap] = [52, 10];
  const blocks = stripCells(payload);
  const longest = Math.max(0, ...payload.network.layers.map(({ name }) => name.length));
  const text = (x: number, y: number, content: string, more: Record<string, string | number> = {}): SVGTextElement => s("text", { x, y, fill: "currentColor", "font-size": 11, ...more }, content);
  const drawn = s("g");
  let x = gap + 3 * longest;
  for (const { block, cells } of blocks) {
    drawn.append(text(x, 22, block));
    for (const { name, step, share } of cells) {
      drawn.append(
        s("rect", { x, y: 30, width: width - 3, height: 36, rx: 4, fill: "var(--k-adversarial)", "fill-opacity": 0.6 * share, stroke: "var(--line)" }),
        text(x + width / 2, 52, number(step), { "text-anchor": "middle" }),
        text(x + width / 2, 80, name, { "text-anchor": "end", transform: `rotate(-50 ${x + width / 2} 80)` }),
      );
      x += width;
    }
    x += gap;
  }
  return s("svg", { width: x, height: 90 + 4.6 * longest, "font-family": "system-ui, sans-serif" }, drawn);
}

// The network from left to right, a cell for each layer, coloured by its mean step.
function strip(payload: Payload, choose: (layer: number) => void): HTMLElement {
  const list = h("ol", { class: "strip", "aria-label": "Layers, coloured by vulnerability: the mean step" });
  for (const { block, cells } of stripCells(payload)) {
    const group = h("li", { class: "strip-block", style: `--cells:${cells.length}` }, h("span", { class: "strip-name" }, block));
    const inner = h("span", { class: "strip-cells" });
    for (const { layer, name, row, step, share } of cells) {
      const shown = step === null ? "–" : step.toFixed(2).replace(/^-(0\.00)$/, "$1");
      inner.append(
        h(
          "button",
          {
            type: "button",
            style: `--share:${share.toFixed(3)}`,
            title: step === null ? `${name}: no step` : `${name}: step ${number(step)}, rank ${row?.best_rank} to ${row?.worst_rank}`,
            "aria-label": `${name}, step ${shown}`,
            onclick: () => choose(layer),
          },
          h("span", { class: "strip-step" }, shown),
        ),
      );
    }
    group.append(inner);
    list.append(group);
  }
  return list;
}

// How the answers of an attack change with its fixed strengths, of which there must be two.
function epsCurves(payload: Payload): HTMLElement[] {
  const curves = payload.summary.tables.eps_curve;
  const keys = [
    { name: "answer changed", column: "success", colour: "var(--k-adversarial)", dash: "" },
    { name: "still so in 8 bits", column: "success_rounded", colour: "var(--k-boost)", dash: "2 2" },
    { name: "accuracy", column: "accuracy", colour: "var(--k-gaussian)", dash: "6 3" },
  ];
  return [...new Set(curves.map((row) => row.attack))].flatMap((attack) => {
    const rows = curves.filter((row) => row.attack === attack).sort((a, b) => Number(a.eps) - Number(b.eps));
    if (rows.length < 2) return [];
    const pixels = payload.conditions.find((condition) => condition.attack === attack)?.eps_in_255ths;
    const eps = (row: Row): number => Number(row.eps) * (pixels ? 255 : 1);
    const points = keys.flatMap((key) => rows.map((row) => ({ eps: eps(row), name: key.name, value: row[key.column], lower: row[`${key.column}_lower`], upper: row[`${key.column}_upper`], n: row[`${key.column}_n`] })));
    const plot = drawing({
      width: Math.min(700, room()),
      height: 260,
      marginBottom: 40,
      marginTop: 24,
      x: { label: pixels ? "eps, of 255" : "eps", domain: [0, Math.max(...rows.map(eps))], nice: true },
      y: { label: "share of images", domain: [0, 1], grid: true, percent: false },
      marks: keys.flatMap(({ name, colour, dash }) => {
        const of = points.filter((point) => point.name === name && point.value !== null);
        return [
          Plot.ruleX(of, { x: "eps", y1: "lower", y2: "upper", stroke: colour, strokeWidth: 2, strokeOpacity: 0.5 }),
          Plot.lineY(of, { x: "eps", y: "value", stroke: colour, strokeWidth: 2, strokeDasharray: dash }),
          Plot.dot(of, { x: "eps", y: "value", fill: colour, r: 3.5 }),
        ];
      }).concat(tip(points as Row[], Plot.pointer({ x: "eps", y: "value", title: (row: Row) => `${row.name} at eps ${number(row.eps as number)}${pixels ? "/255" : ""}\n${percent(row.value as number)} (${interval(row.lower, row.upper, percent)}), n = ${row.n}` })) as never),
    });
    const n = rows[0].success_n;
    return [figure({ id: `eps-curve-${attack}`, title: `${attack}: answers by strength`, caption: `Shares with 95 % intervals at each fixed strength: of n = ${n} attacked images those whose answer changed, and of n = ${rows[0].accuracy_n} images those that are still answered rightly.`, plot, keys, rows })];
  });
}

function howFar({ listed, planned }: Payload["summary"]["images"]): string {
  return listed === planned ? "The run is not finished: not all of its twins' images are done. " : `The run is not finished: this is what it says after ${listed} of ${planned} images. `;
}

export function overview(payload: Payload, choose: (layer: number) => void): HTMLElement {
  const { run, images } = payload.summary;
  const stripTitle = `Where it breaks: step by layer, ${payload.conditions[payload.primary]?.name ?? ""}`;
  const n = Math.max(0, ...stripCells(payload).flatMap(({ cells }) => cells.map(({ row }) => Number(row?.step_n ?? 0))));
  const stripSays = `What each layer adds to the log excess: mean over the n = ${n} images that the attack flipped. The stronger the colour, the larger; intervals are with the ranking below.`;
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
      run.finished ? "" : h("strong", {}, howFar(images)),
      "What follows speaks of this model and these images only.",
    ),
    ...outcomes(payload),
    h("div", { class: "cards" }, payload.summary.findings.map(card)),
    h("div", { class: "figure-head" }, h("h2", { class: "strip-title" }, stripTitle), saves(stripTitle, { SVG: () => saveSvg("strip", stripDrawing(payload), stripTitle, stripSays), CSV: () => saveCsv("strip", stripCells(payload).flatMap(({ cells }) => cells.map(({ name, row, step }) => row ?? { layer: name, step }))) })),
    strip(payload, choose),
    h("p", { class: "soft" }, stripSays),
    ...epsCurves(payload),
  );
}
