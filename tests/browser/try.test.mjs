// The page of `faultline serve` to try a picture on.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { download, lookAt, useBrowser, withPage } from "./browser.mjs";
import { parseCsv } from "./numbers.mjs";
import { runs, serve, source, temporaryFolder } from "./program.mjs";
import { choice, pictures, picturesAfter, slider } from "./report_page.mjs";

const used = useBrowser(before, after);
const picture = join(source, "images", "imagenette", "b11fa0f292c0178f.jpg"); // a parachute
const settled = "form";

async function attack(page, file = picture) {
  await page.getByLabel("Picture", { exact: true }).setInputFiles(file);
  await page.getByRole("button", { name: "Attack it" }).click();
}

async function outcome(page) {
  await page.locator("#outcome").waitFor();
  return page.locator("#outcome h2").first().textContent();
}

describe("a picture", () => {
  test("is attacked as was chosen", async (t) => {
    const { address } = await serve(t, runs);
    await withPage(used, `${address}/try`, { settled }, async (page) => {
      assert.equal(await page.getByRole("button", { name: "Attack it" }).isEnabled(), false);
      await choice(page, "Attack").selectOption("fgsm");
      await page.getByLabel("eps in 1/255").fill("3");
      await attack(page);
      assert.match(await outcome(page), /^parachute/);
      assert.match(await page.locator("#outcome > p").first().textContent(), /FGSM \(Linf, eps 3\/255\)/);
      assert.match(await page.locator(".panel").nth(1).textContent(), /Linf 3\/255/);
      const last = await pictures(page);
      assert.equal(last.length, 3);
      await slider(page, "Layer").fill("0");
      await picturesAfter(page, last);
      for (const figure of await page.locator("figure").all()) {
        const title = await figure.locator("h3").textContent();
        const svg = await download(page, figure.getByRole("button", { name: "SVG" }));
        assert.ok(svg.text.includes(`<title>${title}</title>`) && !svg.text.includes("var(--k-"), title);
        assert.ok(parseCsv((await download(page, figure.getByRole("button", { name: "CSV" }))).text).length > 0, title);
      }
      // And again with another attack, on the same page.
      await choice(page, "Attack").selectOption("pgd");
      assert.equal(await page.getByLabel("eps in 1/255").inputValue(), "4");
      await page.getByRole("button", { name: "Attack it" }).click();
      await page.getByText("PGD (Linf, eps 4/255)", { exact: false }).first().waitFor();
      assert.equal(await outcome(page), "parachute -> golf ball");
    });
  });

  test("can be dropped", async (t) => {
    const { address } = await serve(t, runs);
    await withPage(used, `${address}/try`, { settled }, async (page) => {
      const transfer = await page.evaluateHandle((text) => {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], "dropped.jpg", { type: "image/jpeg" }));
        return data;
      }, readFileSync(picture).toString("base64"));
      await page.locator(".drop").dispatchEvent("drop", { dataTransfer: transfer });
      assert.equal(await page.locator(".drop-hint").textContent(), "dropped.jpg");
      await page.getByRole("button", { name: "Attack it" }).click();
      assert.equal(await outcome(page), "parachute -> golf ball");
    });
  });

  test("can be given up", async (t) => {
    const { address } = await serve(t, runs);
    await withPage(used, `${address}/try`, { settled }, async (page) => {
      await choice(page, "Attack").selectOption("cw-l2");
      await attack(page);
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByText("Cancelled.").waitFor();
      await choice(page, "Attack").selectOption("fgsm");
      await page.getByRole("button", { name: "Attack it" }).click();
      assert.match(await outcome(page), /^parachute/);
    });
  });
});

describe("what is no picture", () => {
  const folder = temporaryFolder();
  const jpeg = readFileSync(picture);
  const uploads = {
    "notes.txt": [Buffer.from("no picture"), /^the upload: not a picture, or of an unknown format; expected JPEG, PNG, WebP/],
    "cut.jpg": [jpeg.subarray(0, jpeg.length / 3), /^the upload: damaged JPEG/],
    "empty.png": [Buffer.alloc(0), /^the upload is empty: expected a JPEG/],
    "large.png": [Buffer.alloc(17 << 20), /^an upload of 17825792 bytes, expected at most 16777216/],
  };

  for (const [name, [content, message]] of Object.entries(uploads))
    test(`is refused with a clear message: ${name}`, async (t) => {
      const file = join(folder, name);
      writeFileSync(file, content);
      const { address } = await serve(t, runs);
      // The browser itself notes each answer that is no success.
      await withPage(used, `${address}/try`, { settled, mayComplain: /Failed to load resource: the server responded with a status of 4\d\d/ }, async (page) => {
        await attack(page, file);
        await page.locator("p.problem").waitFor();
        const said = await page.locator("p.problem").textContent();
        assert.match(said, message);
        assert.equal(await page.locator("#outcome").count(), 0);
        await attack(page);
        assert.equal(await outcome(page), "parachute -> golf ball");
        assert.equal(await page.locator("p.problem").count(), 0);
      });
    });
});

test("it says so when the server has ended", async (t) => {
  const server = await serve(t, runs);
  await withPage(used, `${server.address}/try`, { settled, mayComplain: /ERR_CONNECTION_REFUSED/ }, async (page) => {
    await server.stop();
    await attack(page);
    await page.getByText("faultline serve no longer answers.").waitFor();
  });
});

test("looks right and is accessible", async (t) => {
  const { address } = await serve(t, runs);
  const ready = async (page) => {
    await attack(page);
    await outcome(page);
    await pictures(page);
  };
  await lookAt(t, used, `${address}/try`, "try", { settled, ready });
});
