// The gallery of a report, and links that lead to what was looked at.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { download, useBrowser, withPage } from "./browser.mjs";
import { numbersIn, parseCsv } from "./numbers.mjs";
import { reportRun, temporaryFolder } from "./program.mjs";
import { canvases, choice, options, payloadOf, pictures, picturesAfter, selectedImage, slider, stageTitle, thumbs, writeReport } from "./report_page.mjs";

const used = useBrowser(before, after);
let report;

before(async () => {
  report = await writeReport(temporaryFolder(), reportRun);
});

// An image of which every input has a map with something in it at the first and at the last layer.
async function imageWithMaps(page) {
  const { exemplars, network } = await payloadOf(page);
  const drawn = (input, layer) => input.maps.some((map) => map.layer === layer && map.scale !== 0);
  const found = exemplars.find(({ inputs }) => inputs.every((input) => drawn(input, 0) && drawn(input, network.layers.length - 1)));
  assert.ok(found, "an image without blank maps");
  await page.locator(`#image-${found.image}`).click();
  return network.layers.map(({ name }) => name);
}

// The next stop of the keyboard whose focus is inside a selector, from the top of the page; every stop on the way can be seen.
async function tabTo(page, selector) {
  for (let stop = 0; stop < 300; ++stop) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate((selector) => {
      const focused = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      return { name: focused.outerHTML.slice(0, 120), there: focused.matches(selector), seen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 };
    }, selector);
    assert.ok(at.seen, `no outline on ${at.name}`);
    if (at.there) return;
  }
  assert.fail(`the keyboard does not reach ${selector}`);
}

describe("the slider", () => {
  test("moves all heatmaps together", () =>
    withPage(used, report, {}, async (page) => {
      const layers = await imageWithMaps(page);
      const last = await pictures(page);
      assert.ok(last.length >= 3, "clean, adversarial and Gaussian");
      await slider(page, "Layer").fill("0");
      const first = await picturesAfter(page, last);
      assert.equal(await page.locator("output").first().textContent(), layers[0]);
      await slider(page, "Layer").fill(String(layers.length - 1));
      assert.deepEqual(await picturesAfter(page, first), last);
      assert.equal(await page.locator("output").first().textContent(), layers.at(-1));
    }));

  test("for the overlay leads to the picture alone", () =>
    withPage(used, report, {}, async (page) => {
      await imageWithMaps(page);
      const covered = await pictures(page);
      await slider(page, "Overlay").fill("0");
      const bare = await picturesAfter(page, covered);
      await slider(page, "Overlay").fill("100");
      await picturesAfter(page, bare);
      await choice(page, "View").selectOption("picture");
      await pictures(page, (now) => now.every((each, i) => each === bare[i]));
    }));

  test("stands where a layer was chosen on the first screen", () =>
    withPage(used, report, {}, async (page) => {
      const { network } = await payloadOf(page);
      await page.locator(".strip button").nth(1).click();
      assert.equal(await slider(page, "Layer").inputValue(), "1");
      assert.equal(await page.locator("output").first().textContent(), network.layers[1].name);
      await expectInView(page, "#gallery h2");
    }));
});

async function expectInView(page, selector) {
  const { top, height } = await page.locator(selector).evaluate((element) => ({ top: element.getBoundingClientRect().top, height: innerHeight }));
  assert.ok(top >= 0 && top < height, `${selector} is at ${top}`);
}

test("views differ from each other", () =>
  withPage(used, report, {}, async (page) => {
    await imageWithMaps(page);
    const seen = [(await pictures(page))[1]];
    for (const view of ["picture", "perturbation", "difference"]) {
      await choice(page, "View").selectOption(view);
      seen.push((await pictures(page, (now) => !seen.includes(now[1])))[1]);
    }
  }));

