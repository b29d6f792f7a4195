import { elementsById } from "../page/dom.ts";
import { addressProblem, EMPTY_SETTINGS, type Settings } from "./settings.ts";

type Field = keyof Settings;
const FIELDS = Object.keys(EMPTY_SETTINGS) as Field[];

/** The dialog for the address of a repository and the keys to it. */
export class ConnectionForm {
  readonly #parts = elementsById({
    dialog: "dialog",
    form: "form",
    addressProblem: "*",
    s3Fields: "*",
    webFields: "*",
  });

  constructor(onConnect: (settings: Settings) => void) {
    this.#parts.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const settings = this.#read();
      if (event.submitter?.getAttribute("value") !== "connect") this.close();
      else if (this.#check(settings.uri)) {
        this.close();
        onConnect(settings);
      }
    });
    this.#input("uri").addEventListener("input", () => this.#showProblem(undefined));
    this.#parts.dialog.addEventListener("close", () => this.#forget());
  }

  /** @param field to begin with */
  open(settings: Settings, field: Field = "uri"): void {
    for (const name of FIELDS) this.#input(name).value = settings[name];
    this.#showProblem(undefined);
    this.#showFields();
    this.#parts.dialog.showModal();
    this.#input(field).focus();
  }

  close(): void {
    this.#parts.dialog.close();
  }

  /** The form keeps no secret once it is closed. */
  #forget(): void {
    this.#parts.form.reset();
  }

  /** Says what an address looks like, if this is none. */
  #check(uri: string): boolean {
    const problem = addressProblem(uri);
    this.#showProblem(problem);
    if (problem) this.#input("uri").focus();
    return problem === undefined;
  }

  #showProblem(problem: string | undefined): void {
    this.#parts.addressProblem.textContent = problem ?? "";
    this.#parts.addressProblem.hidden = problem === undefined;
    this.#input("uri").setAttribute("aria-invalid", String(problem !== undefined));
    this.#showFields();
  }

  /** A web host has a token, a bucket has keys: shows what the address needs. */
  #showFields(): void {
    const isWeb = /^https?:/.test(this.#input("uri").value.trim());
    this.#parts.s3Fields.hidden = isWeb;
    this.#parts.webFields.hidden = !isWeb;
  }

  #input(name: Field): HTMLInputElement {
    const input = this.#parts.form.elements.namedItem(name);
    if (input instanceof HTMLInputElement) return input;
    throw new Error(`The form has no field "${name}".`);
  }

  /** Returns what is filled in, except for fields that the address has no use for. */
  #read(): Settings {
    const settings = { ...EMPTY_SETTINGS };
    for (const name of FIELDS) {
      const input = this.#input(name);
      if (!input.closest("[hidden]")) settings[name] = input.value.trim();
    }
    return settings;
  }
}
