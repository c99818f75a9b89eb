// The parts of a report's page.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { patience } from "./browser.mjs";
import { run } from "./program.mjs";

// Writes the report of a run into a folder and gives its address.
export async function writeReport(folder, runFolder, ...options) {
  const file = join(folder, "report.html");
  await run("report", runFolder, "-o", file, ...options);
  return pathToFileURL(file).href;
}

export async function summaryOf(runFolder) {
  return JSON.parse(await run("summary", runFolder, "--json"));
}

// What faultline put into the page.
export function payloadOf(page) {
  return page.evaluate(() => JSON.parse(document.getElementById("data").textContent));
}

export function choice(page, label) {
  return page.getByRole("combobox", { name: label, exact: true });
}

export function slider(page, name) {
  return page.getByRole("slider", { name, exact: true });
}

export function thumbs(page) {
  return page.locator(".thumbs");
}

export function options(page) {
  return page.locator(".thumbs .option");
}

export function selectedImage(page) {
  return page.locator('.thumbs [aria-selected="true"]').getAttribute("data-image");
}

export function stageTitle(page) {
  return page.locator(".stage-title").textContent();
}

export function canvases(page) {
  return page.locator("canvas.picture");
}

// The gallery's pictures, each as a short text that is another for other pixels, once all are drawn and `ready` holds of them.
export async function pictures(page, ready = () => true) {
  for (const deadline = Date.now() + patience; ; await page.waitForTimeout(50)) {
    const drawn = await canvases(page).evaluateAll((all) => all.map((canvas) => (canvas.width === 300 ? "" : canvas.toDataURL())));
    const short = drawn.map((data) => data && createHash("sha256").update(data).digest("hex").slice(0, 12));
    if (short.length > 0 && short.every(Boolean) && ready(short)) return short;
    assert.ok(Date.now() < deadline, `the pictures stay as they are: ${short}`);
  }
}

// The same, once none of them is what it was.
export function picturesAfter(page, before) {
  return pictures(page, (now) => now.every((each, i) => each !== before[i]));
}

// What is to be seen on a screen of 1440 by 900 without scrolling, and the elements that say it.
const firstScreen = {
  "what was run": "h1, .lead",
  "what the attacks did": ".outcomes",
  "the findings": ".card",
  "the layers": ".strip button",
};

export async function expectFirstScreen(page) {
  assert.equal(await page.evaluate(() => scrollY), 0);
  const { width, height } = page.viewportSize();
  for (const [what, selector] of Object.entries(firstScreen)) {
    const boxes = await page.locator(`${selector} >> visible=true`).evaluateAll((all) => all.map((each) => each.getBoundingClientRect().toJSON()));
    assert.ok(boxes.length > 0, what);
    for (const { top, bottom, left, right } of boxes) assert.ok(top >= 0 && bottom <= height && left >= 0 && right <= width, `${what}: ${top} to ${bottom}, ${left} to ${right}`);
  }
}
