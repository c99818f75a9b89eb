// What is looked at; it lives in the address, so that a link leads to the same view.
export interface State {
  condition: number;
  metric: "step" | "log_excess" | "alignment";
  method: string;
  layer: number;
  image: number; // of the gallery; -1: the first
  filter: string; // outcome, onset or block, see gallery.ts
  sort: string;
}

export const state: State = { condition: 0, metric: "step", method: "", layer: -1, image: -1, filter: "all", sort: "image" };
const listeners: ((changed: Set<keyof State>) => void)[] = [];

export function onChange(listener: (changed: Set<keyof State>) => void): void {
  listeners.push(listener);
}

function write(): void {
  const query = new URLSearchParams(Object.entries(state).map(([key, value]) => [key, String(value)]));
  history.replaceState(null, "", `#${query}`);
}

export function set(change: Partial<State>): void {
  const changed = new Set<keyof State>();
  for (const [key, value] of Object.entries(change) as [keyof State, never][]) {
    if (state[key] !== value) changed.add(key);
    state[key] = value;
  }
  if (changed.size === 0) return;
  write();
  for (const listener of listeners) listener(changed);
}

// Takes what the address says, where it fits: numbers stay numbers.
export function readAddress(): void {
  for (const [key, value] of new URLSearchParams(location.hash.slice(1))) {
    if (!(key in state)) continue;
    const known = state as unknown as Record<string, string | number>;
    if (typeof known[key] === "number") {
      if (Number.isInteger(Number(value))) known[key] = Number(value);
    } else {
      known[key] = value;
    }
  }
}
