import "./style.css";
import { causes } from "./causes";
import { detection } from "./detection";
import { h } from "./dom";
import { gallery } from "./gallery";
import { imagesOf } from "./gallery_list";
import { glossary } from "./glossary";
import { layers } from "./layers";
import { overview } from "./overview";
import type { Payload } from "./payload";
import { readPayload, watch } from "./served";
import { followAddress, type Part, set, state } from "./state";
import { fileName } from "./words";

function about(payload: Payload): HTMLElement {
  const { run } = payload.summary;
  return h(
    "section",
    { id: "about" },
    h("h2", {}, "Terms"),
    h("dl", { class: "terms" }, Object.entries(glossary).flatMap(([term, meaning]) => [h("dt", {}, term), h("dd", {}, meaning)])),
    h("h2", {}, "How it was made"),
    h("p", { class: "soft" }, `faultline ${run.program_version}, begun ${run.created}. Model SHA-256 `, h("code", {}, run.model_sha256), "."),
    h("details", {}, h("summary", {}, "Configuration"), h("pre", { tabindex: 0 }, JSON.stringify(payload.configuration, null, 1))),
  );
}

// The keyboard goes on from there.
function goTo(part: Part): void {
  const section = document.getElementById(part);
  section?.focus({ preventScroll: true });
  section?.scrollIntoView();
}

const links: [Part, string][] = [["overview", "Overview"], ["layers", "Layers"], ["causes", "Causes"], ["detection", "Detection"], ["gallery", "Gallery"], ["about", "Terms"]];

function navigation(payload: Payload): HTMLElement {
  const link = ([part, text]: [Part, string]): HTMLElement => {
    const go = (event: Event): void => {
      event.preventDefault();
      set({ part });
      goTo(part);
    };
    return h("a", { href: `#part=${part}`, onclick: go }, text);
  };
  return h("nav", { "aria-label": "Parts of the report" }, links.map(link), payload.on_demand ? [h("a", { href: "/try" }, "Try it"), location.pathname === "/" ? null : h("a", { href: "/" }, "Runs")] : null);
}

function start(payload: Payload): void {
  document.title = `${fileName(payload.summary.run.model_file)} under attack — faultline`;
  state.condition = payload.primary;
  state.layer = Math.max(0, payload.network.layers.length - 1);
  followAddress(payload.conditions.length, payload.network.layers.length);
  const showLayer = (layer: number): void => {
    set({ layer, part: "gallery" });
    goTo("gallery");
  };
  const showPoint = (point: number): void => {
    set(imagesOf(payload, point));
    goTo("gallery");
  };
  const main = h("main", {}, overview(payload, showLayer));
  if (payload.conditions.length > 0) main.append(layers(payload, payload.exemplars.length > 0 ? showPoint : null), causes(payload), detection(payload), gallery(payload));
  main.append(about(payload));
  for (const section of main.children) section.setAttribute("tabindex", "-1");
  document.body.append(navigation(payload), main);
  if (state.part !== "overview") goTo(state.part);
  // By an address that was opened on the page; what set() changes it is at already.
  addEventListener("hashchange", () => goTo(state.part));
}

readPayload().then(
  (payload) => {
    document.getElementById("loading")?.remove();
    start(payload);
    watch(payload);
  },
  (error: Error) => document.body.replaceChildren(h("main", {}, h("p", { role: "alert" }, error.message))),
);
