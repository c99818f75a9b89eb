// The pages of `faultline serve`: of a run, of a folder of runs, of a run that is still going.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { lookAt, narrow, expectAccessible, expectNoOverflow, keepScreenshots, useBrowser, withPage } from "./browser.mjs";
import { runs, serve, start, temporaryFolder } from "./program.mjs";
import { canvases, options, pictures, picturesAfter, selectedImage, slider, stageTitle, summaryOf, thumbs, writeReport } from "./report_page.mjs";
import { firstImage, studyWords, watched } from "./study.mjs";

const used = useBrowser(before, after);

// The most memory that a process has had.
function peakBytes(pid) {
  return 1024 * Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmHWM:\s+(\d+) kB/)[1]);
}

const finished = join(runs, "study");

describe("serve RUN", () => {
  test("shows what the report shows", async (t) => {
    const { address } = await serve(t, finished);
    const look = async (page) => ({
      overview: await page.locator("#overview").evaluate((section) => section.textContent),
      figures: await page.locator("#layers h3, #causes h3").allTextContents(),
      pictures: await pictures(page),
    });
    let served;
    await withPage(used, `${address}/`, {}, async (page) => (served = await look(page)));
    await withPage(used, await writeReport(temporaryFolder(), finished), {}, async (page) => assert.deepEqual(served, await look(page)));
    assert.match(served.overview, new RegExp(`${(await summaryOf(finished)).images.studied} images studied`));
  });

  test("fetches pictures and maps when they are looked at, and once", async (t) => {
    const { address } = await serve(t, finished);
    await withPage(used, `${address}/`, {}, async (page, { requests }) => {
      const fetched = () => requests.filter((url) => /\/api\/image\/\d+$/.test(url)).map((url) => url.split("/").pop());
      await pictures(page);
      const first = await selectedImage(page);
      assert.deepEqual(fetched(), [first]);
      await thumbs(page).focus();
      await page.keyboard.press("ArrowRight");
      const second = await selectedImage(page);
      assert.notEqual(second, first);
      await pictures(page);
      assert.deepEqual(fetched(), [first, second]);
      const before = await pictures(page);
      await slider(page, "Layer").fill("0");
      await picturesAfter(page, before);
      await page.keyboard.press("Home");
      await thumbs(page).focus();
      await page.keyboard.press("ArrowLeft");
      await pictures(page);
      assert.deepEqual(fetched(), [first, second]);
      // All images are there, not exemplars only, each with its thumbnail.
      const { images } = await summaryOf(finished);
      assert.equal(await options(page).count(), images.studied);
      await thumbs(page).scrollIntoViewIfNeeded();
      await page.waitForFunction(() => [...document.querySelectorAll("img.thumb")].every((image) => image.naturalWidth > 0));
    });
  });

  test("answers 200 at once, in bounded memory", async (t) => {
    const { address, pid } = await serve(t, finished);
    const paths = ["api/run", "api/image/0", "api/image/0/picture", "api/state"];
    const sha = async (path) => {
      const answer = await fetch(`${address}/${path}`);
      assert.equal(answer.status, 200, path);
      return createHash("sha256").update(Buffer.from(await answer.arrayBuffer())).digest("hex");
    };
    const single = await Promise.all(paths.map(sha));
    const before = peakBytes(pid);
    const all = await Promise.all(Array.from({ length: 200 }, (_, i) => sha(paths[i % paths.length])));
    all.forEach((each, i) => assert.equal(each, single[i % paths.length], paths[i % paths.length]));
    const grown = peakBytes(pid) - before;
    assert.ok(grown < 200e6, `the server's memory grew by ${grown / 1e6} MB`);
  });

  test("says so when it has ended", async (t) => {
    const server = await serve(t, join(runs, "unfinished"));
    await withPage(used, `${server.address}/`, { mayComplain: /ERR_CONNECTION_REFUSED/ }, async (page) => {
      await pictures(page);
      await server.stop();
      await page.getByText("faultline serve no longer answers.").waitFor();
      assert.equal(await page.locator(".live button").isVisible(), false);
    });
  });
});