test("curves are the image's own", () =>
  withPage(used, report, {}, async (page) => {
    await options(page).last().click();
    const image = Number(await selectedImage(page));
    for (const quantity of ["log_excess", "step", "alignment", "contribution"]) {
      await choice(page, "Curve").selectOption(quantity);
      const stored = await page.evaluate(
        ([quantity, image]) => {
          const payload = JSON.parse(document.getElementById("data").textContent);
          const condition = payload.conditions[payload.primary];
          const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
          const all = new Float32Array(bytes(condition[quantity].f32));
          const images = new Int32Array(bytes(condition.image.i32));
          const places = all.length / images.length;
          const first = images.indexOf(image) * places;
          return [...all.subarray(first, first + places)].filter((value) => !Number.isNaN(value));
        },
        [quantity, image],
      );
      const rows = parseCsv((await download(page, page.locator("#gallery-curve").getByRole("button", { name: "CSV" }))).text);
      assert.deepEqual(rows.map(({ value }) => value).filter(Boolean).map(Number), stored, quantity);
      assert.ok(rows.every(({ q25, median, q75 }) => Number(q25) <= Number(median) && Number(median) <= Number(q75)));
    }
  }));

describe("filters", () => {
  // The choices that there are, with each value's text and count.
  async function shownFilters(page) {
    const known = [];
    for (const label of ["Chosen as", "Answer", "Class", "First compromised", "Compromised block"]) {
      if ((await choice(page, label).count()) === 0) continue;
      const values = await choice(page, label).locator("option").evaluateAll((all) => all.map(({ value, textContent }) => ({ value, text: textContent })));
      known.push({ label, values: values.map(({ value, text }) => ({ value, name: text.replace(/ \(\d+\)$/, ""), count: Number(text.match(/\((\d+)\)$/)[1]) })) });
    }
    return known;
  }

  test("show as many images as they say, of the kind that they say", () =>
    withPage(used, report, {}, async (page) => {
      const { exemplars } = await payloadOf(page);
      const known = await shownFilters(page);
      assert.match(await page.locator("#gallery").textContent(), /Chosen by rule, not by hand.*nearest to the middle/);
      for (const expected of ["Chosen as", "Class"]) assert.ok(known.some(({ label }) => label === expected), `there is no choice ${expected}`);
      for (const { label, values } of known) {
        assert.equal(values[0].count, exemplars.length, label);
        for (const { value, name, count } of values) {
          await choice(page, label).selectOption(value);
          assert.equal(await options(page).count(), count, `${label}: ${name}`);
          if (count === 0) {
            assert.equal(await canvases(page).count(), 0);
            continue;
          }
          const unchanged = await options(page).filter({ hasText: /^unchanged$/ }).count();
          if (label === "Answer" && value === "changed") assert.equal(unchanged, 0);
          if (label === "Answer" && value === "stayed") assert.equal(unchanged, count);
          if (label === "Class" && value !== "all") assert.match(await canvases(page).first().getAttribute("aria-label"), new RegExp(`: ${name}, `));
          if (label === "Chosen as" && value !== "all") assert.ok((await stageTitle(page)).includes(name));
        }
        if (label === "Class") assert.equal(values.slice(1).reduce((sum, { count }) => sum + count, 0), exemplars.length);
        await choice(page, label).selectOption("all");
      }
    }));

  test("narrow each other down", () =>
    withPage(used, report, {}, async (page) => {
      const { exemplars } = await payloadOf(page);
      const [{ reasons, inputs }] = exemplars;
      const className = (await canvases(page).first().getAttribute("aria-label")).match(/: (.*), /)[1];
      await choice(page, "Class").selectOption(String(inputs[0].predicted_class));
      await choice(page, "Chosen as").selectOption(reasons[0]);
      const expected = exemplars.filter((each) => each.inputs[0].predicted_class === inputs[0].predicted_class && each.reasons.includes(reasons[0]));
      const ids = await options(page).evaluateAll((all) => all.map((each) => Number(each.getAttribute("data-image"))));
      assert.deepEqual(ids, expected.map(({ image }) => image));
      const known = await shownFilters(page);
      const classes = known.find(({ label }) => label === "Class").values;
      assert.equal(classes.find(({ name }) => name === className).count, expected.length);
      assert.equal(classes[0].count, exemplars.filter((each) => each.reasons.includes(reasons[0])).length);
    }));

  test("keep an image that is still there, else go to the first", () =>
    withPage(used, report, {}, async (page) => {
      await options(page).last().click();
      const last = await selectedImage(page);
      for (const { value } of (await shownFilters(page)).find(({ label }) => label === "Chosen as").values) {
        await choice(page, "Chosen as").selectOption(value);
        const ids = await options(page).evaluateAll((all) => all.map((each) => each.getAttribute("data-image")));
        assert.equal(await selectedImage(page), ids.includes(last) ? last : ids[0], value);
      }
    }));
});

