// The report of a study, as a file: what it says, and that all of it works from disk.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { download, dark, expectNoOverflow, lookAt, useBrowser, wide, withPage } from "./browser.mjs";
import { expectNumbers, expectPercent, parseCsv } from "./numbers.mjs";
import { reportRun, temporaryFolder } from "./program.mjs";
import { choice, expectFirstScreen, payloadOf, summaryOf, writeReport } from "./report_page.mjs";

const used = useBrowser(before, after);
let report;
let summary;

before(async () => {
  report = await writeReport(temporaryFolder(), reportRun);
  summary = await summaryOf(reportRun);
});

// Of a table, those of the condition that the findings are about.
function ofPrimary(rows) {
  return rows.filter((row) => row.condition === summary.findings[0].condition);
}

const fileName = (path) => path.split("/").pop();

describe("the first screen", () => {
  test("holds what was run, success and accuracy, the findings and the layers", () => withPage(used, report, {}, expectFirstScreen));

  test("names the run", () =>
    withPage(used, report, {}, async (page) => {
      assert.equal(await page.locator("h1").textContent(), fileName(summary.run.model_file));
      const lead = await page.locator(".lead").textContent();
      const { images } = summary;
      assert.match(lead, new RegExp(`^${images.studied} images? studied of ${images.listed}\\b`));
      assert.match(lead, new RegExp(`, ${summary.run.twins} twins?\\.`));
      assert.equal(lead.includes("not finished"), !summary.run.finished);
      if (images.misclassified > 0) assert.ok(lead.includes(`${images.misclassified} left out that it gets wrong`));
      assert.equal(lead.includes("Accuracy"), images.accuracy.value !== null);
      if (images.accuracy.value !== null) expectPercent(lead.match(/Accuracy on clean images (.*?\))/)[1], [images.accuracy.value, images.accuracy.lower, images.accuracy.upper], "accuracy");
    }));

  test("says what the attacks did", () =>
    withPage(used, report, {}, async (page) => {
      const lines = await page.locator(".outcomes").first().locator("tbody tr").evaluateAll((all) => all.map((line) => [...line.children].map((cell) => cell.textContent)));
      const known = summary.tables.conditions;
      assert.ok(lines.length === known.length || lines.length >= 3);
      assert.ok(lines.some(([name]) => name === summary.findings[0].condition));
      for (const [name, success, rounded, accuracy, eps, images] of lines) {
        const row = known.find((each) => each.condition === name);
        const withInterval = (of) => (row[of] === null ? [] : [row[of], row[`${of}_lower`], row[`${of}_upper`]]);
        expectPercent(success, withInterval("success"), `${name}: success`);
        expectPercent(rounded, withInterval("success_rounded"), `${name}: in 8 bits`);
        expectPercent(accuracy, withInterval("accuracy"), `${name}: accuracy`);
        expectNumbers(eps.replace("at most ", "").replace("/255", ""), row.critical_eps === null ? [] : [255 * row.critical_eps], `${name}: eps*`);
        assert.equal(eps.startsWith("at most "), row.eps_floor !== null && row.critical_eps !== null && row.critical_eps <= row.eps_floor, `${name}: ${eps}`);
        assert.equal(Number(images), row.success_n);
      }
    }));

  test("has a card for each finding", () =>
    withPage(used, report, {}, async (page) => {
      const cards = page.locator(".card");
      assert.equal(await cards.count(), summary.findings.length);
      const families = new Set(summary.findings.map(({ id }) => id.slice(0, 2)));
      assert.deepEqual([...families], ["F1", "F2", "F3", "F4"]);
      for (const [i, finding] of summary.findings.entries()) {
        const card = cards.nth(i);
        assert.equal(await card.locator(".card-id").textContent(), finding.id);
        assert.equal(await card.locator(".verdict").textContent(), finding.verdict);
        assert.equal(await card.locator(".claim").textContent(), finding.claim);
        assert.equal(await card.locator("details > p").first().textContent(), finding.words);
        const [first] = finding.measures;
        if (!first) {
          assert.equal(await card.locator(".measure").count(), 0);
          assert.ok((await card.textContent()).includes(finding.reason), finding.id);
          continue;
        }
        const said = await card.locator(".measure").textContent();
        assert.ok(said.includes(first.name), said);
        expectNumbers(said.slice(said.indexOf(first.name) + first.name.length), [first.value, first.lower, first.upper, first.n].filter((value) => value !== null), finding.id);
      }
    }));

  test("colours each layer by its step", () =>
    withPage(used, report, {}, async (page) => {
      const ranks = ofPrimary(summary.tables.layer_ranks).filter((row) => row.minus_twins === "no");
      const cells = await page.locator(".strip button").evaluateAll((all) => all.map((cell) => [cell.getAttribute("title"), cell.textContent, cell.style.getPropertyValue("--share")]));
      assert.deepEqual(cells.map(([title]) => title.split(":")[0]), ranks.map(({ layer }) => layer));
      const largest = Math.max(...ranks.map(({ step }) => step));
      ranks.forEach(({ layer, step }, i) => {
        if (step !== null) expectNumbers(cells[i][0].match(/step (\S+),/)[1], [step], layer);
        if (step !== null) assert.ok(Math.abs(Number(cells[i][1]) - step) <= 0.0051, `${layer}: ${cells[i][1]} for ${step}`);
        assert.ok(Math.abs(Number(cells[i][2]) - Math.max(0, step) / largest) < 0.001, `${layer}: ${cells[i][2]}`);
      });
    }));
});

