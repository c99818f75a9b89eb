import * as Plot from "@observablehq/plot";
import { h, replace } from "./dom";
import { figure } from "./figure";
import { colour, dash, keysOf } from "./palette";
import type { Payload, Row } from "./payload";
import { pointPlaces } from "./places";
import { blocksMargin, drawing, names, room, tip, withBlocks } from "./plot";
import { setsFigure } from "./sets";
import { onChange, state } from "./state";
import { interval, number, percent } from "./words";

const questions: [string, string, string][] = [
  ["gates-only", "Gates alone flip", "The smallest sets of blocks whose gates, recorded under the adversarial input, flip the clean input. “none”: no set does."],
  ["given-linear-path", "Gates flip, given the linear path", "The same with the adversarial input itself: the smallest sets that must be let go. “no blocks”: the linear path suffices."],
  ["restoring", "Clean gates restore", "The smallest sets whose clean gates, imposed on the adversarial input, bring the answer back."],
];

function shapley(payload: Payload, name: string): HTMLElement | null {
  const rows = payload.summary.tables.shapley.filter((row) => row.condition === name && row.share !== null);
  if (rows.length === 0) return null;
  const players = ["input", ...payload.network.blocks];
  const kinds = [...new Set(rows.map((row) => String(row.kind)))];
  // Where noise hardly moves the margin, shares of its change are hardly known: they must not set the scale.
  const known = rows.filter((row) => row.kind === "adversarial" || Number(row.share_upper) - Number(row.share_lower) < 1);
  const certain = known.flatMap((row) => [row.share, row.share_lower, row.share_upper]).filter((value) => value !== null).map(Number);
  const [least, most] = [Math.min(0, ...certain), Math.max(0, ...certain)];
  const beyond = rows.some((row) => Number(row.share_lower) < least || Number(row.share_upper) > most);
  const plot = drawing({
    width: Math.min(960, room(3 * players.length)),
    height: 300,
    marginLeft: 56,
    marginBottom: 40,
    x: { type: "band", domain: kinds, axis: null },
    fx: { domain: players, label: null },
    y: { grid: true, label: "share of the margin's change", domain: [least, most], nice: true },
    marks: [
      Plot.ruleY([0]),
      Plot.barY(rows, { fx: "player", x: "kind", y: "share", fill: (row: Row) => colour(String(row.kind)), fillOpacity: 0.75, clip: true }),
      Plot.ruleX(rows, { fx: "player", x: "kind", y1: "share_lower", y2: "share_upper", strokeWidth: 1.5, clip: true }),
      tip(rows, Plot.pointer({ fx: "player", x: "kind", y: "share", title: (row: Row) => `${row.player}, ${row.kind}\n${number(row.share as number)} (${interval(row.share_lower, row.share_upper)}), n = ${row.share_n}` })),
    ],
  });
  return figure({ id: "shapley", title: `Shapley shares, ${name}`, caption: `Mean share of the margin's change that the input and each block's gates account for, for each kind of input (adversarial: n = ${rows.find((row) => row.kind === "adversarial")?.share_n ?? 0}). 95 % intervals; those of a kind hold together.${beyond ? " Some go on beyond the drawing, for shares of a change that is hardly there are hardly known: the numbers are in the CSV." : ""}`, plot, keys: keysOf(kinds), rows });
}

type Axis = Plot.ScaleOptions & { ticks?: unknown[] };

// Doses and factors double from one to the next that is tried; shares are seen against all of the channels.
const doubling: Axis = { type: "log", base: 2, tickFormat: "~r" };
const shares: Axis = { domain: [0, 1] };

const tests: [kind: string, title: string, caption: string, label: string, axis: Axis, alike: number | null][] = [
  ["direction", "Direction factors", "How many times further a control's deviation must be followed than the adversarial one until the answer changes; above 1 direction matters.", "factor", doubling, 1],
  ["subset", "Smallest share of channels that flips", "Channels exchanged in the order of their pull, of the size of their change, or at random.", "share of channels", shares, null],
  ["restore", "Smallest share of channels that restores", "Clean channels put back in the order of their pull.", "share of channels", shares, null],
  ["dose", "Dose that flips", "The share of a deviation that changes the answer; 1 is the deviation as it is.", "dose", doubling, 1],
];

// Where an interval is open above, it is drawn as far as was tried.
function upper(row: Row): number {
  return (row.median_upper ?? Math.max(Number(row.limit), Number(row.median), Number(row.median_lower))) as number;
}

