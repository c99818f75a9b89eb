// Studies of the embedded pictures.
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { source } from "./program.mjs";

const model = join(source, "models", "vgg16-slim-imagenette.onnx");

// Each takes about ten seconds of a core.
const pictureCount = 7;

// A list of embedded pictures with their true classes, as a file in `folder`. The last one's class is another: so accuracy is
// neither 0 nor 1, and an image is left out.
function writeList(folder) {
  const { labels } = JSON.parse(readFileSync(model.replace(/onnx$/, "json"), "utf8"));
  const lines = readFileSync(join(source, "images", "attribution.csv"), "utf8").trim().split("\n");
  const pictures = lines.map((line) => line.split(",")).filter(([file]) => file.startsWith("imagenette/")).slice(0, pictureCount);
  const classes = pictures.map(([, , , name]) => labels.indexOf(name.replace("_", " ")));
  if (classes.length < pictureCount || classes.includes(-1)) throw new Error(`images/attribution.csv: expected pictures of ${labels}, got ${pictures.join("; ")}`);
  classes[classes.length - 1] = (classes[classes.length - 1] + 1) % labels.length;
  const rows = pictures.map(([file], i) => `${join(source, "images", file)},${classes[i]}`);
  const list = join(folder, "pictures.csv");
  writeFileSync(list, ["file,class_index", ...rows, ""].join("\n"));
  return list;
}

// The arguments of a study into `output`.
export function studyWords(folder, output, more) {
  return ["study", model, writeList(folder), "-o", output, "-q", ...more];
}

// Of a cheap study, without causes, of three images, that says what it does. Each image takes seconds.
export const watched = ["--limit", "3", "--draws", "2", "--twins", "0", "--at", "fixed", "--causal", "none", "--no-detection", "--json-lines"];

// Its events as they come.
async function* events(study) {
  for await (const line of createInterface({ input: study.stdout })) yield JSON.parse(line);
}

// Waits until a study with --json-lines has committed an image.
export async function firstImage(study) {
  for await (const { event } of events(study)) if (event === "image") return;
  throw new Error("the study ended before its first image");
}

export async function killAfterFirstImage(study) {
  const ended = new Promise((done) => study.once("close", done));
  await firstImage(study);
  study.kill("SIGKILL");
  await ended;
}
