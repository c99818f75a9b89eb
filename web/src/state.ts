// What is looked at; it lives in the address, so that a link leads to the same view.
import { type View, views } from "./pictures";

const parts = ["overview", "layers", "causes", "detection", "gallery", "about"] as const;
const metrics = ["step", "log_excess", "alignment"] as const;
const orders = ["natural", "reversed"] as const;

export type Part = (typeof parts)[number];

export interface State {
  part: Part; // where on the page
  condition: number;
  metric: (typeof metrics)[number];
  method: string;
  layer: number;
  image: number; // of the gallery; -1: the first
  // Which images the gallery lists, see gallery_list.ts: "all", or a value of theirs.
  reason: string;
  outcome: string;
  class: string;
  onset: string;
  block: string;
  sort: string;
  order: (typeof orders)[number];
  view: View;
  curve: string; // of an image, see image_curves.ts
  opacity: number; // of heatmaps, in percent
}

export const state: State = { part: "overview", condition: 0, metric: "step", method: "", layer: 0, image: -1, reason: "all", outcome: "all", class: "all", onset: "all", block: "all", sort: "image", order: "natural", view: "heatmap", curve: "step", opacity: 60 };
const words: Partial<Record<keyof State, readonly string[]>> = { part: parts, metric: metrics, order: orders, view: views.map(([name]) => name) };
const largest: Partial<Record<keyof State, number>> = { opacity: 100 };
const listeners: ((changed: Set<keyof State>) => void)[] = [];

export function onChange(listener: (changed: Set<keyof State>) => void): void {
  listeners.push(listener);
}

function apply(change: Partial<State>): Set<keyof State> {
  const changed = new Set<keyof State>();
  for (const [key, value] of Object.entries(change) as [keyof State, never][]) {
    if (state[key] !== value) changed.add(key);
    state[key] = value;
  }
  return changed;
}

function tell(changed: Set<keyof State>): void {
  if (changed.size > 0) for (const listener of listeners) listener(changed);
}

function write(): void {
  const query = new URLSearchParams(Object.entries(state).map(([key, value]) => [key, String(value)]));
  history.replaceState(null, "", `#${query}`);
}

export function set(change: Partial<State>): void {
  const changed = apply(change);
  if (changed.size === 0) return;
  write();
  tell(changed);
}

// What the address says, where it fits: a link may be from another report, or mistyped.
function fromAddress(): Partial<State> {
  const change: Record<string, string | number> = {};
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
    if (!(name in state)) continue;
    const key = name as keyof State;
    if (typeof state[key] === "number") {
      const least = key === "image" ? -1 : 0;
      if (/^-?\d+$/.test(value) && Number(value) >= least && Number(value) <= (largest[key] ?? Infinity)) change[key] = Number(value);
    } else if (!words[key] || words[key].includes(value)) {
      change[key] = value;
    }
  }
  return change;
}

// Begins with the address's view, and follows it when a link is opened where the page already is.
export function followAddress(conditions: number, layers: number): void {
  largest.condition = conditions - 1;
  largest.layer = layers - 1;
  apply(fromAddress());
  addEventListener("hashchange", () => tell(apply(fromAddress())));
}
