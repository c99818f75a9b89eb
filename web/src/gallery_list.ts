// The images that a gallery lists: what they can be told apart and sorted by.
import { floats, ints, type Exemplar, type Payload, type Row } from "./payload";
import { state, type State } from "./state";
import { epsWords, fileName, number, percent } from "./words";

export function label(payload: Payload, index: number): string {
  return payload.network.classes[index] ?? `class ${index}`;
}

// An image under the condition that the findings are about.
export interface Entry {
  exemplar: Exemplar;
  file: string;
  place: number; // among the condition's images
  outcome: number; // see payload.ts
  criticalEps: number; // NaN: not searched for, or none found
  epsText: string;
  onset: number; // the point that is first compromised; -1: none
  blocks: number; // bit b: block b is compromised
  steps: Float32Array; // by point
  logExcess: number; // at the last point
}

export function entries(payload: Payload): Entry[] {
  const condition = payload.conditions[payload.primary];
  const places = new Map(Array.from(ints(condition.image), (image, place) => [image, place]));
  const files = new Map(Array.from(ints(payload.images.image), (image, i) => [image, payload.images.file[i]]));
  const outcomes = ints(condition.outcome);
  const critical = floats(condition.critical_eps);
  const epsFloor = payload.summary.tables.conditions.find((row) => row.condition === condition.name)?.eps_floor;
  const steps = floats(condition.step);
  const excess = floats(condition.log_excess);
  const onset = condition.compromise && ints(condition.compromise.onset);
  const blocks = condition.compromise && ints(condition.compromise.blocks);
  const points = payload.network.points.length;
  return payload.exemplars.map((exemplar) => {
    const place = places.get(exemplar.image) ?? 0;
    return {
      exemplar,
      file: fileName(files.get(exemplar.image) ?? ""),
      place,
      outcome: outcomes[place],
      criticalEps: critical[place],
      epsText: Number.isNaN(critical[place]) ? "–" : epsWords(critical[place], condition, epsFloor),
      onset: onset ? onset[place] : -1,
      blocks: blocks ? blocks[place] : 0,
      steps: steps.subarray(place * points, (place + 1) * points),
      logExcess: excess[(place + 1) * points - 1],
    };
  });
}

type FilterKey = "reason" | "outcome" | "class" | "onset" | "block";

export interface Filter {
  key: FilterKey;
  label: string;
  values: [value: string, text: string, keeps: (entry: Entry) => boolean][]; // the first keeps all
}

