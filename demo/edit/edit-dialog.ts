import type { Collection, Frame, Note, Series } from "lakota";
import { explainObstacle } from "../connection/obstacle-dialog.ts";
import type { Settings } from "../connection/settings.ts";
import { byId } from "../page/dom.ts";
import { errorText } from "../page/error-text.ts";
import { formatQuantity } from "../page/format.ts";
import { formatHeader, formatRows } from "./format-rows.ts";
import { type ParsedRows, parseRows } from "./parse-rows.ts";

/** Number of the series' last rows that the dialog opens with. */
const EXAMPLE_ROWS = 5;

export interface EditEvents {
  written(sentence: string): void;
  /** The user wants to enter what writing needs in this field of the connection. */
  connect(field: keyof Settings): void;
}

/** The dialog that writes pasted rows into a series, as a revision with a note. */
export class EditDialog {
  readonly #dialog = byId("edit", HTMLDialogElement);
  readonly #text = byId("edit-rows", HTMLTextAreaElement);
  readonly #status = byId("edit-status", HTMLElement);
  readonly #author = byId("edit-author", HTMLInputElement);
  readonly #message = byId("edit-message", HTMLInputElement);
  readonly #write = byId("edit-write", HTMLButtonElement);
  readonly #events: EditEvents;
  #collection: Collection | undefined;
  #series: Series | undefined;
  #rows: ParsedRows | undefined;

  constructor(events: EditEvents) {
    this.#events = events;
    this.#text.addEventListener("input", () => this.#validate());
    this.#dialog.addEventListener("change", () => this.#validate());
    byId("edit-cancel", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    byId("edit-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
  }

  /** Opens the dialog for a series, with its last rows as an example. */
  async open(settings: Settings, collection: Collection, series: Series): Promise<void> {
    if (await explainObstacle(settings, (field) => this.#events.connect(field))) return;
    this.#collection = collection;
    this.#series = series;
    byId("edit-title", HTMLElement).textContent = `Write to ${series.label}`;
    this.#text.value = formatHeader(collection.schema.columns.map(({ name }) => name));
    this.#message.value = "";
    this.#validate();
    this.#dialog.showModal();
    const untouched = this.#text.value;
    const frame: Frame = await series.tail(EXAMPLE_ROWS, { missing: "empty" });
    if (series !== this.#series || this.#text.value !== untouched) return; // the user typed meanwhile
    this.#text.value = formatHeader(frame.columns) + formatRows(frame);
    this.#validate();
  }

  /** Parses the rows, and shows what writing them would change. */
  #validate(): void {
    const schema = this.#collection?.schema;
    if (!schema) return;
    this.#rows = undefined;
    try {
      const parsed = parseRows(this.#text.value, schema);
      const only = this.#onlyTheseRows;
      if (parsed.missingColumns.length > 0 && !only) {
        const missing = parsed.missingColumns.join(", ");
        throw new Error(`To write rows without ${missing}, select "Change these rows only".`);
      }
      this.#rows = parsed;
      const key = schema.index[0]!.name;
      const [first, last] = [parsed.columns[key]![0], parsed.columns[key]!.at(-1)];
      this.#showStatus(
        only || schema.kind === "kv"
          ? `${formatQuantity(parsed.rows, "row")}. New rows are added; all other rows stay.`
          : `${formatQuantity(parsed.rows, "row")}, in place of all rows from ${first} to ${last}.`,
      );
    } catch (error) {
      this.#showStatus(error instanceof Error ? error.message : String(error), true);
    }
    this.#write.disabled = !this.#rows;
  }

  async #save(): Promise<void> {
    const [series, collection, rows] = [this.#series, this.#collection, this.#rows];
    if (!series || !collection || !rows) return;
    this.#write.disabled = true;
    this.#showStatus("Writing …");
    try {
      const before = (await collection.log({ limit: 1 }))[0]?.id;
      if (this.#onlyTheseRows) await series.update(rows.columns, { note: this.#note });
      else await series.write(rows.columns, { note: this.#note });
      const after = (await collection.log({ limit: 1 }))[0]?.id;
      this.#dialog.close();
      this.#events.written(
        after === before
          ? "These rows exist already: no revision was created."
          : `${formatQuantity(rows.rows, "row")} written.`,
      );
    } catch (error) {
      const { title, detail } = errorText(error);
      this.#showStatus(`${title}: ${detail}`, true);
      this.#write.disabled = false;
    }
  }

  get #note(): Note {
    const [author, message] = [this.#author.value.trim(), this.#message.value.trim()];
    return { ...(author && { author }), ...(message && { message }) };
  }

  /** Whether only the pasted rows change, and existing rows between them stay. */
  get #onlyTheseRows(): boolean {
    return byId("edit-only", HTMLInputElement).checked;
  }

  #showStatus(text: string, isError = false): void {
    this.#status.textContent = text;
    this.#status.classList.toggle("error", isError);
  }
}