function interventions(payload: Payload, name: string, [kind, title, caption, label, axis, alike]: (typeof tests)[number]): HTMLElement | null {
  const all = payload.summary.tables.interventions.filter((row) => row.condition === name && row.kind === kind);
  const rows = all.filter((row) => row.median !== null || row.median_lower !== null);
  if (rows.length === 0) return null;
  const places = pointPlaces(payload).filter(({ name }) => rows.some((row) => row.point === name));
  const along = names(places.map((place) => place.name));
  const sources = [...new Set(rows.map((row) => String(row.source)))];
  const plot = drawing({
    width: room(places.length),
    height: 230 + blocksMargin + along.marginBottom,
    marginTop: blocksMargin,
    insetTop: 8,
    ...along,
    y: { grid: true, label, ...axis },
    marks: [
      ...(alike === null ? [] : [Plot.ruleY([alike], { strokeOpacity: 0.5 })]),
      ...sources.flatMap((source, i) => {
        const of = all.filter((row) => row.source === source);
        const look = { stroke: colour(source), dx: 4 * (i - (sources.length - 1) / 2) };
        return [
          Plot.link(of.filter((row) => row.median_lower !== null), { x1: "point", x2: "point", y1: "median_lower", y2: upper, ...look, strokeOpacity: 0.4, strokeWidth: 3 }),
          Plot.lineY(of, { x: "point", y: "median", ...look, strokeWidth: 1.5, strokeDasharray: dash(source) }),
          Plot.dot(of, { x: "point", y: "median", ...look, fill: colour(source), r: 3 }),
        ];
      }),
      tip(rows, Plot.pointer({ x: "point", y: (row: Row) => row.median ?? row.median_lower, title: (row: Row) => `${row.point}, ${row.source}\nmedian ${row.median === null ? "beyond what was tried" : number(row.median as number)} (${interval(row.median_lower, row.median_upper)})\nn = ${row.median_n}, ${row.median_censored} beyond the limit` })),
    ],
  });
  return figure({ id: `test-${kind}`, title: `${title}, ${name}`, caption: `${caption} Medians over up to n = ${Math.max(...all.map((row) => Number(row.median_n)))} images, with 95 % intervals. A median beyond what was tried is not drawn, and an interval ends where trying ended.`, plot: withBlocks(plot, places), keys: keysOf(sources), rows: all });
}

// Of networks with branches: what one block's output, or one edge alone, can do.
function substitutions(payload: Payload, name: string): HTMLElement | null {
  const rows = payload.summary.tables.substitutions.filter((row) => row.condition === name && row.decides !== null);
  if (rows.length === 0) return null;
  const looks: Record<string, { name: string; colour: string; dash: string; dy: number }> = {
    compromise: { name: "taken from the adversarial run, changes the clean answer", colour: "var(--k-adversarial)", dash: "", dy: -4 },
    restore: { name: "taken from the clean run, restores the answer", colour: "var(--k-gaussian)", dash: "6 3", dy: 4 },
  };
  const domain = [...new Set(rows.map((row) => String(row.target)))];
  const plot = drawing({
    width: Math.min(1000, Math.max(room(), 560)),
    height: 64 + 22 * domain.length,
    marginLeft: 16 + 6.2 * Math.max(...domain.map((target) => target.length)),
    marginTop: 8,
    marginBottom: 44,
    x: { domain: [0, 1], label: "share of images", labelAnchor: "center", labelOffset: 36, grid: true },
    y: { type: "point", domain, label: null, padding: 0.6 },
    marks: [
      ...Object.entries(looks).flatMap(([direction, { colour: stroke, dy }]) => {
        const of = rows.filter((row) => row.direction === direction);
        return [Plot.link(of, { x1: "decides_lower", x2: "decides_upper", y1: "target", y2: "target", dy, stroke, strokeWidth: 3, strokeOpacity: 0.45 }), Plot.dot(of, { x: "decides", y: "target", dy, r: 3.5, fill: stroke })];
      }),
      tip(rows, Plot.pointer({ x: "decides", y: "target", title: (row: Row) => `${row.kind} ${row.target}, ${row.direction}\n${percent(row.decides as number)} (${interval(row.decides_lower, row.decides_upper, percent)}), n = ${row.decides_n}` })),
    ],
  });
  return figure({
    id: "substitutions",
    title: `One ${[...new Set(rows.map((row) => row.kind))].join(" or ")} alone, ${name}`,
    caption: `Shares of up to n = ${Math.max(...rows.map((row) => Number(row.decides_n)))} images with 95 % intervals where the values of one edge between layers, or of one block's output, all else left as it is, decide the answer.`,
    plot,
    keys: Object.values(looks),
    rows,
  });
}

export function causes(payload: Payload): HTMLElement {
  const { interventions: tried, gate_sets: sets, shapley: played, substitutions: replaced } = payload.summary.tables;
  const tested = (name: string): boolean => [tried, sets, played, replaced].some((table) => table.some((row) => row.condition === name));
  const body = h("div", {});
  const draw = (): void => {
    const chosen = payload.conditions[state.condition].name;
    const name = tested(chosen) ? chosen : payload.conditions[payload.primary].name;
    const parts = [
      shapley(payload, name),
      ...questions.map(([question, title, caption]) => setsFigure(payload, sets.filter((row) => row.condition === name && row.question === question), `sets-${question}`, `${title}, ${name}`, caption)),
      ...tests.map((test) => interventions(payload, name, test)),
      substitutions(payload, name),
    ].filter((part) => part !== null);
    const said = parts.length === 0 ? "This run has no tests of causes." : name === chosen ? null : `Causes are tested at each attack's main strength: shown is ${name}, not ${chosen}.`;
    replace(body, ...(said === null ? [] : [h("p", { class: "soft" }, said)]), ...parts);
  };
  draw();
  onChange((changed) => changed.has("condition") && draw());
  return h("section", { id: "causes" }, h("h2", {}, "Causes"), body);
}
