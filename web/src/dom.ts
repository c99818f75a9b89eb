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

export function replace(target: Element, ...children: Node[]): void {
  target.replaceChildren(...children);
}

// A labelled choice.
export function choice(
  label: string,
  options: [value: string, text: string][],
  value: string,
  change: (value: string) => void,
): HTMLElement {
  const select = h("select", { onchange: () => change(select.value) });
  for (const [name, text] of options) select.append(h("option", { value: name, selected: name === value }, text));
  return h("label", { class: "choice" }, h("span", {}, label), select);
}
