import { h, replace, scroller } from "./dom";
import { fetchJson } from "./served";
import { fileName } from "./words";

interface Run {
  name: string;
  address: string;
  problem?: string;
  model_file: string;
  created: string;
  finished: boolean;
  planned_images: number;
  images: number;
  studied: number;
}

const kEveryMs = 3000;

function row(run: Run): HTMLElement {
  const name = h("th", { scope: "row" }, run.problem ? run.name : h("a", { href: run.address }, run.name));
  if (run.problem) return h("tr", {}, name, h("td", { colspan: 5, class: "problem" }, run.problem));
  const left = run.images - run.studied;
  return h(
    "tr",
    {},
    name,
    h("td", {}, h("span", { class: run.finished ? "state" : "state going" }, run.finished ? "finished" : "not finished")),
    h("td", { class: "num" }, run.finished ? String(run.images) : `${run.images} of ${run.planned_images}`),
    h("td", { class: "num" }, left ? `${run.studied} (${left} left out)` : String(run.studied)),
    h("td", {}, fileName(run.model_file)),
    h("td", { class: "num" }, new Date(run.created).toLocaleString()),
  );
}

// All runs of the folder, as they are now.
export function runsPage(): HTMLElement {
  document.title = "Runs — faultline";
  const body = h("tbody", {});
  const note = h("p", { class: "soft", role: "status" });
  const table = h(
    "table",
    { class: "runs" },
    h("thead", {}, h("tr", {}, ["Run", "State", "Images done", "Studied", "Model", "Begun"].map((text, i) => h("th", { scope: "col", class: i === 2 || i === 3 || i === 5 ? "num" : undefined }, text)))),
    body,
  );
  let shown = "";
  const look = async (): Promise<void> => {
    try {
      const runs = await fetchJson<Run[]>("/api/runs");
      note.textContent = runs.length ? "" : "There is no run in this folder yet.";
      table.hidden = runs.length === 0;
      // Else whoever goes through the links by keyboard would lose the place each time.
      if (JSON.stringify(runs) !== shown) replace(body, ...runs.map(row));
      shown = JSON.stringify(runs);
    } catch {
      note.textContent = "faultline serve no longer answers.";
    }
    setTimeout(() => void look(), kEveryMs);
  };
  void look();
  return h("div", {}, h("nav", { "aria-label": "Pages" }, h("a", { href: "/try" }, "Try it")), h("main", {}, h("h1", {}, "Runs"), h("p", { class: "lead" }, "Each leads to its report; a run that is not finished shows what it has so far."), note, scroller("Runs", table)));
}