function distinct(values: number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

export function filters(payload: Payload, all: Entry[]): Filter[] {
  const { points, blocks } = payload.network;
  const everything = (text: string): Filter["values"][number] => ["all", text, () => true];
  const made: Filter[] = [
    { key: "reason", label: "Chosen as", values: [everything("any"), ...[...new Set(all.flatMap((entry) => entry.exemplar.reasons))].map((reason): Filter["values"][number] => [reason, reason, (entry) => entry.exemplar.reasons.includes(reason)])] },
    {
      key: "outcome",
      label: "Answer",
      values: [
        everything("any"),
        ["changed", "changed", (entry) => entry.outcome >= 2],
        ["rounded", "changed, but not once rounded", (entry) => entry.outcome === 2],
        ["stayed", "stayed", (entry) => entry.outcome === 1],
      ],
    },
    { key: "class", label: "Class", values: [everything("any"), ...distinct(all.map((entry) => entry.exemplar.inputs[0].predicted_class)).map((index): Filter["values"][number] => [String(index), label(payload, index), (entry) => entry.exemplar.inputs[0].predicted_class === index])] },
    { key: "onset", label: "First compromised", values: [everything("anywhere"), ...distinct(all.map((entry) => entry.onset)).map((onset): Filter["values"][number] => [String(onset), onset < 0 ? "nowhere" : points[onset].name, (entry) => entry.onset === onset])] },
    { key: "block", label: "Compromised block", values: [everything("any"), ...blocks.map((name, b) => [String(b), name, (entry: Entry) => (entry.blocks & (1 << b)) !== 0] as Filter["values"][number]).filter(([, , keeps]) => all.some(keeps))] },
  ];
  // What does not tell them apart is not asked.
  return made.filter((filter) => filter.values.length > 2 || (filter.values.length === 2 && !all.every(filter.values[1][2])));
}

export interface Column {
  name: string;
  title: string;
  text: (entry: Entry) => string;
  value: (entry: Entry) => number | string; // what it is sorted by
  largestFirst: boolean; // unless the order is reversed
  csv: (entry: Entry) => number | string | null;
}

function numeric(name: string, title: string, of: (entry: Entry) => number, show: (value: number) => string = number, largestFirst = false): Column {
  return { name, title, text: (entry) => show(of(entry)), value: of, largestFirst, csv: of };
}

function words(name: string, title: string, of: (entry: Entry) => string): Column {
  return { name, title, text: of, value: of, largestFirst: false, csv: of };
}

const pixels = (value: number): string => (Number.isNaN(value) ? "–" : `${number(255 * value)}/255`);

export function columns(payload: Payload): Column[] {
  const { points, blocks } = payload.network;
  const adversarial = (entry: Entry): Exemplar["inputs"][number] => entry.exemplar.inputs[1];
  const clean = (entry: Entry): Exemplar["inputs"][number] => entry.exemplar.inputs[0];
  const largestStep = (entry: Entry): number => entry.steps.reduce((at, step, i, all) => (Number.isNaN(step) || (at >= 0 && all[at] >= step) ? at : i), -1);
  return [
    numeric("image", "image", (entry) => entry.exemplar.image, String),
    words("file", "file", (entry) => entry.file),
    words("class", "answer", (entry) => label(payload, clean(entry).predicted_class)),
    numeric("clean", "its confidence", (entry) => clean(entry).probability, percent, true),
    words("adversarial", "under attack", (entry) => label(payload, adversarial(entry).predicted_class)),
    numeric("probability", "confidence under attack", (entry) => adversarial(entry).probability, percent, true),
    numeric("margin", "margin under attack", (entry) => adversarial(entry).margin),
    { ...numeric("critical", "eps*", (entry) => entry.criticalEps), text: (entry) => entry.epsText },
    numeric("linf", "Linf", (entry) => adversarial(entry).linf, pixels),
    numeric("l2", "L2", (entry) => adversarial(entry).l2),
    numeric("excess", "log excess at the end", (entry) => entry.logExcess, number, true),
    { ...numeric("step", "largest step at", (entry) => largestStep(entry)), text: (entry) => points[largestStep(entry)]?.name ?? "–", csv: (entry) => points[largestStep(entry)]?.name ?? null },
    { ...numeric("onset", "first compromised", (entry) => (entry.onset < 0 ? Infinity : entry.onset)), text: (entry) => points[entry.onset]?.name ?? "nowhere", csv: (entry) => points[entry.onset]?.name ?? null },
    words("blocks", "compromised blocks", (entry) => blocks.filter((_, b) => (entry.blocks & (1 << b)) !== 0).join(", ") || "none"),
  ];
}

// Those that every filter keeps but, if given, one.
export function kept(all: Entry[], known: Filter[], but?: FilterKey): Entry[] {
  const keeps = known.filter(({ key }) => key !== but).map(({ key, values }) => values.find(([value]) => value === state[key]) ?? values[0]);
  return all.filter((entry) => keeps.every(([, , keep]) => keep(entry)));
}

export function descends(column: Column): boolean {
  return column.largestFirst !== (state.order === "reversed");
}

export function sorted(some: Entry[], known: Column[]): Entry[] {
  const column = known.find(({ name }) => name === state.sort) ?? known[0];
  const way = descends(column) ? -1 : 1;
  const missing = (value: number | string): boolean => typeof value === "number" && Number.isNaN(value);
  return [...some].sort((a, b) => {
    const [first, second] = [column.value(a), column.value(b)];
    if (missing(first) || missing(second)) return Number(missing(first)) - Number(missing(second)) || a.exemplar.image - b.exemplar.image;
    return first === second ? a.exemplar.image - b.exemplar.image : first < second ? -way : way;
  });
}

export function asRows(some: Entry[], known: Column[]): Row[] {
  return some.map((entry) => Object.fromEntries(known.map(({ name, csv }) => [name, csv(entry)])));
}

// What the gallery is to show of a point of the network: images that are first compromised there, or else all.
export function imagesOf(payload: Payload, point: number): Partial<State> {
  const layers = payload.network.points.slice(0, point + 1).map(({ layer }) => layer).filter((layer) => layer !== null);
  const onset = entries(payload).some((entry) => entry.onset === point) ? String(point) : "all";
  return { part: "gallery", onset, reason: "all", outcome: "all", class: "all", block: "all", ...(layers.length > 0 ? { layer: layers[layers.length - 1] } : {}) };
}
