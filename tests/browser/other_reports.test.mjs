// Reports that lack something: pictures, or an end.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { download, expectAccessible, keepScreenshots, useBrowser, withPage } from "./browser.mjs";
import { parseCsv } from "./numbers.mjs";
import { reportRun, runs, temporaryFolder } from "./program.mjs";
import { canvases, expectFirstScreen, options, payloadOf, pictures, summaryOf, writeReport } from "./report_page.mjs";

const used = useBrowser(before, after);

// A WebP file in base64.
const webp = /"UklGR/;

test("a report without images has no pictures", async () => {
  const full = await writeReport(temporaryFolder(), reportRun);
  const bare = await writeReport(temporaryFolder(), reportRun, "--no-images");
  const [fullText, bareText] = [full, bare].map((address) => readFileSync(fileURLToPath(address), "utf8"));
  assert.match(fullText, webp);
  assert.doesNotMatch(bareText, webp);
  assert.doesNotMatch(bareText, /"values":/);
  await withPage(used, bare, {}, async (page) => {
    assert.equal(await page.locator("canvas, img").count(), 0);
    assert.match(await page.locator("#gallery").textContent(), /holds no pictures/);
    assert.ok((await page.locator("figure").count()) >= 5);
    await keepScreenshots(page, "report-without-images");
    await expectAccessible(page);
  });
});

test("a report of an unfinished run, and of many attacks, shows what there is", async () => {
  const run = join(runs, "unfinished");
  const { images, run: about, tables } = await summaryOf(run);
  assert.equal(about.finished, false);
  assert.ok(images.studied >= 1);
  await withPage(used, await writeReport(temporaryFolder(), run), {}, async (page) => {
    await expectFirstScreen(page);
    const all = page.locator(".more.row details");
    await all.locator("summary").click();
    assert.deepEqual(await all.locator("tbody th").allTextContents(), tables.conditions.map(({ condition }) => condition));
    assert.ok((await page.locator(".outcomes tbody").first().locator("tr").count()) < tables.conditions.length);
    assert.match(await page.locator(".lead strong").textContent(), new RegExp(`not finished: this is what it says after ${images.listed} of 3 images`));
    // Both attacks were made at three strengths.
    const curves = page.locator("figure[id^=eps-curve]");
    assert.equal(await curves.count(), new Set(tables.eps_curve.map(({ attack }) => attack)).size);
    for (const curve of await curves.all()) {
      const rows = parseCsv((await download(page, curve.getByRole("button", { name: "CSV" }))).text);
      const expected = tables.eps_curve.filter(({ attack }) => attack === rows[0].attack);
      assert.equal(expected.length, 3);
      assert.deepEqual(rows.map(({ eps, success, accuracy }) => [Number(eps), Number(success), Number(accuracy)]), expected.map(({ eps, success, accuracy }) => [eps, success, accuracy]));
    }
    assert.match(await page.locator(".lead").textContent(), new RegExp(`^${images.studied} images? studied`));
    assert.equal(await options(page).count(), (await payloadOf(page)).exemplars.length);
    assert.ok((await canvases(page).count()) >= 3);
    await pictures(page);
    assert.match(await page.locator("#causes").textContent(), /has no tests of causes/);
    await keepScreenshots(page, "report-unfinished");
    await expectAccessible(page);
  });
});