describe("serve FOLDER", () => {
  const folder = temporaryFolder();
  const oddName = "a run & <more> 50% #1";

  before(() => {
    cpSync(finished, join(folder, oddName), { recursive: true });
    cpSync(join(runs, "unfinished"), join(folder, "going"), { recursive: true });
    mkdirSync(join(folder, "broken"));
    writeFileSync(join(folder, "broken", "run.sqlite"), "no database");
    mkdirSync(join(folder, "empty"));
  });

  test("lists the runs, and leads to the report of each and back", async (t) => {
    const { address } = await serve(t, folder);
    await withPage(used, `${address}/`, { settled: ".runs tbody tr" }, async (page) => {
      const lines = await page.locator(".runs tbody tr").evaluateAll((all) => all.map((line) => [...line.children].map((cell) => cell.textContent)));
      const { images } = await summaryOf(finished);
      assert.deepEqual(lines.map(([name]) => name), [oddName, "broken", "going"]);
      assert.deepEqual(lines[0].slice(1, 4), ["finished", String(images.listed), `${images.studied} (${images.listed - images.studied} left out)`]);
      assert.match(lines[1][1], /not a study's store/);
      assert.equal(lines[2][1], "not finished");
      assert.match(lines[2][2], /^[12] of 3$/);
      await page.getByRole("link", { name: oddName }).click();
      await pictures(page);
      assert.equal(await options(page).count(), images.studied);
      await page.getByRole("link", { name: "Runs" }).click();
      await page.getByRole("link", { name: "going" }).click();
      await page.getByText("The run is not finished").waitFor();
      await page.getByRole("link", { name: "Try it" }).click();
      await page.getByRole("heading", { name: "Try a picture" }).waitFor();
      await page.getByRole("link", { name: "Back" }).click();
      await page.getByRole("heading", { name: "Runs" }).waitFor();
    });
  });

  test("sees a run that begins", async (t) => {
    const growing = temporaryFolder();
    const { address } = await serve(t, growing);
    await withPage(used, `${address}/`, {}, async (page) => {
      await page.getByText("There is no run in this folder yet.").waitFor();
      cpSync(finished, join(growing, "new"), { recursive: true });
      await page.getByRole("link", { name: "new" }).waitFor();
    });
  });

  test("looks right and is accessible", async (t) => {
    const { address } = await serve(t, folder);
    await lookAt(t, used, `${address}/`, "runs", { settled: ".runs tbody tr" });
    await withPage(used, `${address}/run/going/`, { view: narrow }, async (page) => {
      await pictures(page);
      await keepScreenshots(page, "served-390x844");
      await expectNoOverflow(page);
      await expectAccessible(page);
    });
  });
});

test("a page of a run that is going says that there is more, and shows it where it was", async (t) => {
  const folder = temporaryFolder();
  const study = start(studyWords(folder, join(folder, "run"), [...watched, "--eps", "4/255"]));
  const ended = new Promise((done) => study.once("close", done));
  t.after(() => study.kill("SIGKILL"));
  await firstImage(study);
  study.kill("SIGSTOP"); // until the page has been looked at
  const { address } = await serve(t, join(folder, "run"));
  await withPage(used, `${address}/`, {}, async (page) => {
    const seen = await options(page).count();
    assert.ok(seen >= 1);
    assert.equal(await page.locator(".live").isVisible(), false);
    await slider(page, "Layer").fill("3");
    const image = await selectedImage(page);
    study.kill("SIGCONT");
    await page.getByText(/^\d+ more images? since this page was read\.$/).waitFor();
    await keepScreenshots(page, "served-live");
    await expectAccessible(page);
    assert.equal(await ended, 0);
    await page.getByRole("button", { name: "Show them" }).click();
    await page.waitForFunction((count) => document.querySelectorAll(".thumbs .option").length > count, seen);
    assert.equal(await slider(page, "Layer").inputValue(), "3");
    assert.equal(await selectedImage(page), image);
    assert.equal(await page.getByText("not finished").count(), 0);
    const { images } = await summaryOf(join(folder, "run"));
    assert.equal(await options(page).count(), images.studied);
    assert.match(await page.locator(".lead").textContent(), new RegExp(`^${images.studied} images studied of ${images.listed}\\b`));
    await stageTitle(page);
    assert.ok((await canvases(page).count()) >= 3);
  });
});
