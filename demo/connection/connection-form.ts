import { byId } from "../page/dom.ts";
import type { Settings } from "./settings.ts";

const FIELDS = ["uri", "endpoint", "region", "accessKeyId", "secretAccessKey"] as const;

/** The dialog for the address of a repository and the keys to it. */
export class ConnectionForm {
  readonly #dialog = byId("dialog", HTMLDialogElement);
  readonly #form = byId("form", HTMLFormElement);

  constructor(onConnect: (settings: Settings) => void) {
    this.#form.addEventListener("submit", (event) => {
      if (event.submitter?.getAttribute("value") === "connect") onConnect(this.#read());
    });
  }

  open(settings: Settings): void {
    for (const name of FIELDS) this.#input(name).value = settings[name];
    this.#dialog.showModal();
  }

  #input(name: (typeof FIELDS)[number]): HTMLInputElement {
    const input = this.#form.elements.namedItem(name);
    if (input instanceof HTMLInputElement) return input;
    throw new Error(`The form has no field "${name}".`);
  }

  #read(): Settings {
    const text = (name: (typeof FIELDS)[number]) => this.#input(name).value.trim();
    const address = text("uri");
    return {
      // The name of a bucket suffices.
      uri: /^\w+:\/\//.test(address) ? address : `s3://${address}`,
      endpoint: text("endpoint"),
      region: text("region"),
      accessKeyId: text("accessKeyId"),
      secretAccessKey: text("secretAccessKey"),
    };
  }
}
