import type { Repo, Schema } from "lakota";
import { isInBrowser, type Settings } from "../connection/settings.ts";
import { byId, createElement } from "../page/dom.ts";
import { formatBytes, formatQuantity } from "../page/format.ts";
import { type Choices, NO_CHOICES } from "./choices.ts";
import { fileKind, labelOf } from "./file-kind.ts";
import { fileMessage, openQuestion } from "./file-message.ts";
import { fileOptions } from "./file-options.ts";
import { findPlaces, type Place, schemaOf } from "./place.ts";
import { type Preview, previewFile } from "./preview.ts";
import { previewHead, previewRows } from "./preview-table.ts";
import { writeFile } from "./write-file.ts";

/** A file was written: where, and what to say. */
export type OnWritten = (settings: Settings, collection: string, series: string, sentence: string) => void;

/** The dialog that shows how a file will be stored, and writes it as a series. */
export class FileDialog {
  readonly #dialog = byId("file", HTMLDialogElement);
  readonly #places = byId("file-place", HTMLSelectElement);
  readonly #collection = byId("file-collection", HTMLInputElement);
  readonly #series = byId("file-series", HTMLInputElement);
  readonly #sort = byId("file-sort", HTMLInputElement);
  readonly #status = byId("file-status", HTMLElement);
  readonly #progress = byId("file-progress", HTMLProgressElement);
  readonly #write = byId("file-write", HTMLButtonElement);
  readonly #onWritten: OnWritten;
  #file = new File([], "");
  #isCsv = false;
  #choices = NO_CHOICES;
  #found: readonly Place[] = [];
  /** The open repository, which the dialog does not close. */
  #openRepo: Repo | undefined;
  /** Of the collection, if it exists. */
  #schema: Schema | undefined;
  #isReady = false;
  /** Settles when nothing is being written, not even after it was cancelled. */
  #writing: Promise<unknown> = Promise.resolve();
  /** Cancels the preview, or the writing. */
  #request = new AbortController();

  constructor(onWritten: OnWritten) {
    this.#onWritten = onWritten;
    byId("file-cancel", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("close", () => this.#close());
    this.#places.addEventListener("change", () => this.#showPlace());
    this.#collection.addEventListener("change", () => void this.#preview());
    this.#sort.addEventListener("change", () => this.#choose({ ...this.#choices, sort: this.#sort.checked }));
    byId("file-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
  }

  /**
   * Opens the dialog for a file.
   *
   * @param settings of the repository that is open
   */
  async open(file: File, settings: Settings, repo: Repo | undefined): Promise<void> {
    this.#file = file;
    this.#choices = NO_CHOICES;
    this.#openRepo = repo;
    byId("file-title", HTMLElement).textContent = `Add ${file.name}`;
    this.#collection.value = labelOf(file.name);
    this.#series.value = labelOf(file.name);
    this.#clear();
    this.#say("Reading…");
    this.#dialog.showModal();
    this.#request = new AbortController();
    const { signal } = this.#request;
    try {
      this.#isCsv = (await fileKind(file)) === "csv";
      const places = await findPlaces(settings, repo);
      if (signal.aborted) return this.#closeRepos(places);
      this.#found = places;
      this.#places.replaceChildren(
        ...places.map(({ name }, i) =>
          createElement("option", { text: name, attributes: { value: String(i) } }),
        ),
      );
      byId("file-place-choice", HTMLElement).hidden = places.length < 2;
      this.#showPlace();
    } catch (error) {
      if (!signal.aborted) this.#say(fileMessage(error), true);
    }
  }

  get #place(): Place | undefined {
    return this.#found[this.#places.selectedIndex];
  }

  #showPlace(): void {
    const place = this.#place;
    if (!place) return;
    const note = byId("file-place-note", HTMLElement);
    note.textContent = isInBrowser(place.settings)
      ? "The series is kept in this browser, on this device. Clearing the site’s data deletes it."
      : "";
    note.hidden = !isInBrowser(place.settings);
    byId("file-collections", HTMLDataListElement).replaceChildren(
      ...place.collections.map((value) => createElement("option", { attributes: { value } })),
    );
    void this.#preview();
  }

