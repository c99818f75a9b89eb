// Okabe and Ito's colours, which differ for every kind of colour vision; every kind of input has one, and its own dash.
// Sources of the tests of causes that are kinds of input look like these.
export const kinds: Record<string, { colour: string; dash: string }> = {
  adversarial: { colour: "var(--k-adversarial)", dash: "" },
  gaussian: { colour: "var(--k-gaussian)", dash: "6 3" },
  boost: { colour: "var(--k-boost)", dash: "2 2" },
  shuffled: { colour: "var(--k-shuffled)", dash: "8 3 2 3" },
  phase: { colour: "var(--k-phase)", dash: "4 2" },
  transfer: { colour: "var(--k-transfer)", dash: "1 3" },
  "flip-gaussian": { colour: "var(--k-flip)", dash: "10 4" },
  subcritical: { colour: "var(--k-subcritical)", dash: "3 5" },
  "white-noise": { colour: "var(--k-shuffled)", dash: "1 2" },
  pull: { colour: "var(--k-adversarial)", dash: "" },
  distance: { colour: "var(--k-flip)", dash: "6 3" },
  "random-0": { colour: "var(--k-subcritical)", dash: "2 3" },
  "random-1": { colour: "var(--k-subcritical)", dash: "7 3" },
};

export function colour(kind: string): string {
  return kinds[kind]?.colour ?? "var(--soft)";
}

export function dash(kind: string): string {
  return kinds[kind]?.dash ?? "5 5";
}

// What a colour and a dash stand for.
export interface Key {
  name: string;
  colour: string;
  dash: string;
}

export function keysOf(shown: string[]): Key[] {
  return shown.map((kind) => ({ name: kind, colour: colour(kind), dash: dash(kind) }));
}
