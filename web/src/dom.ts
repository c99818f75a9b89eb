type Child = Node | string | null | undefined;

// An element with attributes (an `on...` one is a listener) and children. Text is always text.
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, unknown> = {},
  ...children: (Child | Child[])[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat()) if (child !== null && child !== undefined) element.append(child);
  return element;
}

// The same of a drawing.
export function s<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Record<string, string | number> = {}, ...children: (Node | string)[]): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

export function replace(target: Element, ...children: Node[]): void {
  target.replaceChildren(...children);
}

export interface Choice {
  element: HTMLElement;
  show(value: string): void; // selects it; `change` is not called
  relabel(text: (value: string) => string): void;
}

// A labelled choice. It stays in the page while what it chooses is drawn anew: whoever goes through it by keyboard would lose
// the place if it were replaced.
export function choice(
  label: string,
  options: [value: string, text: string][],
  value: string,
  change: (value: string) => void,
): Choice {
  const select = h("select", { onchange: () => change(select.value) });
  for (const [name, text] of options) select.append(h("option", { value: name, selected: name === value }, text));
  const known = new Set(options.map(([name]) => name));
  return {
    element: h("label", { class: "choice" }, h("span", {}, label), select),
    show: (now) => void (known.has(now) && (select.value = now)),
    relabel: (text) => {
      for (const option of select.options) option.textContent = text(option.value);
    },
  };
}

// What may be wider than the page and then scrolls by itself; by keyboard too, for which it needs a name.
export function scroller(label: string, ...children: Node[]): HTMLElement {
  const box = h("div", { class: "scroll" }, children);
  new ResizeObserver(() => {
    const wider = box.scrollWidth > box.clientWidth;
    for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", label]])
      if (wider) box.setAttribute(name, value);
      else box.removeAttribute(name);
  }).observe(box);
  return box;
}
