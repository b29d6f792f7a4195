import type { Collection, Frame, Series } from "lakota";
import { explainObstacle } from "../connection/obstacle-dialog.ts";
import type { Settings } from "../connection/settings.ts";
import { elementsById } from "../page/dom.ts";
import { formatQuantity } from "../page/format.ts";
import { readNote } from "../page/note-fields.ts";
import { StatusLine } from "../page/status-line.ts";
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
  readonly #parts = elementsById({
    edit: "dialog",
    editRows: "textarea",
    editAuthor: "input",
    editMessage: "input",
    editWrite: "button",
    editCancel: "button",
    editForm: "form",
    editTitle: "*",
    editOnly: "input",
  });
  readonly #status = new StatusLine("edit-status");
  readonly #events: EditEvents;
  #collection: Collection | undefined;
  #series: Series | undefined;
  #rows: ParsedRows | undefined;

  constructor(events: EditEvents) {
    this.#events = events;
    this.#parts.editRows.addEventListener("input", () => this.#validate());
    this.#parts.edit.addEventListener("change", () => this.#validate());
    this.#parts.editCancel.addEventListener("click", () => this.#parts.edit.close());
    this.#parts.editForm.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
  }

  /** Opens the dialog for a series, with its last rows as an example. */
  async open(settings: Settings, collection: Collection, series: Series): Promise<void> {
    if (await explainObstacle(settings, (field) => this.#events.connect(field))) return;
    this.#collection = collection;
    this.#series = series;
    this.#parts.editTitle.textContent = `Write to ${series.label}`;
    this.#parts.editRows.value = formatHeader(collection.schema.columns.map(({ name }) => name));
    this.#parts.editMessage.value = "";
    this.#validate();
    this.#parts.edit.showModal();
    const untouched = this.#parts.editRows.value;
    const frame: Frame = await series.tail(EXAMPLE_ROWS, { missing: "empty" });
    if (series !== this.#series || this.#parts.editRows.value !== untouched) return; // the user typed meanwhile
    this.#parts.editRows.value = formatHeader(frame.columns) + formatRows(frame);
    this.#validate();
  }

  /** Parses the rows, and shows what writing them would change. */
  #validate(): void {
    const schema = this.#collection?.schema;
    if (!schema) return;
    this.#rows = undefined;
    try {
      const parsed = parseRows(this.#parts.editRows.value, schema);
      const only = this.#onlyTheseRows;
      if (parsed.missingColumns.length > 0 && !only) {
        const missing = parsed.missingColumns.join(", ");
        throw new Error(`To write rows without ${missing}, select “Change these rows only”.`);
      }
      this.#rows = parsed;
      const key = schema.index[0]!.name;
      const [first, last] = [parsed.columns[key]![0], parsed.columns[key]!.at(-1)];
      this.#status.say(
        only || schema.kind === "kv"
          ? `${formatQuantity(parsed.rows, "row")} will be added, or replace rows of the same index; all others stay.`
          : `${formatQuantity(parsed.rows, "row")} will replace all rows from ${first} to ${last}.`,
      );
    } catch (error) {
      this.#status.say(error instanceof Error ? error.message : String(error), true);
    }
    this.#parts.editWrite.disabled = !this.#rows;
  }

  async #save(): Promise<void> {
    const [series, collection, rows] = [this.#series, this.#collection, this.#rows];
    if (!series || !collection || !rows) return;
    this.#parts.editWrite.disabled = true;
    this.#status.say("Writing…");
    const note = readNote({ author: this.#parts.editAuthor, message: this.#parts.editMessage });
    try {
      const before = (await collection.log({ limit: 1 }))[0]?.id;
      if (this.#onlyTheseRows) await series.update(rows.columns, { note });
      else await series.write(rows.columns, { note });
      const after = (await collection.log({ limit: 1 }))[0]?.id;
      this.#parts.edit.close();
      this.#events.written(
        after === before
          ? "These rows exist already: no revision was created."
          : `${formatQuantity(rows.rows, "row")} written.`,
      );
    } catch (error) {
      this.#status.fail(error);
      this.#parts.editWrite.disabled = false;
    }
  }

  /** Whether only the pasted rows change, and existing rows between them stay. */
  get #onlyTheseRows(): boolean {
    return this.#parts.editOnly.checked;
  }
}
