import * as Plot from "@observablehq/plot";
import { h, replace } from "./dom";
import { figure } from "./figure";
import { legend } from "./layers";
import { colour } from "./palette";
import type { Payload, Row } from "./payload";
import { onChange, state } from "./state";
import { interval, number, percent } from "./words";

const questions: [string, string, string][] = [
  ["gates-only", "Gates alone flip", "The smallest sets of blocks whose gates, recorded under the adversarial input, flip the clean input. “none”: no set does."],
  ["given-linear-path", "Gates flip, given the linear path", "The same with the adversarial input itself: the smallest sets that must be let go. “no blocks”: the linear path suffices."],
  ["restoring", "Clean gates restore", "The smallest sets whose clean gates, imposed on the adversarial input, bring the answer back."],
];

function shapley(payload: Payload, name: string): HTMLElement {
  const rows = payload.summary.tables.shapley.filter((row) => row.condition === name && row.share !== null);
  const players = ["input", ...payload.network.blocks];
  const kinds = [...new Set(rows.map((row) => String(row.kind)))];
  const plot = Plot.plot({
    width: Math.min(900, Math.max(340, document.documentElement.clientWidth - 48)),
    height: 300,
    marginLeft: 56,
    marginBottom: 40,
    x: { type: "band", domain: kinds, axis: null },
    fx: { domain: players, label: null },
    y: { grid: true, label: "share of the margin's change", percent: false },
    marks: [
      Plot.ruleY([0]),
      Plot.barY(rows, { fx: "player", x: "kind", y: "share", fill: (row: Row) => colour(String(row.kind)), fillOpacity: 0.75 }),
      Plot.ruleX(rows, { fx: "player", x: "kind", y1: "share_lower", y2: "share_upper", strokeWidth: 1.5 }),
      Plot.tip(rows, Plot.pointer({ fx: "player", x: "kind", y: "share", title: (row: Row) => `${row.player}, ${row.kind}\n${number(row.share as number)} (${interval(row.share_lower, row.share_upper)}), n = ${row.share_n}` })),
    ],
  });
  return h("div", {}, legend(kinds), figure({ id: "shapley", title: `Shapley shares, ${name}`, caption: `Mean share of the margin's change that the input and each block's gates account for, for each kind of input. Intervals of a kind hold together.`, plot, rows }));
}

// Sets as columns of dots, a row for each block, bars for the share of images.
function sets(payload: Payload, name: string, question: string, title: string, caption: string): HTMLElement | null {
  const rows = payload.summary.tables.gate_sets.filter((row) => row.condition === name && row.question === question);
  if (rows.length === 0) return null;
  const shown = [...rows].sort((a, b) => (b.images as number) - (a.images as number)).slice(0, 14);
  const blocks = payload.network.blocks;
  const members = (row: Row): string[] => String(row.set).split(" + ").filter((block) => blocks.includes(block));
  const grid = h("table", { class: "upset" });
  grid.append(
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "set"), blocks.map((block) => h("th", { scope: "col", class: "block" }, block)), h("th", { scope: "col" }, "images"), h("th", { scope: "col" }, ""))),
    h(
      "tbody",
      {},
      shown.map((row) => {
        const of = members(row);
        return h(
          "tr",
          {},
          h("th", { scope: "row" }, String(row.set)),
          blocks.map((block) => h("td", { class: "dot-cell" }, h("span", { class: of.includes(block) ? "dot on" : "dot", "aria-hidden": "true" }))),
          h("td", { class: "num" }, `${percent(row.images as number)} (${interval(row.images_lower, row.images_upper, percent)})`),
          h("td", { class: "bar-cell" }, h("span", { class: "bar", style: `width:${Math.round(100 * (row.images as number))}%` })),
        );
      }),
    ),
  );
  const n = shown[0]?.images_n ?? 0;
  return figure({ id: `sets-${question}`, title, caption: `${caption} Shares of n = ${n} images${rows.length > shown.length ? `; ${rows.length - shown.length} rarer sets are in the CSV` : ""}.`, plot: grid, rows });
}

const tests: [string, string, string][] = [
  ["direction", "Direction factors", "How many times further a control's deviation must be followed than the adversarial one until the answer changes; above 1 direction matters."],
  ["subset", "Smallest share of channels that flips", "Channels exchanged in the order of their pull, of the size of their change, or at random."],
  ["restore", "Smallest share of channels that restores", "Clean channels put back in the order of their pull."],
  ["dose", "Dose that flips", "The share of a deviation that changes the answer."],
];

function interventions(payload: Payload, name: string, kind: string, title: string, caption: string): HTMLElement | null {
  const rows = payload.summary.tables.interventions.filter((row) => row.condition === name && row.kind === kind && row.median !== null);
  if (rows.length === 0) return null;
  const domain = payload.network.points.map((point) => point.name).filter((point) => rows.some((row) => row.point === point));
  const sources = [...new Set(rows.map((row) => String(row.source)))];
  const plot = Plot.plot({
    width: Math.min(1120, Math.max(340, document.documentElement.clientWidth - 48)),
    height: 330,
    marginBottom: 110,
    marginLeft: 56,
    x: { type: "point", domain, label: null, tickRotate: -50 },
    y: { grid: true, label: null, type: kind === "direction" ? "log" : "linear" },
    color: { legend: true, domain: sources, scheme: "observable10" },
    marks: [
      ...(kind === "direction" ? [Plot.ruleY([1], { strokeOpacity: 0.5 })] : []),
      Plot.link(rows.filter((row) => row.median_lower !== null && row.median_upper !== null), { x1: "point", x2: "point", y1: "median_lower", y2: "median_upper", stroke: "source", strokeOpacity: 0.45, strokeWidth: 3 }),
      Plot.lineY(rows, { x: "point", y: "median", stroke: "source" }),
      Plot.dot(rows, { x: "point", y: "median", fill: "source", r: 3 }),
      Plot.tip(rows, Plot.pointer({ x: "point", y: "median", title: (row: Row) => `${row.point}, ${row.source}\nmedian ${number(row.median as number)} (${interval(row.median_lower, row.median_upper)})\nn = ${row.median_n}, ${row.median_censored} beyond the limit` })),
    ],
  });
  return figure({ id: `test-${kind}`, title: `${title}, ${name}`, caption: `${caption} Medians with 95 % intervals; a median beyond what was tried is not drawn.`, plot, rows });
}

export function causes(payload: Payload): HTMLElement {
  const body = h("div", {});
  const draw = (): void => {
    const tested = (name: string): boolean => payload.summary.tables.interventions.some((row) => row.condition === name);
    const chosen = payload.conditions[state.condition].name;
    const name = tested(chosen) ? chosen : payload.conditions[payload.primary].name;
    const note = name === chosen ? null : h("p", { class: "soft" }, `Causes are tested at each attack's main strength: shown is ${name}, not ${chosen}.`);
    const parts = [
      note,
      shapley(payload, name),
      ...questions.map(([question, title, caption]) => sets(payload, name, question, `${title}, ${name}`, caption)),
      ...tests.map(([kind, title, caption]) => interventions(payload, name, kind, title, caption)),
    ].filter((part): part is HTMLElement => part !== null);
    replace(body, ...parts);
  };
  draw();
  onChange((changed) => changed.has("condition") && draw());
  return h("section", { id: "causes" }, h("h2", {}, "Causes"), body);
}
