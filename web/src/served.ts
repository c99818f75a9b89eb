// A page from `faultline serve` (docs/serve.md): the payload, pictures and heatmaps come from the server, and the
// run may have grown since.
import { h } from "./dom";
import type { Exemplar, ExemplarInput, Payload } from "./payload";
import { ints } from "./payload";

// The payload in the page itself, or else from the server that gave the page.
export async function readPayload(): Promise<Payload> {
  const data = document.getElementById("data");
  return data ? (JSON.parse(data.textContent!) as Payload) : fetchJson<Payload>("api/run");
}

// What the server said was wrong becomes the error's message.
export async function fetchJson<T>(address: string): Promise<T> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error((await answer.text()).trim() || `${answer.status} ${answer.statusText}`);
  return (await answer.json()) as T;
}

const fetched = new Map<number, Promise<void>>();

// Fetches the pictures and heatmaps of an image that the page only lists.
export function fill(exemplar: Exemplar): Promise<void> {
  if (exemplar.inputs.every((input) => input.webp !== "")) return Promise.resolve();
  let known = fetched.get(exemplar.image);
  if (!known) {
    known = fetchJson<ExemplarInput[]>(`api/image/${exemplar.image}`).then((inputs) => {
      inputs.forEach((input, at) => exemplar.inputs[at] && Object.assign(exemplar.inputs[at], input));
    });
    known.catch(() => fetched.delete(exemplar.image));
    fetched.set(exemplar.image, known);
  }
  return known;
}

// A small clean picture that the browser fetches once it comes into view.
export function thumbnail(exemplar: Exemplar): HTMLImageElement {
  return h("img", { class: "thumb", loading: "lazy", alt: "", src: `api/image/${exemplar.image}/picture` });
}

interface RunState {
  images: number; // committed
  finished: boolean;
}

const kEveryMs = 3000;

// Asks now and then how far the run is, and offers to read it again once it has grown.
export function watch(payload: Payload): void {
  if (!payload.on_demand) return;
  const shown = ints(payload.images.image).length;
  const text = h("span", {});
  const again = h("button", { type: "button", onclick: () => location.reload() });
  const note = h("div", { class: "live", role: "status", hidden: true }, text, again);
  document.body.append(note);
  const look = async (): Promise<void> => {
    try {
      const now = await fetchJson<RunState>("api/state");
      const more = now.images - shown;
      text.textContent = more > 0 ? `${more} more ${more === 1 ? "image" : "images"} since this page was read.` : "The run is finished.";
      again.textContent = more > 0 ? "Show them" : "Show it";
      again.hidden = false;
      note.hidden = more <= 0 && (!now.finished || payload.summary.run.finished);
      if (now.finished) return;
    } catch {
      text.textContent = "faultline serve no longer answers.";
      again.hidden = true;
      note.hidden = false;
    }
    setTimeout(() => void look(), kEveryMs);
  };
  void look();
}
