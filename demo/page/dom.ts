/** Returns the element with an id. @throws Error if there is none of that type */
export function byId<E extends Element>(id: string, type: new () => E): E {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`The page has no ${type.name} "${id}".`);
}

interface ElementParts {
  class?: string;
  text?: string;
  children?: readonly (Node | string)[];
  attributes?: Readonly<Record<string, string>>;
}

/** Creates an element. */
export function createElement<K extends keyof HTMLElementTagNameMap>(
  name: K,
  { class: className, text, children = [], attributes = {} }: ElementParts = {},
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}
