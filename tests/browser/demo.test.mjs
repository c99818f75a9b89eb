// The pages of `faultline demo`, and so of `faultline analyze`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { lookAt, useBrowser, withPage } from "./browser.mjs";
import { runs } from "./program.mjs";

const used = useBrowser(before, after);
const folder = join(runs, "demo");
const within = `${pathToFileURL(folder).href}/`;
const parts = ["vgg16-slim", "squeezenet"];

function address(...path) {
  return pathToFileURL(join(folder, ...path, "index.html")).href;
}

// Pictures are loaded as they come into view.
async function allPictures(page) {
  for (const picture of await page.locator("img").all()) {
    await picture.scrollIntoViewIfNeeded();
    await picture.evaluate((image) => image.decode());
  }
  return page.locator("img").evaluateAll((all) => all.map((image) => ({ source: image.src, width: image.naturalWidth, text: image.getAttribute("alt") })));
}

test("the demo's page leads to both reports", () =>
  withPage(used, address(), { within }, async (page) => {
    const pictures = await allPictures(page);
    assert.ok(pictures.length >= 2 * 3 && pictures.every(({ width }) => width > 0), JSON.stringify(pictures));
    for (const part of parts) {
      const link = page.getByRole("link", { name: `Full report: ${part}` });
      await withPage(used, await link.evaluate((each) => each.href), { within }, async (report) => assert.match(await report.locator("h1").textContent(), /^Where adversarial noise breaks/));
    }
  }));

for (const part of parts)
  test(`the report of ${part} shows each picture and says what its JSON holds`, () =>
    withPage(used, address(part), { within }, async (page) => {
      const pictures = await allPictures(page);
      assert.ok(pictures.every(({ width }) => width > 0), JSON.stringify(pictures));
      const { images } = JSON.parse(readFileSync(join(folder, part, "analysis.json"), "utf8"));
      assert.equal(await page.locator("main > section").count(), images.length);
      assert.equal(pictures.length, 3 * images.length);
      const rows = page.locator("tbody tr");
      for (const [i, { file, words, flipped }] of images.entries()) {
        const row = await rows.nth(i).textContent();
        assert.ok(row.includes(file.split("/").pop()) && row.includes("->") === flipped, row);
        assert.deepEqual(await page.locator("main > section").nth(i).locator(".words li").allTextContents(), words);
      }
      const links = await page.locator("a").evaluateAll((all) => all.map((link) => link.href));
      for (const link of links.filter((each) => !each.includes("#"))) assert.ok(readFileSync(new URL(link)).length > 0, link);
      for (const link of links.filter((each) => each.includes("#"))) assert.equal(await page.locator(`[id="${decodeURIComponent(new URL(link).hash.slice(1))}"]`).count(), 1, link);
    }));

test("the demo looks right and is accessible", (t) => lookAt(t, used, address(), "demo", { within, ready: allPictures }));
test("its report looks right and is accessible", (t) => lookAt(t, used, address(parts[0]), "demo-report", { within, ready: allPictures }));
