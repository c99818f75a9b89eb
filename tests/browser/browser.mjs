// Pages in headless Chromium, and what must hold of every one of them.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium, firefox } from "playwright-core";

const executables = { chromium: process.env.FAULTLINE_CHROMIUM || "/usr/bin/chromium", firefox: process.env.FAULTLINE_FIREFOX || "/usr/bin/firefox-esr" };
const screenshots = process.env.FAULTLINE_SCREENSHOTS || "screenshots";
// Long, for a machine that does much else; what fails to come fails the test.
export const patience = 90_000;
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export const wide = { viewport: { width: 1440, height: 900 } };
export const narrow = { viewport: { width: 390, height: 844 } };
export const dark = { ...wide, colorScheme: "dark" };

// A browser for the tests of a file: give `before` and `after` of node:test. Firefox is the one of the system, not a patched one.
export function useBrowser(before, after, name = "chromium") {
  const used = {};
  before(async () => {
    const executablePath = executables[name];
    if (!existsSync(executablePath)) throw new Error(`there is no ${executablePath}: scripts/bootstrap --tests installs Debian's`);
    if (name === "firefox") used.browser = await firefox.launch({ executablePath, channel: "moz-firefox" });
    else used.browser = await chromium.launch({
      executablePath,
      args: ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
  });
  after(() => used.browser?.close());
  return used;
}

// Calls look(page) with a page opened at `address`. It must write nothing to the console but what matches `mayComplain`, and ask
// for nothing but what begins with `within`: of a file not even another file.
export async function withPage(used, address, options, look) {
  const { view = wide, mayComplain = null, settled = "main", within } = options;
  const fromDisk = address.startsWith("file:");
  const own = within ?? (fromDisk ? address.split("#")[0] : `${new URL(address).origin}/`);
  const context = await used.browser.newContext({ ...view, reducedMotion: "reduce", locale: "en-GB", timezoneId: "UTC", offline: fromDisk });
  context.setDefaultTimeout(patience);
  const complaints = [];
  const requests = [];
  try {
    await context.addInitScript({ path: axe }); // this way the page's own Content-Security-Policy stays in force
    const page = await context.newPage();
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(address);
    await page.waitForSelector(settled);
    await look(page, { requests });
  } finally {
    await context.close();
  }
  assert.deepEqual(complaints.filter((text) => !mayComplain?.test(text)), [], "the browser's console");
  assert.deepEqual(requests.filter((url) => !url.startsWith(own) && !/^(data|blob):/.test(url)), [], "requests to elsewhere");
}

// No violation of the rules of axe-core, with everything unfolded.
export async function expectAccessible(page) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
  const { violations } = await page.evaluate(() => window.axe.run());
  const said = violations.flatMap(({ impact, id, help, nodes }) => nodes.map((node) => `${impact} ${id} (${help}): ${node.target.join(" ")}`));
  assert.deepEqual(said, [], "axe-core");
}

// The page as a whole does not scroll sideways.
export async function expectNoOverflow(page) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window, `the page is ${content} wide in a window of ${window}`);
}

// The first screen and the whole page, as artefacts.
export async function keepScreenshots(page, name) {
  mkdirSync(screenshots, { recursive: true });
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
  await page.screenshot({ path: join(screenshots, `${name}-whole.png`), fullPage: true });
}

// Opens a page on a wide, a narrow and a dark screen: looks and accessibility. `ready` brings it to what is to be seen.
export async function lookAt(t, used, address, name, { ready = async () => {}, ...options } = {}) {
  for (const [screen, view] of Object.entries({ "1440x900": wide, "390x844": narrow, dark })) {
    await t.test(screen, () =>
      withPage(used, address, { ...options, view }, async (page) => {
        await ready(page);
        await keepScreenshots(page, `${name}-${screen}`);
        await expectNoOverflow(page);
        const channels = await page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number));
        assert.equal(Math.max(...channels) < 128, screen === "dark", `the background is ${channels}`);
        await expectAccessible(page);
      }),
    );
  }
}

// What a button downloads. Chromium drops what goes beyond ten downloads of a page in a second, which no reader's hand does.
export async function download(page, button) {
  await page.waitForTimeout(120);
  const [saved] = await Promise.all([page.waitForEvent("download"), button.click()]);
  const bytes = readFileSync(await saved.path());
  return { name: saved.suggestedFilename(), bytes, text: bytes.toString("utf8") };
}
