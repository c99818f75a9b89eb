import { h, replace, scroller } from "./dom";
import { saveCsv, saves } from "./figure";
import { asRows, type Column, descends, type Entry } from "./gallery_list";
import { set, state } from "./state";

export interface ImageTable {
  element: HTMLElement;
  fill(): void; // after another choice or order of images
  mark(): void; // after another image was chosen
}

// The images as a table, whose columns are sorted by their heads. It is filled when it is looked at first: it may be long.
export function imageTable(listed: () => Entry[], known: Column[], current: () => Entry | undefined): ImageTable {
  const heads = known.map(({ name, title }) =>
    h("th", { scope: "col" }, h("button", { type: "button", onclick: () => set({ sort: name, order: state.sort === name && state.order === "natural" ? "reversed" : "natural", part: "gallery" }) }, title)),
  );
  const body = h("tbody", {});
  const table = h("table", { class: "images" }, h("thead", {}, h("tr", {}, heads)), body);
  const title = "Images as a table";
  const details = h("details", { class: "more", ontoggle: () => fill() }, h("summary", {}, title), saves(title, { CSV: () => saveCsv("images", asRows(listed(), known)) }), scroller(title, table));
  const fill = (): void => {
    if (!details.open) return;
    known.forEach((column, i) => (column.name === state.sort ? heads[i].setAttribute("aria-sort", descends(column) ? "descending" : "ascending") : heads[i].removeAttribute("aria-sort")));
    replace(
      body,
      ...listed().map((entry) => {
        const { image } = entry.exemplar;
        return h("tr", { "data-image": image, onclick: () => set({ image, part: "gallery" }) }, known.map(({ text }) => h("td", {}, text(entry))));
      }),
    );
    mark();
  };
  const mark = (): void => {
    const image = String(current()?.exemplar.image);
    for (const row of body.children) row.classList.toggle("chosen", row.getAttribute("data-image") === image);
  };
  return { element: details, fill, mark };
}

