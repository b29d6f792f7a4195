import { byId, createElement } from "../page/dom.ts";
import { connectionName } from "./connect.ts";
import type { RecentRepos } from "./recent-repos.ts";
import { SAMPLE_SETTINGS, type Settings } from "./settings.ts";

export interface KnownReposEvents {
  open(settings: Settings): void;
  sample(): void;
}

/** The lists in the connection dialog: samples, and repositories that were opened before. */
export class KnownRepos {
  readonly #list = byId("known", "ul");
  readonly #recent: RecentRepos;
  readonly #home: Settings | undefined;
  readonly #events: KnownReposEvents;

  /** @param home the page's default repository */
  constructor(recent: RecentRepos, home: Settings | undefined, events: KnownReposEvents) {
    this.#recent = recent;
    this.#home = home;
    this.#events = events;
  }

  /** @param current the repository that is open, which is not listed */
  show(current: Settings): void {
    const home = this.#home;
    const isOpen = (settings: Settings) => isSame(settings, current);
    const items: HTMLLIElement[] = [];
    if (home && !isOpen(home))
      items.push(item(connectionName(home), "Sample", () => this.#events.open(home)));
    if (!isOpen(SAMPLE_SETTINGS)) items.push(item("Generated data", "Sample", () => this.#events.sample()));
    for (const settings of this.recent(current)) {
      const name = connectionName(settings);
      const row = item(name, "Recent", () => this.#events.open(settings));
      const remove = createElement("button", {
        text: "×",
        class: "remove",
        attributes: {
          type: "button",
          "aria-label": `Remove ${name} from the list`,
          title: "Remove from the list",
        },
      });
      remove.addEventListener("click", () => {
        this.#recent.remove(settings);
        const next = row.nextElementSibling ?? row.previousElementSibling;
        row.remove();
        next?.querySelector("button")?.focus();
      });
      row.append(remove);
      items.push(row);
    }
    this.#list.replaceChildren(...items);
    byId("known-box").hidden = items.length === 0;
  }

  /** A repository was opened. Those that are listed anyway, as samples, are not kept. */
  opened(settings: Settings): void {
    if (!this.#samples.some((sample) => isSame(sample, settings))) this.#recent.add(settings);
  }

  /** The repositories that were opened before, without those that are listed as samples, and the open one. */
  recent(current: Settings): Settings[] {
    const listed = [current, ...this.#samples];
    return this.#recent.list().filter((settings) => !listed.some((each) => isSame(each, settings)));
  }

  get #samples(): Settings[] {
    return [SAMPLE_SETTINGS, ...(this.#home ? [this.#home] : [])];
  }
}

const isSame = (a: Settings, b: Settings): boolean => a.uri === b.uri && a.endpoint === b.endpoint;

function item(name: string, kind: string, open: () => void): HTMLLIElement {
  const button = createElement("button", {
    class: "known-repo",
    attributes: { type: "button" },
    children: [createElement("span", { text: name }), createElement("small", { text: kind })],
  });
  button.addEventListener("click", open);
  return createElement("li", { children: [button] });
}
