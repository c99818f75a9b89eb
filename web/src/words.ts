// Three significant digits; "-" where there is nothing.
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (value === 0) return "0";
  const text = value.toPrecision(3);
  return Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5 ? text : String(Number(text));
}

export function percent(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value) ? "–" : `${Math.round(100 * value)} %`;
}

// A strength as it is read under a condition; up to the floor it is only known to be at most that.
export function epsWords(eps: number, condition: { eps_in_255ths: boolean }, floor: unknown): string {
  const text = condition.eps_in_255ths ? `${number(255 * eps)}/255` : number(eps);
  return typeof floor === "number" && eps <= floor ? `at most ${text}` : text;
}

export function interval(lower: unknown, upper: unknown, show = number): string {
  if (typeof lower !== "number" && typeof upper !== "number") return "";
  return `${show(lower as number)} to ${show(upper as number)}`;
}

export function count(of: number, one: string): string {
  return `${of} ${one}${of === 1 ? "" : "s"}`;
}

export function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
