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
  readonly #list = byId("known", HTMLUListElement);
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
    const isOpen = ({ uri, endpoint }: Settings) => uri === current.uri && endpoint === current.endpoint;
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
    byId("known-box", HTMLElement).hidden = items.length === 0;
  }

  /** The repositories that were opened before, without those that are listed as samples, and the open one. */
  recent(current: Settings): Settings[] {
    const listed = [current, SAMPLE_SETTINGS, ...(this.#home ? [this.#home] : [])];
    return this.#recent
      .list()
      .filter(({ uri, endpoint }) => !listed.some((each) => each.uri === uri && each.endpoint === endpoint));
  }
}

function item(name: string, kind: string, open: () => void): HTMLLIElement {
  const button = createElement("button", {
    class: "known-repo",
    attributes: { type: "button" },
    children: [createElement("span", { text: name }), createElement("small", { text: kind })],
  });
  button.addEventListener("click", open);
  return createElement("li", { children: [button] });
}