describe("figures", () => {
  test("are all saved as SVG that stands alone, in light and dark", async () => {
    for (const view of [wide, dark])
      await withPage(used, report, { view }, async (page) => {
        const figures = await page.locator("figure").all();
        assert.ok(figures.length >= 5);
        for (const figure of figures) {
          const title = await figure.locator("h3").textContent();
          const { name, text } = await download(page, figure.getByRole("button", { name: "SVG" }));
          assert.equal(name, `${await figure.getAttribute("id")}.svg`);
          await checkSvg(page, text, title);
        }
      });
  });

  // Well-formed, with its title, and with nothing that only the page could resolve: in a document of its own every mark has a colour.
  async function checkSvg(page, text, title) {
    assert.doesNotMatch(text, /var\(--k-|NaN/, title);
    const found = await page.evaluate((text) => {
      const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
      const frame = document.body.appendChild(document.createElement("iframe"));
      frame.srcdoc = "";
      const shown = frame.contentDocument.body.appendChild(frame.contentDocument.importNode(root, true));
      const marks = [...shown.querySelectorAll("path, rect, circle, line")].filter((mark) => mark.tagName !== "rect" || mark.parentNode !== shown);
      const drawn = marks.filter((mark) => ["fill", "stroke"].some((which) => frame.contentWindow.getComputedStyle(mark)[which] !== "none"));
      const facts = {
        root: root.nodeName,
        title: root.querySelector("title")?.textContent,
        texts: [...root.querySelectorAll("text")].map((each) => each.textContent).filter(Boolean),
        marks: marks.length,
        drawn: drawn.length,
        size: [root.getAttribute("width"), root.getAttribute("height"), root.getAttribute("viewBox")],
      };
      frame.remove();
      return facts;
    }, text);
    assert.equal(found.root, "svg", title);
    assert.equal(found.title, title);
    assert.ok(found.texts.includes(title), `${title}: ${found.texts}`);
    assert.ok(found.texts.length >= 4, `${title} has no labels but ${found.texts}`);
    assert.ok(found.marks > 0 && found.drawn === found.marks, `${title}: ${found.drawn} of ${found.marks} marks can be seen`);
    const [width, height, viewBox] = found.size;
    assert.deepEqual(viewBox.split(" ").slice(2), [width, height], title);
  }

  test("are all saved as CSV", () =>
    withPage(used, report, {}, async (page) => {
      for (const figure of await page.locator("figure").all()) {
        const id = await figure.getAttribute("id");
        const { name, text } = await download(page, figure.getByRole("button", { name: "CSV" }));
        assert.equal(name, `${id}.csv`);
        const rows = parseCsv(text);
        assert.ok(rows.length > 0 && Object.keys(rows[0]).length >= 2, `${id}: ${text.slice(0, 200)}`);
      }
    }));

  test("hold the summary's numbers in their CSV", () =>
    withPage(used, report, {}, async (page) => {
      const tables = { "layers-step": "points", ranking: "layer_ranks", contributions: "contributions", shapley: "shapley", "test-dose": "interventions", "sets-gates-only": "gate_sets", detectors: "detectors" };
      for (const [id, table] of Object.entries(tables)) {
        const button = page.locator(`#${id}`).getByRole("button", { name: "CSV" });
        if ((await button.count()) === 0) {
          assert.ok(!ofPrimary(summary.tables[table]).length || /^(test|sets|detectors)/.test(id), `there is no figure ${id}`);
          continue;
        }
        const rows = parseCsv((await download(page, button)).text);
        const expected = ofPrimary(summary.tables[table]).filter(
          (row) => (id !== "test-dose" || row.kind === "dose") && (id !== "sets-gates-only" || row.question === "gates-only") && (id !== "shapley" || row.share !== null) && (id !== "detectors" || row.area !== null),
        );
        assert.deepEqual(rows, expected.map((row) => Object.fromEntries(Object.entries(row).map(([column, value]) => [column, value === null ? "" : String(value)]))), id);
      }
    }));

  test("of the first screen are saved too", () =>
    withPage(used, report, {}, async (page) => {
      const asText = (rows) => rows.map((row) => Object.fromEntries(Object.entries(row).map(([column, value]) => [column, value === null ? "" : String(value)])));
      const outcomes = await download(page, page.getByRole("button", { name: "CSV of what the attacks did" }));
      assert.equal(outcomes.name, "outcomes.csv");
      assert.deepEqual(parseCsv(outcomes.text), asText(summary.tables.conditions));
      const strip = await download(page, page.getByRole("button", { name: "CSV of Where it breaks" }));
      assert.deepEqual(parseCsv(strip.text), asText(ofPrimary(summary.tables.layer_ranks).filter((row) => row.minus_twins === "no")));
      await checkSvg(page, (await download(page, page.getByRole("button", { name: "SVG of Where it breaks" }))).text, await page.locator(".strip-title").textContent());
      for (const [i, { id, claim, measures, variants }] of summary.findings.entries()) {
        const card = page.locator(".card").nth(i);
        await card.locator("summary").click();
        const { name, text } = await download(page, card.getByRole("button", { name: "CSV" }));
        assert.equal(name, `finding-${id}.csv`);
        const rows = parseCsv(text);
        assert.equal(rows.length, measures.length + variants.reduce((sum, variant) => sum + variant.measures.length, 0));
        if (measures.length > 0) assert.equal(rows[0].value, measures[0].value === null ? "" : String(measures[0].value));
        const svg = card.getByRole("button", { name: "SVG" });
        if ((await svg.count()) > 0) await checkSvg(page, (await download(page, svg)).text, `${id}: ${claim}`);
      }
    }));

  test("follow the chosen attack, metric and method", () =>
    withPage(used, report, {}, async (page) => {
      const payload = await payloadOf(page);
      const methods = [...new Set(summary.tables.distraction.map(({ method }) => method))];
      for (const [i, condition] of payload.conditions.entries()) {
        await choice(page, "Attack and strength").selectOption(String(i));
        for (const metric of ["step", "log_excess", "alignment"]) {
          await choice(page, "Metric").selectOption(metric);
          const { text } = await download(page, page.locator(`#layers-${metric}`).getByRole("button", { name: "CSV" }));
          const rows = parseCsv(text);
          const expected = summary.tables.points.filter((row) => row.condition === condition.name);
          assert.deepEqual(rows.map((row) => row[metric]), expected.map((row) => (row[metric] === null ? "" : String(row[metric]))), `${condition.name}: ${metric}`);
          assert.ok((await page.locator(`#layers-${metric} h3`).textContent()).endsWith(condition.name));
        }
      }
      for (const method of methods) {
        await choice(page, "Heatmap method").selectOption(method);
        const rows = parseCsv((await download(page, page.locator("#distraction").getByRole("button", { name: "CSV" }))).text);
        assert.ok(rows.length > 0 && rows.every((row) => row.method === method));
      }
    }));

  test("say at the pointer what is there", () =>
    withPage(used, report, { view: dark }, async (page) => {
      const plot = page.locator("#layers-step .scroll svg");
      await plot.scrollIntoViewIfNeeded();
      const { x, y, width, height } = await plot.boundingBox();
      // Where the pointer is near a value: along a grid, until something is said.
      let said = "";
      for (let across = 0.1; across < 1 && !said; across += 0.02)
        for (let down = 0.2; down < 0.8 && !said; down += 0.1) {
          await page.mouse.move(x + across * width, y + down * height);
          said = await plot.evaluate((svg) => [...svg.querySelectorAll("tspan")].map((each) => each.textContent).join(" "));
        }
      assert.match(said, /: -?[\d.e-]+ \(.* to .*\), n = \d+/);
    }));
});

test("in print nothing is cut off, and nothing is there that only a screen can use", () =>
  withPage(used, report, { view: { viewport: { width: 794, height: 1123 } } }, async (page) => {
    await page.emulateMedia({ media: "print" });
    await expectNoOverflow(page);
    const drawings = await page.locator("figure svg, .strip, .panels").evaluateAll((all) => all.filter((each) => each.getBoundingClientRect().width > 0).map((each) => [each.closest("section").id, each.getBoundingClientRect().right]));
    assert.ok(drawings.length > 5);
    for (const [where, right] of drawings) assert.ok(right <= 794, `${where}: a drawing ends at ${right}`);
    assert.equal(await page.locator("button:visible, select:visible, input:visible, nav:visible").count() - (await page.locator(".strip button:visible").count()), 0);
  }));

test("looks right and is accessible", (t) => lookAt(t, used, report, "report"));