test("a click on a figure leads to the place's images", () =>
  withPage(used, report, {}, async (page) => {
    const { network } = await payloadOf(page);
    const plot = page.locator("#distraction .scroll svg");
    await plot.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await plot.boundingBox();
    let said = "";
    for (let across = 0.3; across < 1 && !said; across += 0.02)
      for (let down = 0.2; down < 0.7 && !said; down += 0.05) {
        await page.mouse.move(x + across * width, y + down * height);
        said = await plot.evaluate((svg) => svg.value?.layer ?? "");
      }
    assert.ok(said, "the pointer is at no layer");
    await page.mouse.down();
    await page.mouse.up();
    await expectInView(page, "#gallery h2");
    assert.equal(await page.locator("output").first().textContent(), said);
    const onset = choice(page, "First compromised");
    if ((await onset.count()) > 0) {
      const point = network.points.findIndex(({ layer }) => layer !== null && network.layers[layer].name === said);
      const known = await onset.locator("option").evaluateAll((all) => all.map(({ value }) => value));
      assert.equal(await onset.inputValue(), known.includes(String(point)) ? String(point) : "all");
    }
  }));

describe("the table of images", () => {
  const rows = (page) => page.locator(".images tbody tr");
  const cells = (page, column) => rows(page).evaluateAll((all, column) => all.map((row) => row.children[column].textContent), column);

  test("is sorted by its heads, one way and the other, and leads to an image", () =>
    withPage(used, report, {}, async (page) => {
      await page.getByText("Images as a table").click();
      const { exemplars } = await payloadOf(page);
      assert.equal(await rows(page).count(), exemplars.length);
      assert.equal(await page.locator(".images .chosen").getAttribute("data-image"), await selectedImage(page));
      const heads = page.locator(".images th");
      const count = await heads.count();
      assert.ok(count >= 10);
      for (let column = 0; column < count; ++column) {
        const head = heads.nth(column);
        await head.getByRole("button").click();
        if (column === 0) await head.getByRole("button").click(); // it was sorted by that, and is reversed by the first click
        const way = await head.getAttribute("aria-sort");
        const listed = await rows(page).evaluateAll((all) => all.map((row) => row.getAttribute("data-image")));
        assert.deepEqual(await options(page).evaluateAll((all) => all.map((each) => each.getAttribute("data-image"))), listed);
        const texts = await cells(page, column);
        await head.getByRole("button").click();
        assert.deepEqual([way, await head.getAttribute("aria-sort")].sort(), ["ascending", "descending"]);
        const back = await cells(page, column);
        const without = (all) => all.filter((text) => text !== "–");
        assert.deepEqual(without(back), without(texts).reverse(), await head.textContent());
      }
      await rows(page).last().click();
      assert.equal(await selectedImage(page), await rows(page).last().getAttribute("data-image"));
    }));

  test("is saved as CSV, in its order", () =>
    withPage(used, report, {}, async (page) => {
      await page.getByText("Images as a table").click();
      await choice(page, "Sort by").selectOption("l2");
      const { name, text } = await download(page, page.getByRole("button", { name: "CSV of Images as a table" }));
      assert.equal(name, "images.csv");
      const saved = parseCsv(text);
      assert.deepEqual(saved.map(({ image }) => image), await rows(page).evaluateAll((all) => all.map((row) => row.getAttribute("data-image"))));
      const l2 = saved.map((row) => Number(row.l2));
      assert.deepEqual(l2, l2.slice().sort((a, b) => a - b));
    }));
});

