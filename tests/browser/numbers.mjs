// Numbers as a page shows them, against what they are.
import assert from "node:assert/strict";

// Numbers of a text, in order: "100 % (61 % to 100 %)" has 100, 61 and 100; names such as block3_conv1 or 8/255 have none of their own.
export function numbersIn(text) {
  return [...text.matchAll(/(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.]*[a-z_])/gi)].map(([number]) => Number(number));
}

// The text's numbers are these, to three digits.
export function expectNumbers(text, values, what) {
  const shown = numbersIn(text);
  assert.equal(shown.length, values.length, `${what}: expected ${values} in "${text}"`);
  values.forEach((value, i) => assert.ok(Math.abs(shown[i] - value) <= 0.0051 * Math.abs(value) + 1e-12, `${what}: expected ${values} in "${text}"`));
}

// The text's percentages are these shares, to a whole percent.
export function expectPercent(text, shares, what) {
  const shown = numbersIn(text);
  assert.equal(shown.length, shares.length, `${what}: expected ${shares} in "${text}"`);
  shares.forEach((share, i) => assert.ok(Math.abs(shown[i] - 100 * share) <= 0.5, `${what}: expected ${shares} in "${text}"`));
}

// Rows of a CSV file after RFC 4180, as objects; every row has as many cells as the first.
export function parseCsv(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < text.length; ++i) {
    if (quoted) {
      if (text[i] !== '"') cell += text[i];
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (text[i] === '"') quoted = true;
    else if (text[i] === "," || text.startsWith("\r\n", i)) {
      rows.at(-1).push(cell);
      cell = "";
      if (text[i] === "\r") {
        rows.push([]);
        ++i;
      }
    } else cell += text[i];
  }
  assert.deepEqual(rows.pop(), [], "the last line ends like the others");
  assert.equal(cell, "");
  const [head, ...lines] = rows;
  return lines.map((line) => {
    assert.equal(line.length, head.length, `cells of ${line}`);
    return Object.fromEntries(line.map((value, i) => [head[i], value]));
  });
}
