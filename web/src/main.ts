import "./style.css";
import { causes } from "./causes";
import { h } from "./dom";
import { gallery } from "./gallery";
import { glossary } from "./glossary";
import { layers } from "./layers";
import { overview } from "./overview";
import type { Payload } from "./payload";
import { readPayload, watch } from "./served";
import { readAddress, set, state } from "./state";
import { fileName } from "./words";

function about(payload: Payload): HTMLElement {
  const { run } = payload.summary;
  return h(
    "section",
    { id: "about" },
    h("h2", {}, "Terms"),
    h("dl", { class: "terms" }, Object.entries(glossary).flatMap(([term, meaning]) => [h("dt", {}, term), h("dd", {}, meaning)])),
    h("h2", {}, "How it was made"),
    h("p", { class: "soft" }, `faultline ${run.program_version}, begun ${run.created}. Model SHA-256 ${run.model_sha256}. ${payload.summary.detection_note}`),
    h("details", {}, h("summary", {}, "Configuration"), h("pre", {}, JSON.stringify(payload.configuration, null, 1))),
  );
}

function start(payload: Payload): void {
  document.title = `${fileName(payload.summary.run.model_file)} under attack — faultline`;
  state.condition = payload.primary;
  readAddress();
  if (!payload.conditions[state.condition]) state.condition = payload.primary;
  const main = h("main", {});
  const links: [string, string][] = [["overview", "Overview"], ["layers", "Layers"], ["causes", "Causes"], ["gallery", "Gallery"], ["about", "Terms"]];
  document.body.append(
    h(
      "nav",
      { "aria-label": "Parts of the report" },
      links.map(([id, text]) =>
        h("a", { href: `#${id}`, onclick: (event: Event) => { event.preventDefault(); document.getElementById(id)?.scrollIntoView({ behavior: "smooth" }); } }, text),
      ),
      payload.on_demand ? [h("a", { href: "/try" }, "Try it"), location.pathname === "/" ? null : h("a", { href: "/" }, "Runs")] : null,
    ),
    main,
  );
  main.append(
    overview(payload, (layer) => {
      set({ layer });
      document.getElementById("gallery")?.scrollIntoView({ behavior: "smooth" });
    }),
  );
  if (payload.conditions.length > 0) main.append(layers(payload), causes(payload), gallery(payload));
  main.append(about(payload));
}

readPayload().then(
  (payload) => {
    document.getElementById("loading")?.remove();
    start(payload);
    watch(payload);
  },
  (error: Error) => document.body.replaceChildren(h("main", {}, h("p", { role: "alert" }, error.message))),
);