test("the pictures are saved beside each other, and their numbers", () =>
  withPage(used, report, {}, async (page) => {
    await pictures(page);
    const count = await canvases(page).count();
    const { name, bytes } = await download(page, page.getByRole("button", { name: "PNG of the pictures" }));
    assert.equal(name, "pictures.png");
    assert.equal(bytes.subarray(1, 4).toString(), "PNG");
    const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    assert.ok(width > count * 300 && height > 300, `${width} by ${height}`);
    const { text } = await download(page, page.getByRole("button", { name: "CSV of the pictures" }));
    const { exemplars } = await payloadOf(page);
    const { inputs } = exemplars.find(({ image }) => String(image) === String(exemplars[0].image));
    assert.deepEqual(parseCsv(text).map(({ probability }) => Number(probability)), inputs.map(({ probability }) => probability));
  }));

test("sorting orders the images", () =>
  withPage(used, report, {}, async (page) => {
    const walk = async (read) => {
      const values = [];
      for (const option of await options(page).all()) {
        await option.click();
        values.push(await read());
      }
      return values;
    };
    await choice(page, "Sort by").selectOption("critical");
    const eps = (await walk(async () => (await stageTitle(page)).match(/eps\* ([\d.e-]+)/)?.[1])).filter(Boolean).map(Number);
    assert.deepEqual(eps, eps.slice().sort((a, b) => a - b));
    await choice(page, "Sort by").selectOption("probability");
    const wrong = await walk(async () => numbersIn((await canvases(page).nth(1).getAttribute("aria-label")).split(", ").pop())[0]);
    assert.deepEqual(wrong, wrong.slice().sort((a, b) => b - a));
    assert.ok(new Set(eps).size > 1, "all images have the same eps*: sorting shows nothing");
    await choice(page, "Sort by").selectOption("image");
    const numbers = await options(page).evaluateAll((all) => all.map((each) => Number(each.getAttribute("data-image"))));
    assert.deepEqual(numbers, numbers.slice().sort((a, b) => a - b));
  }));

describe("the keyboard", () => {
  test("reaches the images and goes through them", () =>
    withPage(used, report, {}, async (page) => {
      await tabTo(page, ".thumbs");
      const ids = await options(page).evaluateAll((all) => all.map((each) => each.getAttribute("data-image")));
      assert.equal(await selectedImage(page), ids[0]);
      const steps = { ArrowRight: ids[1], End: ids.at(-1), ArrowRight2: ids.at(-1), ArrowUp: ids.at(-2), Home: ids[0], ArrowLeft: ids[0], ArrowDown: ids[1] };
      for (const [key, expected] of Object.entries(steps)) {
        const before = await stageTitle(page);
        const was = await selectedImage(page);
        await page.keyboard.press(key.replace("2", ""));
        assert.equal(await selectedImage(page), expected, key);
        assert.equal(await thumbs(page).getAttribute("aria-activedescendant"), `image-${expected}`);
        assert.equal((await stageTitle(page)) === before, was === expected, key);
      }
      assert.ok(await thumbs(page).evaluate((list) => list === document.activeElement));
    }));

  test("moves the slider and stays there", () =>
    withPage(used, report, {}, async (page) => {
      await tabTo(page, "[aria-label=Layer]");
      const last = Number(await slider(page, "Layer").inputValue());
      await page.keyboard.press("ArrowLeft");
      assert.equal(Number(await slider(page, "Layer").inputValue()), last - 1);
      await page.keyboard.press("Home");
      assert.equal(await slider(page, "Layer").inputValue(), "0");
      assert.ok(await slider(page, "Layer").evaluate((input) => input === document.activeElement));
    }));

  test("goes through a choice without losing its place", () =>
    withPage(used, report, {}, async (page) => {
      for (const label of ["Metric", "Sort by", "View"]) {
        await choice(page, label).focus();
        const before = await choice(page, label).inputValue();
        await page.keyboard.press("ArrowDown");
        assert.notEqual(await choice(page, label).inputValue(), before, label);
        assert.ok(await choice(page, label).evaluate((select) => select === document.activeElement), label);
      }
    }));

  test("goes to a part of the page and on from there", () =>
    withPage(used, report, {}, async (page) => {
      await page.getByRole("link", { name: "Gallery" }).focus();
      await page.keyboard.press("Enter");
      await expectInView(page, "#gallery h2");
      await page.keyboard.press("Tab");
      assert.ok(await page.locator("#gallery summary").first().evaluate((summary) => summary === document.activeElement));
    }));
});

