// What faultline puts into the page (src/report/study_payload.cc writes it).

export type Packed = { f32: string } | { i32: string };

export interface Measure {
  name: string;
  value: number | null;
  lower: number | null;
  upper: number | null;
  n: number;
}

export type Verdict = "supported" | "not supported" | "undecided" | "not said";

export interface Answer {
  verdict: Verdict;
  reason: string;
  measures: Measure[];
}

export interface Finding extends Answer {
  id: string;
  claim: string;
  condition: string;
  words: string;
  caveats: string[];
  variants_that_speak: number;
  variants_that_agree: number;
  variants: (Answer & { asked: string })[];
}

export type Row = Record<string, string | number | null>;

export interface Summary {
  run: {
    model_file: string;
    model_sha256: string;
    program_version: string;
    created: string;
    finished: boolean;
    twins: number;
  };
  images: { planned: number; listed: number; studied: number; misclassified: number; unreadable: number; accuracy: Measure };
  findings: Finding[];
  detection_note: string;
  tables: Record<string, Row[]>;
}

export interface Condition {
  condition: number;
  name: string;
  attack_number: number;
  attack: string;
  settings: Record<string, unknown>;
  regime: "critical" | "double" | "fixed" | "given";
  eps: number | null;
  eps_in_255ths: boolean; // how it is read
  // One entry an image that was attacked.
  image: Packed;
  outcome: Packed; // 0 nothing made, 1 the answer stayed, 2 it changed but not once rounded to 8 bits, 3 changed
  other_class: Packed;
  critical_eps: Packed;
  linf: Packed;
  l2: Packed;
  // [images, places]
  log_excess: Packed;
  step: Packed;
  alignment: Packed;
  contribution: Packed;
  share: Packed;
  distraction: Record<string, Packed>; // by method [images, layers]
  compromise: { onset: Packed; blocks: Packed } | null;
}

export interface MapData {
  layer: number;
  method: string;
  height: number;
  width: number;
  scale: number;
  values: string;
}

export interface ExemplarInput {
  kind: string;
  webp: string;
  scale: number | null;
  maps: MapData[];
  predicted_class: number;
  probability: number;
  clean_class_probability: number;
  margin: number;
  l2: number;
  linf: number;
}

export interface Exemplar {
  image: number;
  reasons: string[];
  inputs: ExemplarInput[];
}

export interface Payload {
  version: number;
  summary: Summary;
  configuration: Record<string, unknown>;
  network: {
    classes: string[];
    blocks: string[];
    layers: { name: string; block: number }[];
    points: { name: string; kind: string; block: number; layer: number | null }[];
    segments: { name: string; point: number | null }[];
  };
  images: {
    file: string[];
    status: string[];
    image: Packed;
    true_class: Packed;
    predicted_class: Packed;
    probability: Packed;
  };
  primary: number;
  conditions: Condition[];
  exemplar_rule: string;
  exemplars: Exemplar[];
  on_demand: boolean; // whether pictures and heatmaps are fetched when they are looked at: served.ts
}

export function bytes(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const all = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) all[i] = text.charCodeAt(i);
  return all;
}

export function floats(packed: Packed): Float32Array {
  if (!("f32" in packed)) throw new Error("expected numbers");
  return new Float32Array(bytes(packed.f32).buffer);
}

export function ints(packed: Packed): Int32Array {
  if (!("i32" in packed)) throw new Error("expected whole numbers");
  return new Int32Array(bytes(packed.i32).buffer);
}

// The cells of a map, -127 to 127.
export function cells(map: MapData): Int8Array {
  return new Int8Array(bytes(map.values).buffer);
}