  #choose(choices: Choices): void {
    this.#choices = choices;
    void this.#preview();
  }

  /** Shows the first rows as they would be stored, or why the file cannot be read. */
  async #preview(): Promise<void> {
    const place = this.#place;
    if (!place) return;
    this.#request.abort();
    this.#request = new AbortController();
    const { signal } = this.#request;
    this.#setReady(false);
    try {
      const schema = await schemaOf(place, this.#collection.value.trim());
      signal.throwIfAborted();
      this.#schema = schema;
      const preview = await previewFile(this.#file, this.#choices, schema, signal);
      if (!signal.aborted) this.#show(preview);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  #show(preview: Preview): void {
    const focused = document.activeElement?.getAttribute("aria-label");
    this.#showOptions(preview, undefined);
    const isFixed = this.#schema !== undefined;
    const change = (choices: Choices) => this.#choose(choices);
    byId("file-head", HTMLElement).replaceChildren(previewHead(preview, this.#choices, isFixed, change));
    byId("file-body", HTMLElement).replaceChildren(...previewRows(preview));
    byId("file-preview", HTMLElement).hidden = false;
    this.#refocus(focused);
    this.#setReady(true);
    const size = formatBytes(this.#file.size);
    this.#say(
      isFixed
        ? `${size}. The rows are added to the collection “${this.#collection.value.trim()}”, which sets the types. Rows that the series has in the range of the file are replaced; the history keeps them.`
        : `${size}. These are the first rows, as they will be stored. Times are UTC.`,
    );
  }

  #fail(error: unknown): void {
    const focused = document.activeElement?.getAttribute("aria-label");
    const question = openQuestion(error);
    if (isUnsorted(error) && !this.#choices.sort) {
      this.#sort.checked = true;
      this.#choose({ ...this.#choices, sort: true });
      return;
    }
    this.#showOptions(undefined, question);
    if (question) byId("file-preview", HTMLElement).hidden = true;
    this.#refocus(focused);
    this.#say(
      question
        ? `The rows do not tell the day from the month in “${question.column}”. Choose how December 31, 2026 would be written there.`
        : fileMessage(error),
      !question,
    );
  }

  #showOptions(preview: Preview | undefined, question: Parameters<typeof fileOptions>[2]): void {
    const options = fileOptions(this.#choices, preview, question, (choices) => this.#choose(choices));
    byId("file-options", HTMLElement).replaceChildren(...(this.#isCsv ? options : []));
  }

  /** What has just been changed is drawn again, and keeps the focus. */
  #refocus(label: string | null | undefined): void {
    if (!label || document.activeElement !== document.body) return;
    this.#dialog.querySelector<HTMLElement>(`[aria-label="${CSS.escape(label)}"]`)?.focus();
  }

  async #save(): Promise<void> {
    const place = this.#place;
    if (!place || !this.#isReady) return;
    this.#request.abort();
    this.#request = new AbortController();
    const { signal } = this.#request;
    const [collection, series] = [this.#collection.value.trim(), this.#series.value.trim()];
    this.#setReady(false);
    this.#progress.hidden = false;
    this.#progress.removeAttribute("value");
    this.#say("Writing…");
    try {
      const target = { repo: place.repo, collection, series, schema: this.#schema };
      const writing = writeFile(this.#file, this.#choices, target, {
        signal,
        onProgress: (share, rows) => {
          if (signal.aborted) return;
          this.#progress.value = share;
          if (rows > 0) this.#say(`Writing: ${formatQuantity(rows, "row")} so far`);
        },
      });
      this.#writing = writing.catch(() => undefined);
      const rows = await writing;
      if (signal.aborted) return;
      const { settings } = place;
      this.#dialog.close();
      this.#onWritten(settings, collection, series, `${formatQuantity(rows, "row")} written.`);
    } catch (error) {
      if (signal.aborted) return;
      this.#progress.hidden = true;
      this.#setReady(true);
      if (isUnsorted(error)) this.#fail(error);
      else this.#say(`Nothing was written. ${fileMessage(error)}`, true);
    }
  }

  #setReady(isReady: boolean): void {
    this.#isReady = isReady;
    this.#write.disabled = !isReady;
  }

  #clear(): void {
    this.#setReady(false);
    this.#sort.checked = false;
    this.#progress.hidden = true;
    byId("file-preview", HTMLElement).hidden = true;
    for (const id of ["file-options", "file-head", "file-body"]) byId(id, HTMLElement).replaceChildren();
    byId("file-place-choice", HTMLElement).hidden = true;
    byId("file-place-note", HTMLElement).hidden = true;
  }

  #close(): void {
    this.#request.abort();
    this.#closeRepos(this.#found);
    this.#found = [];
  }

  #closeRepos(places: readonly Place[]): void {
    const open = this.#openRepo;
    void this.#writing.then(() => {
      for (const { repo } of places) if (repo !== open) repo.close();
    });
  }

  #say(text: string, isError = false): void {
    this.#status.textContent = text;
    this.#status.classList.toggle("error", isError);
  }
}

const isUnsorted = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "unsorted";
