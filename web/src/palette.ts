// Okabe and Ito's colours, which differ for every kind of colour vision; every kind of input has one, and its own dash.
export const kinds: Record<string, { colour: string; dash: string }> = {
  adversarial: { colour: "var(--k-adversarial)", dash: "" },
  gaussian: { colour: "var(--k-gaussian)", dash: "6 3" },
  boost: { colour: "var(--k-boost)", dash: "2 2" },
  shuffled: { colour: "var(--k-shuffled)", dash: "8 3 2 3" },
  phase: { colour: "var(--k-phase)", dash: "4 2" },
  transfer: { colour: "var(--k-transfer)", dash: "1 3" },
  "flip-gaussian": { colour: "var(--k-flip)", dash: "10 4" },
  subcritical: { colour: "var(--k-subcritical)", dash: "3 5" },
};

export function colour(kind: string): string {
  return kinds[kind]?.colour ?? "var(--soft)";
}

export function dash(kind: string): string {
  return kinds[kind]?.dash ?? "5 5";
}
