// Whether layers show that an input is adversarial, when no clean input is there to compare with.
import * as Plot from "@observablehq/plot";
import { h, replace } from "./dom";
import { figure } from "./figure";
import type { Key } from "./palette";
import type { Payload, Row } from "./payload";
import { pointPlaces } from "./places";
import { blocksMargin, drawing, names, room, tip, withBlocks } from "./plot";
import { onChange, state } from "./state";
import { interval, number, percent } from "./words";

const quantities: Record<string, { says: string; colour: string; dash: string }> = {
  "copies-deviation": { says: "how far the input's own lightly noised copies deviate from it", colour: "var(--k-adversarial)", dash: "" },
  "copies-alignment": { says: "how well its copies' deviation is aligned with its margin's gradient", colour: "var(--k-gaussian)", dash: "6 3" },
  "noisecam-mass": { says: "the mass of NoiseCAM's map", colour: "var(--k-shuffled)", dash: "2 2" },
};

function keysOf(rows: Row[]): Key[] {
  return [...new Set(rows.map((row) => String(row.quantity)))].map((name) => ({ name, colour: quantities[name]?.colour ?? "var(--soft)", dash: quantities[name]?.dash ?? "5 5" }));
}

const against = (row: Row): string => `${row.quantity} against ${row.against}`;

// The area on the half that a detector was not chosen on, for both halves.
function detectors(rows: Row[], note: string, condition: string): HTMLElement {
  const keys = keysOf(rows);
  const colour = new Map(keys.map((key) => [key.name, key.colour]));
  const domain = [...new Set(rows.map(against))];
  const both = [0, 1].flatMap((half) => {
    const of = rows.filter((row) => row.chosen_on_half === half);
    const look = { y: against, dy: half === 0 ? -5 : 5, stroke: (row: Row): string => colour.get(String(row.quantity))! };
    return [Plot.link(of, { ...look, x1: "area_lower", x2: "area_upper", y1: against, y2: against, strokeWidth: 3, strokeOpacity: 0.45 }), Plot.dot(of, { ...look, x: "area", r: 4, fill: look.stroke })];
  });
  const plot = drawing({
    width: Math.min(900, room()),
    height: 64 + 34 * domain.length,
    marginLeft: 16 + 6.4 * Math.max(...domain.map((name) => name.length)),
    marginTop: 8,
    marginBottom: 44,
    x: { domain: [Math.min(0.4, ...rows.map((row) => (row.area_lower ?? row.area ?? 1) as number)), 1], label: "area under the ROC curve", labelAnchor: "center", labelOffset: 36, grid: true },
    y: { type: "point", domain, label: null, padding: 0.6 },
    marks: [
      Plot.ruleX([0.5], { strokeOpacity: 0.6, strokeDasharray: "3 3" }),
      ...both,
      tip(rows, Plot.pointer({ x: "area", y: against, title: (row: Row) => `${against(row)}, at ${row.point}\narea ${number(row.area as number)} (${interval(row.area_lower, row.area_upper)}), n = ${row.area_n}\nfound ${percent(row.true_positives as number)} (${interval(row.true_positives_lower, row.true_positives_upper, percent)})\nfalse alarms ${percent(row.false_positives as number)} (${interval(row.false_positives_lower, row.false_positives_upper, percent)})` })),
    ],
  });
  const least = Math.min(...rows.map((row) => Number(row.area_n)));
  const most = Math.max(...rows.map((row) => Number(row.area_n)));
  return figure({
    id: "detectors",
    title: `Telling adversarial inputs from others, ${condition}`,
    caption: `Place and threshold (5 % false alarms) are chosen on one half of the images and tested on the other, n = ${least === most ? least : `${least} to ${most}`}: a dot for each half, with 95 % intervals. At 0.5 (dashed) nothing is told apart, at 1 everything. ${note}`,
    plot,
    keys,
    rows,
  });
}

function byPlace(payload: Payload, rows: Row[], other: string, condition: string): HTMLElement {
  const of = rows.filter((row) => row.against === other);
  const keys = keysOf(of);
  const places = pointPlaces(payload);
  const axis = names(places.map(({ name }) => name));
  const plot = drawing({
    width: room(places.length),
    height: 230 + blocksMargin + axis.marginBottom,
    marginTop: blocksMargin,
    insetTop: 8,
    ...axis,
    y: { grid: true, label: "area under the ROC curve", domain: [0, 1] },
    marks: [
      Plot.ruleY([0.5], { strokeOpacity: 0.6, strokeDasharray: "3 3" }),
      ...keys.flatMap(({ name, colour, dash }) => {
        const line = of.filter((row) => row.quantity === name);
        return [Plot.areaY(line, { x: "point", y1: "area_lower", y2: "area_upper", fill: colour, fillOpacity: 0.15 }), Plot.lineY(line, { x: "point", y: "area", stroke: colour, strokeWidth: 2, strokeDasharray: dash })];
      }),
      tip(of, Plot.pointer({ x: "point", y: "area", title: (row: Row) => `${row.point}\n${row.quantity}: ${number(row.area as number)} (${interval(row.area_lower, row.area_upper)})\n${row.positives} adversarial, ${row.negatives} ${other}` })),
    ],
  });
  const first = of[0];
  return figure({
    id: `separation-${other}`,
    title: `Where adversarial inputs differ from ${other} ones, ${condition}`,
    caption: `Area under the ROC curve by place, over all images (${first?.positives ?? 0} adversarial, ${first?.negatives ?? 0} ${other} inputs), with 95 % intervals for each place by itself. Below 0.5 the quantity is smaller for adversarial inputs.`,
    plot: withBlocks(plot, places),
    keys,
    rows: of,
  });
}

export function detection(payload: Payload): HTMLElement {
  const { detectors: tested, separation } = payload.summary.tables;
  const body = h("div", {});
  const draw = (): void => {
    const { name } = payload.conditions[state.condition];
    const chosen = tested.filter((row) => row.condition === name && row.area !== null);
    const separated = separation.filter((row) => row.condition === name && row.area !== null);
    const terms = keysOf([...chosen, ...separated]).map((key) => key.name);
    if (terms.length === 0) return replace(body, h("p", { class: "soft" }, `Nothing was measured for detection, ${name}.`));
    replace(
      body,
      h("p", { class: "soft" }, `Quantities that need no clean input to compare with: ${terms.map((term) => `${term}, ${quantities[term]?.says ?? "of a layer"}`).join("; ")}.`),
      ...(chosen.length > 0 ? [detectors(chosen, payload.summary.detection_note, name)] : []),
      ...[...new Set(separated.map((row) => String(row.against)))].map((other) => byPlace(payload, separated, other, name)),
    );
  };
  draw();
  onChange((changed) => changed.has("condition") && draw());
  return h("section", { id: "detection" }, h("h2", {}, "Detection"), body);
}