describe("a link", () => {
  // All that can be seen of the view.
  async function viewOf(page) {
    const choices = {};
    for (const label of ["Attack and strength", "Metric", "Heatmap method", "Chosen as", "Class", "Sort by", "View", "Curve"]) choices[label] = await choice(page, label).inputValue();
    return {
      choices,
      layer: await slider(page, "Layer").inputValue(),
      reversed: await page.getByLabel("reversed").isChecked(),
      opacity: await slider(page, "Overlay").inputValue(),
      stage: await stageTitle(page),
      images: await options(page).evaluateAll((all) => all.map((each) => each.getAttribute("data-image"))),
      titles: await page.locator("figure h3").allTextContents(),
      drawings: await page.locator("#layers figure svg").evaluateAll((all) => all.map((svg) => svg.innerHTML.replaceAll(/plot-\w+/g, "").length)),
      pictures: await pictures(page),
      gallery: await page.locator("#gallery").evaluate((section) => Math.abs(section.getBoundingClientRect().top) < innerHeight),
    };
  }

  // Everything set to something else than at first.
  async function look(page) {
    for (const label of ["Attack and strength", "Metric", "Heatmap method"]) {
      const others = await choice(page, label).evaluate((select) => [...select.options].map(({ value }) => value).filter((value) => value !== select.value));
      await choice(page, label).selectOption(others[0]);
    }
    const { exemplars } = await payloadOf(page);
    // Of a class and a reason that two images have, if any two do.
    const alike = (a, b) => a !== b && a.inputs[0].predicted_class === b.inputs[0].predicted_class && a.reasons[0] === b.reasons[0];
    const one = exemplars.find((a) => exemplars.some((b) => alike(a, b))) ?? exemplars[0];
    await choice(page, "Class").selectOption(String(one.inputs[0].predicted_class));
    await choice(page, "Chosen as").selectOption(one.reasons[0]);
    await page.getByLabel("reversed").check();
    await choice(page, "Sort by").selectOption("critical");
    await choice(page, "View").selectOption("difference");
    await choice(page, "Curve").selectOption("alignment");
    await slider(page, "Overlay").fill("35");
    await slider(page, "Layer").fill("2");
    await options(page).last().click();
    await pictures(page);
  }

  test("leads to the same view", () =>
    withPage(used, report, {}, async (page) => {
      const plain = await viewOf(page);
      await look(page);
      const seen = await viewOf(page);
      for (const [label, value] of Object.entries(plain.choices)) assert.notEqual(seen.choices[label], value, label);
      await withPage(used, page.url(), {}, async (other) => assert.deepEqual(await viewOf(other), { ...seen, gallery: true }));
    }));

  test("that is opened where the page is leads there too", () =>
    withPage(used, report, {}, async (page) => {
      await look(page);
      const seen = await viewOf(page);
      await withPage(used, report, {}, async (other) => {
        await other.evaluate((hash) => (location.hash = hash), new URL(page.url()).hash);
        await other.waitForFunction((title) => document.querySelector(".stage-title").textContent === title, seen.stage);
        assert.deepEqual(await viewOf(other), { ...seen, gallery: true });
      });
    }));

  test("that is wrong leads to what there is", async () => {
    let plain;
    await withPage(used, report, {}, async (page) => (plain = await viewOf(page)));
    for (const hash of ["condition=99&metric=nonsense&layer=-3&image=100000&view=x&opacity=1000", "reason=zzz&class=zzz&onset=99&order=zzz&sort=zzz&method=zzz&part=zzz&layer=1e3&condition=0.5", "%%%&=&&"])
      await withPage(used, `${report}#${hash}`, {}, async (page) => assert.deepEqual(await viewOf(page), plain, hash));
  });

  test("to a part leads to it", () =>
    withPage(used, report, {}, async (page) => {
      const address = await page.getByRole("link", { name: "Causes" }).evaluate((link) => link.href);
      for (const link of [address, `${report}#causes`]) await withPage(used, link, {}, (other) => expectInView(other, "#causes h2"));
    }));
});
