// The report in Firefox: as a file, from disk.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { expectAccessible, expectNoOverflow, keepScreenshots, narrow, useBrowser, wide, withPage } from "./browser.mjs";
import { parseCsv } from "./numbers.mjs";
import { reportRun, temporaryFolder } from "./program.mjs";
import { canvases, choice, expectFirstScreen, options, pictures, picturesAfter, selectedImage, slider, summaryOf, thumbs, writeReport } from "./report_page.mjs";

const used = useBrowser(before, after, "firefox");
let report;
let summary;

before(async () => {
  report = await writeReport(temporaryFolder(), reportRun);
  summary = await summaryOf(reportRun);
});

test("the first screen holds what it holds elsewhere", () =>
  withPage(used, report, {}, async (page) => {
    await expectFirstScreen(page);
    assert.deepEqual(await page.locator(".verdict").allTextContents(), summary.findings.map(({ verdict }) => verdict));
    assert.ok((await page.locator("figure").count()) >= 5);
    await page.evaluate(() => document.querySelectorAll("figure svg").forEach((svg) => svg.getBoundingClientRect().width > 0 || console.error(`${svg.closest("figure").id} is empty`)));
  }));

// Not dark: that cannot be asked of Firefox from outside.
test("looks right and is accessible", async (t) => {
  for (const [screen, view] of Object.entries({ "1440x900": wide, "390x844": narrow }))
    await t.test(screen, () =>
      withPage(used, report, { view }, async (page) => {
        await keepScreenshots(page, `firefox-${screen}`);
        await expectNoOverflow(page);
        await expectAccessible(page);
      }),
    );
});

test("slider, view, keyboard and links work", () =>
  withPage(used, report, {}, async (page) => {
    const last = await pictures(page);
    await slider(page, "Layer").fill("0");
    await picturesAfter(page, last);
    await choice(page, "View").selectOption("perturbation");
    const ids = await options(page).evaluateAll((all) => all.map((each) => each.getAttribute("data-image")));
    await thumbs(page).focus();
    await page.keyboard.press("End");
    assert.equal(await selectedImage(page), ids.at(-1));
    await pictures(page);
    await withPage(used, page.url(), {}, async (other) => {
      assert.equal(await selectedImage(other), ids.at(-1));
      assert.equal(await choice(other, "View").inputValue(), "perturbation");
      assert.equal(await slider(other, "Layer").inputValue(), "0");
      assert.ok((await canvases(other).count()) >= 3);
    });
  }));

// Up to the link that is followed: Firefox saves no blob while it is driven by a program.
test("figures are handed over to be saved", () =>
  withPage(used, report, {}, async (page) => {
    await pictures(page);
    await page.evaluate(() => {
      window.handed = [];
      const blobs = new Map();
      const make = URL.createObjectURL;
      URL.createObjectURL = (blob) => {
        const address = make(blob);
        blobs.set(address, blob);
        return address;
      };
      HTMLAnchorElement.prototype.click = function () {
        const { download, href } = this;
        window.handed.push(blobs.get(href).arrayBuffer().then((buffer) => ({ name: download, bytes: [...new Uint8Array(buffer)] })));
      };
    });
    const handed = async (button) => {
      const before = await page.evaluate(() => window.handed.length);
      await button.click();
      await page.waitForFunction((before) => window.handed.length > before, before);
      const { name, bytes } = await page.evaluate(() => window.handed.at(-1));
      return { name, bytes: Buffer.from(bytes) };
    };
    const figure = page.locator("#layers-step");
    const svg = await handed(figure.getByRole("button", { name: "SVG" }));
    assert.equal(svg.name, "layers-step.svg");
    assert.match(svg.bytes.toString(), /^<svg /);
    assert.ok(parseCsv((await handed(figure.getByRole("button", { name: "CSV" }))).bytes.toString()).length > 0);
    assert.equal((await handed(page.getByRole("button", { name: "PNG of the pictures" }))).bytes.subarray(1, 4).toString(), "PNG");
  }));
