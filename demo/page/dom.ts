/** The name of an HTML element; `*` is any. */
type Tag = keyof HTMLElementTagNameMap | "*";
type ElementOf<T extends Tag> = T extends keyof HTMLElementTagNameMap
  ? HTMLElementTagNameMap[T]
  : HTMLElement;

/** Returns the element with an id. @throws Error if there is none with that tag */
export function byId(id: string): HTMLElement;
export function byId<T extends Tag>(id: string, tag: T): ElementOf<T>;
export function byId(id: string, tag: Tag = "*"): HTMLElement {
  const element = document.getElementById(id);
  if (element && (tag === "*" || element.localName === tag)) return element;
  throw new Error(`The page has no <${tag} id="${id}">.`);
}

/**
 * Returns elements by their ids, which are named in camel case, as in `dataset`: `{ zoneName: "input" }` is the input
 * with the id `zone-name`. @throws Error if there is none with that tag
 */
export function elementsById<const T extends Readonly<Record<string, Tag>>>(
  tags: T,
): { readonly [K in keyof T]: ElementOf<T[K]> };
export function elementsById(tags: Readonly<Record<string, Tag>>): Readonly<Record<string, HTMLElement>> {
  const idOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(tags).map(([name, tag]) => [name, byId(idOf(name), tag)]));
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
